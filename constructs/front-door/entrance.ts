import type { RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { requireFurtherRules } from '../blue-green/live-rules';
import { requireKind } from '../kinds/kind';
import { PathToLiveError } from '../private/errors';
import { requireCidr, requireLiteral, requireMatch, requirePathPatterns, requireSome, requireWhole } from '../private/validate';
import { matches } from '../private/wildcards';
import type { EntranceConfig, RulePlace } from './entrance-config';
import {
  EXISTING_LISTENER_OPTIONS,
  type ExistingListenerOptions,
  NEW_INTERNAL_LOAD_BALANCER_OPTIONS,
  NEW_LOAD_BALANCER_OPTIONS,
  type NewInternalLoadBalancerOptions,
  type NewLoadBalancerOptions,
} from './entrance-options';
import { type AccountAndRegion, requireBeside, requireCertificate, requireDomainName, requireIds, requireListener, requireTargetGroup } from './entrance-rules';
import { foundListener } from './found-listener';
import { MadeLoadBalancer } from './made-load-balancer';
import { Network } from './network';
import { type ProbePlace, requireProbePlace } from './probe-place';

/** Where the rules of a listener begin that has none but ours. */
const FIRST_PRIORITY = 100;
const EVERYBODY = '0.0.0.0/0';
const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/**
 * Where the requests of an environment come in: a load balancer that is made for it, or a listener you have.
 *
 * @example
 * new Environment('Production', {
 *   env,
 *   entrance: Entrance.existingListener({
 *     listenerArn: 'arn:aws:elasticloadbalancing:eu-west-2:333333333333:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2',
 *     url: 'https://pay.example.com',
 *     vpcId: 'vpc-0a1b2c3d4e5f60718',
 *     hosts: ['pay.example.com'],
 *     rulePriority: 200,
 *     currentlyServing: 'arn:aws:elasticloadbalancing:eu-west-2:333333333333:targetgroup/pay/73e2d6bc24d8a067',
 *   }),
 * });
 */
export abstract class Entrance {
  /** A load balancer of the environment's own that faces the internet. Network, certificates, security groups, web ACL and log bucket can be yours. */
  static newLoadBalancer(options: NewLoadBalancerOptions = {}): Entrance {
    const where = 'Entrance.newLoadBalancer';
    requireKind(where, 'options', options, NEW_LOAD_BALANCER_OPTIONS);
    return new NewLoadBalancer(where, options, true);
  }

  /** A load balancer of the environment's own that only private networks reach. */
  static newInternalLoadBalancer(options: NewInternalLoadBalancerOptions): Entrance {
    const where = 'Entrance.newInternalLoadBalancer';
    requireKind(where, 'options', options, NEW_INTERNAL_LOAD_BALANCER_OPTIONS);
    return new NewLoadBalancer(where, { ingressCidrs: PRIVATE_NETWORKS, ...options }, false);
  }

  /**
   * A listener you have, with whatever rules others have on it: it gets one rule that decides which version users get, and two a slot, all of
   * them for this service's requests only. Certificates, security groups, web ACL and DNS stay yours and as they are.
   */
  static existingListener(options: ExistingListenerOptions): Entrance {
    requireKind('Entrance.existingListener', 'options', options, EXISTING_LISTENER_OPTIONS);
    return new ExistingListener(options);
  }

  /** @internal */
  abstract readonly _place: RulePlace;

  /**
   * Where the environment's own tests come from; undefined: the internet.
   *
   * @internal
   */
  abstract readonly _probe: ProbePlace | undefined;

  /**
   * Why the environment's own HTTP tests could not reach it; undefined when they can.
   *
   * @internal
   */
  abstract _shutsTestsOut(): string | undefined;

  /**
   * That everything it names can be used in that account and region.
   *
   * @internal
   * @throws PathToLiveError
   */
  abstract _require(where: string, place: AccountAndRegion): void;

  /**
   * @param scope the front door
   * @param removalPolicy of what it makes
   * @internal
   */
  abstract _bind(scope: Construct, removalPolicy: RemovalPolicy): EntranceConfig;
}

class NewLoadBalancer extends Entrance {
  readonly _place: RulePlace;
  readonly _probe: ProbePlace | undefined;
  private readonly network: Network;

  constructor(
    where: string,
    private readonly options: NewLoadBalancerOptions,
    private readonly internetFacing: boolean,
  ) {
    super();
    const { network = Network.newVpc(), certificateArns, domainName, securityGroupIds, probe } = options;
    this.network = network;
    this._probe = probe;
    this._place = {
      priority: FIRST_PRIORITY,
      hosts: [],
      pathPatterns: [],
      domainName,
      scheme: certificateArns === undefined ? 'http' : 'https',
      listenerArn: undefined,
      currentlyServing: undefined,
      furtherRules: [],
      offersNetwork: true,
    };
    this.requireNames(where);
    this.requireNetworks(where);
    if (securityGroupIds !== undefined) {
      requireSome({ code: 'SecurityGroupIds', where, what: 'securityGroupIds' }, securityGroupIds, 'leave it out to have one made');
      requireIds(where, 'sg', securityGroupIds, 'an id in securityGroupIds');
    }
    if (probe !== undefined) requireProbePlace(where, probe);
  }

  private requireNames(where: string): void {
    const { certificateArns, domainName, hostedZone, webAclArn } = this.options;
    if (domainName !== undefined) requireDomainName(where, domainName);
    if (certificateArns !== undefined) {
      requireSome({ code: 'CertificateArn', where, what: 'certificateArns' }, certificateArns, 'leave it out for plain HTTP');
      if (domainName === undefined) {
        throw new PathToLiveError(
          'CertificateWithoutDomain',
          where,
          'there are certificateArns and no domainName, so nobody would reach it by a name on a certificate; say which one it is: { domainName: "pay.example.com" }',
        );
      }
    }
    if (hostedZone !== undefined && !`.${domainName}`.endsWith(`.${hostedZone.zoneName}`)) {
      const named = `domainName is ${JSON.stringify(domainName)} and hostedZone.zoneName ${JSON.stringify(hostedZone.zoneName)}`;
      throw new PathToLiveError('HostedZone', where, `${named}; the domain must be in the zone, for example "pay.example.com" in "example.com"`);
    }
    if (webAclArn !== undefined) {
      const pattern = /^arn:[a-z0-9-]+:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/.+$/;
      requireMatch(
        { code: 'WebAclArn', where, what: 'webAclArn' },
        webAclArn,
        pattern,
        'the ARN of a regional web ACL, arn:aws:wafv2:<region>:<account>:regional/webacl/…',
      );
    }
  }

  private requireNetworks(where: string): void {
    const { ingressCidrs, securityGroupIds } = this.options;
    if (ingressCidrs === undefined) return;
    if (securityGroupIds !== undefined && ingressCidrs !== PRIVATE_NETWORKS) {
      throw new PathToLiveError(
        'IngressCidrs',
        where,
        'there are both ingressCidrs and securityGroupIds, and groups of yours are not changed; leave one of the two out',
      );
    }
    requireSome({ code: 'IngressCidrs', where, what: 'ingressCidrs' }, ingressCidrs, 'leave it out for the default, or name the networks that may come in');
    for (const cidr of ingressCidrs) requireCidr({ code: 'IngressCidrs', where, what: 'a network in ingressCidrs' }, cidr);
  }

  override _shutsTestsOut(): string | undefined {
    const { ingressCidrs = [EVERYBODY], securityGroupIds } = this.options;
    if (this._probe !== undefined) return undefined;
    if (!this.internetFacing)
      return 'its load balancer is internal, and its HTTP tests and gates come from the internet; say where from inside they can: { probe: … }';
    if (securityGroupIds !== undefined || ingressCidrs.includes(EVERYBODY)) return undefined;
    return (
      `ingressCidrs is ${JSON.stringify(ingressCidrs)}, and its HTTP tests and gates come from addresses of AWS Lambda, which nobody knows beforehand; ` +
      'leave ingressCidrs out, say where from inside they can come: { probe: … }, or test with EnvironmentTest.lambda and watch with HealthGate.alarms'
    );
  }

  override _require(where: string, place: AccountAndRegion): void {
    for (const certificate of this.options.certificateArns ?? []) requireCertificate(where, certificate, place);
  }

  override _bind(scope: Construct, removalPolicy: RemovalPolicy): EntranceConfig {
    const { ingressCidrs = [EVERYBODY], ...options } = this.options;
    const network = this.network._bind(scope, this.internetFacing);
    const made = new MadeLoadBalancer(scope, 'Entrance', { ...options, ingressCidrs, network, internetFacing: this.internetFacing, removalPolicy });
    return {
      loadBalancerArn: made.loadBalancer.loadBalancerArn,
      loadBalancerFullName: made.loadBalancer.loadBalancerFullName,
      listenerArn: made.listener.listenerArn,
      url: made.url,
      vpcId: network.vpc.vpcId,
      offered: network.workloads._bind(made.securityGroupIds[0] as string),
    };
  }
}

class ExistingListener extends Entrance {
  readonly _place: RulePlace;
  readonly _probe: ProbePlace | undefined;

  constructor(private readonly options: ExistingListenerOptions) {
    super();
    const where = 'Entrance.existingListener';
    const { url, vpcId, rulePriority: priority, hosts, pathPatterns, domainName, network, probe } = options;
    requireMatch(
      { code: 'EntranceUrl', where, what: 'url' },
      url,
      /^https?:\/\/[^/?#\s]+$/,
      'where users reach the service, without a path, for example "https://pay.example.com"',
    );
    requireIds(where, 'vpc', [vpcId]);
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html: 1-50000; the live rule is ten higher
    const place = { code: 'RulePriority', where, what: 'rulePriority' };
    requireLiteral(place, priority);
    requireWhole(place, priority, 1, 49_990);
    for (const [what, values] of Object.entries({ hosts, pathPatterns })) {
      if (values !== undefined) requireSome({ code: 'EntranceList', where, what }, values, 'leave it out for the default');
    }
    requirePathPatterns('EntranceList', where, pathPatterns ?? []);
    if (network !== undefined) requireIds(where, 'sg', [network.loadBalancerSecurityGroupId], 'network.loadBalancerSecurityGroupId');
    if (domainName !== undefined) requireDomainName(where, domainName);
    if (probe !== undefined) requireProbePlace(where, probe);
    this.requireUrlWithin(where);
    if (options.furtherRules !== undefined) requireFurtherRules(where, options.furtherRules, options);
    requireBeside(where, options);
    this._probe = probe;
    this._place = {
      priority,
      hosts: hosts ?? [],
      pathPatterns: pathPatterns ?? [],
      domainName,
      scheme: url.startsWith('http:') ? 'http' : 'https',
      listenerArn: options.listenerArn,
      currentlyServing: options.currentlyServing,
      furtherRules: options.furtherRules ?? [],
      offersNetwork: network !== undefined,
    };
  }

  /** Tests ask by the URL, and would otherwise be answered by whoever serves other hosts. */
  private requireUrlWithin(where: string): void {
    const { url, hosts } = this.options;
    const host = url
      .replace(/^https?:\/\//, '')
      .replace(/:\d+$/, '')
      .toLowerCase();
    if (hosts === undefined || hosts.some((pattern) => matches(pattern.toLowerCase(), host))) return;
    throw new PathToLiveError(
      'EntranceUrl',
      where,
      `url is ${JSON.stringify(url)}, but its host is none of hosts, ${JSON.stringify(hosts)}: the live rule would not take it; name a URL that users of this service use`,
    );
  }

  override _shutsTestsOut(): undefined {
    return undefined;
  }

  override _require(where: string, place: AccountAndRegion): void {
    const further = this._place.furtherRules.map((rule) => ({ ...rule, of: ` of the rule ${JSON.stringify(rule.name)}` }));
    for (const { listenerArn, currentlyServing, of } of [{ ...this.options, of: '' }, ...further]) {
      if (listenerArn !== undefined) requireListener(where, listenerArn, place, of);
      if (currentlyServing !== undefined) requireTargetGroup(where, currentlyServing, place, of);
    }
  }

  override _bind(scope: Construct): EntranceConfig {
    const { listenerArn, url, vpcId, network } = this.options;
    return { ...foundListener(scope, listenerArn), listenerArn, url, vpcId, offered: network?.workloads._bind(network.loadBalancerSecurityGroupId) };
  }
}
