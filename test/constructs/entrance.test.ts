import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { liveRulePriority } from '../../constructs/environments';
import {
  Colour,
  Entrance,
  Environment,
  type EnvironmentProps,
  EnvironmentTest,
  type ExistingListenerOptions,
  type ExistingVpcOptions,
  Firebreak,
  GoNoGo,
  HealthAlarm,
  HealthGate,
  LambdaWorkload,
  Network,
  type NewLoadBalancerOptions,
  PathToLive,
  ShadowAccess,
  type SlotContext,
  SlotNetwork,
  SlotStack,
  type WorkloadConfig,
  WorkloadSubnets,
} from '../../lib';
import { checked } from '../app/checked';
import { bundled } from '../bundles';
import { frontDoor } from './front-door-stack';
import { refusal } from './refusal';

const env = { account: '222222222222', region: 'eu-west-2' };
const certificateArn = 'arn:aws:acm:eu-west-2:222222222222:certificate/1';
const domainName = 'pay.example.com';
const listenerArn = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';
const currentlyServing = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/pay/73e2d6bc24d8a067';
const vpcId = 'vpc-0a1b2c3d4e5f60718';
const subnetIds = ['subnet-0a1b2c3d4e5f60718', 'subnet-1a1b2c3d4e5f60718'];
const inside = 'subnet-2a1b2c3d4e5f60718';
const groups = ['sg-0a1b2c3d4e5f60718', 'sg-1a1b2c3d4e5f60718'];
const alarmsOnly = [HealthGate.alarms([HealthAlarm.serverErrors()])];
const existing = (given: Partial<ExistingListenerOptions> = {}) =>
  Entrance.existingListener({ listenerArn, url: 'https://pay.example.com', vpcId, rulePriority: 200, hosts: ['pay.example.com'], currentlyServing, ...given });

const environment = (props: Partial<EnvironmentProps> = {}) => new Environment('Production', { env, ...props });
const stackOf = (entrance: Entrance, given: Partial<EnvironmentProps> = {}) => frontDoor({ entrance, ...given });
const templateOf = (...given: Parameters<typeof stackOf>) => Template.fromStack(stackOf(...given));
const made = (options: NewLoadBalancerOptions) => templateOf(Entrance.newLoadBalancer(options));
const counts = (template: Template) => {
  const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
  return Object.fromEntries([...new Set(types)].map((type) => [type, types.filter((other) => other === type).length]));
};
const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** Asks for the network. */
class Addressed extends LambdaWorkload {
  constructor() {
    super({ code: Code.fromInline('exports.handler = () => 1'), handler: 'index.handler' });
  }
  override bind(scope: Parameters<LambdaWorkload['bind']>[0], context: SlotContext): WorkloadConfig {
    SlotNetwork.of(scope);
    return super.bind(scope, context);
  }
}

/** What the front door offers, by the last part of the parameter's name. */
function offered(template: Template): Record<string, string> {
  const parameters = Object.values(template.findResources('AWS::SSM::Parameter')).map(({ Properties }) => [
    Properties.Name.split('/').at(-1),
    Properties.Value,
  ]);
  return Object.fromEntries(parameters.filter(([name]) => /subnet|public|security/.test(name)));
}

function slot(entrance: Entrance, props: Partial<EnvironmentProps> = {}, workload: LambdaWorkload = lambda(), colour = Colour.blue()): Template {
  return Template.fromStack(
    new SlotStack(new App({ analyticsReporting: false }), 'Slot', { path: 'Payments', environment: environment({ entrance, ...props }), colour, workload }),
  );
}

const lambda = () => new LambdaWorkload({ code: Code.fromInline('exports.handler = () => 1'), handler: 'index.handler' });
const conditionsOf = (template: Template) => Object.values(template.findResources(RULE)).map(({ Properties }) => Properties.Conditions);

beforeAll(bundled);

describe('a new load balancer in a VPC of its own', () => {
  test('has two public subnets of a quarter of its block each, no gateway that costs, and a flow log', () => {
    const template = made({ network: Network.newVpc({ cidr: '10.7.0.0/20' }) });
    expect(Object.values(template.findResources('AWS::EC2::Subnet')).map(({ Properties }) => Properties.CidrBlock)).toEqual(['10.7.0.0/22', '10.7.4.0/22']);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::FlowLog', 1);
  });

  test('lets in the networks it is told to and nobody else, on the ports that listen', () => {
    const entrance = Entrance.newLoadBalancer({ certificateArns: [certificateArn], domainName, ingressCidrs: ['203.0.113.0/24', '2001:db8::/32'] });
    const template = templateOf(entrance, { healthGates: alarmsOnly });
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroup'))[0]?.Properties.SecurityGroupIngress;
    expect(rules.map((rule: { CidrIp?: string; CidrIpv6?: string; FromPort: number }) => `${rule.CidrIp ?? rule.CidrIpv6} ${rule.FromPort}`)).toEqual([
      '203.0.113.0/24 80',
      '203.0.113.0/24 443',
      '2001:db8::/32 80',
      '2001:db8::/32 443',
    ]);
  });
});

describe('a new load balancer that uses what a team has', () => {
  const everything = Entrance.newLoadBalancer({
    network: Network.existingVpc({ vpcId, subnetIds, workloads: WorkloadSubnets.behindNat([inside]), cidr: '10.20.0.0/16' }),
    securityGroupIds: groups,
    certificateArns: [certificateArn, `${certificateArn}2`],
    domainName,
    hostedZone: { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'example.com' },
    webAclArn: 'arn:aws:wafv2:eu-west-2:222222222222:regional/webacl/shop/1',
    accessLogs: { bucketName: 'shop-access-logs', prefix: 'payments' },
  });
  let template: Template;

  beforeAll(() => {
    template = templateOf(everything);
  });

  test('makes no network, no security group and no bucket, and looks nothing up', () => {
    const stack = stackOf(everything);
    expect(Object.keys(counts(Template.fromStack(stack))).filter((type) => /^AWS::(EC2|S3)::/.test(type))).toEqual([]);
    expect((stack.node.root as App).synth().manifest.missing).toBeUndefined();
  });

  test('stands in the team’s subnets, behind its groups, and logs to its bucket', () => {
    template.hasResourceProperties(LOAD_BALANCER, {
      Subnets: subnetIds,
      SecurityGroups: groups,
      LoadBalancerAttributes: Match.arrayWith([
        { Key: 'access_logs.s3.bucket', Value: 'shop-access-logs' },
        { Key: 'access_logs.s3.prefix', Value: 'payments' },
      ]),
    });
  });

  test('has the team’s certificates, web ACL, and records for the service and for its hidden URLs', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Certificates: [{ CertificateArn: certificateArn }] });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerCertificate', { Certificates: [{ CertificateArn: `${certificateArn}2` }] });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: 'arn:aws:wafv2:eu-west-2:222222222222:regional/webacl/shop/1' });
    const names = Object.values(template.findResources('AWS::Route53::RecordSet')).map(({ Properties }) => `${Properties.HostedZoneId} ${Properties.Name}`);
    expect(names).toEqual(['Z0123456789ABCDEFGHIJ pay.example.com.', 'Z0123456789ABCDEFGHIJ *.pay.example.com.']);
  });

  test('offers workloads with addresses the team’s subnets and security group', () => {
    expect(offered(template)).toEqual({ 'subnet-ids': inside, 'public-addresses': 'DISABLED', 'load-balancer-security-group-id': groups[0] });
    expect(offered(made({ network: Network.existingVpc({ vpcId, subnetIds }) }))).toMatchObject({
      'subnet-ids': subnetIds.join(),
      'public-addresses': 'ENABLED',
    });
  });

  test('makes a group of its own where none is given, that opens connections to the VPC only', () => {
    const group = (cidr?: string) => made({ network: Network.existingVpc({ vpcId, subnetIds, cidr }) }).findResources('AWS::EC2::SecurityGroup');
    const [inside, anywhere] = [group('10.20.0.0/16'), group()].map((found) => Object.values(found)[0]?.Properties);
    expect([inside.VpcId, inside.SecurityGroupEgress[0].CidrIp, anywhere.SecurityGroupEgress[0].CidrIp]).toEqual([vpcId, '10.20.0.0/16', '0.0.0.0/0']);
  });
});

describe('an internal load balancer', () => {
  const network = Network.existingVpc({ vpcId, subnetIds });
  const probe = { subnetIds: [inside], securityGroupIds: ['sg-2a1b2c3d4e5f60718'] };

  test('faces private networks only', () => {
    const template = templateOf(Entrance.newInternalLoadBalancer({ network }), { healthGates: alarmsOnly });
    template.hasResourceProperties(LOAD_BALANCER, { Scheme: 'internal' });
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroup'))[0]?.Properties.SecurityGroupIngress;
    expect(rules.map(({ CidrIp }: { CidrIp: string }) => CidrIp)).toEqual(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']);
  });

  test('is tested from inside, by a probe that may stand there', () => {
    const template = templateOf(Entrance.newInternalLoadBalancer({ network, probe }), { tests: [EnvironmentTest.http('/health')] });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'Payments-Production-probe',
      VpcConfig: { SubnetIds: probe.subnetIds, SecurityGroupIds: probe.securityGroupIds },
    });
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).toContain('ec2:CreateNetworkInterface');
  });
});

describe('tests that would not reach it', () => {
  const tests = [EnvironmentTest.http('/health')];

  test.each<[string, Entrance, RegExp]>([
    [
      'from outside the networks',
      Entrance.newLoadBalancer({ ingressCidrs: ['203.0.113.0/24'] }),
      /ingressCidrs is \["203.0.113.0\/24"\].*EnvironmentTest.lambda/,
    ],
    ['from outside', Entrance.newInternalLoadBalancer({ network: Network.existingVpc({ vpcId, subnetIds }) }), /internal.*\{ probe: … \}/],
    [
      'on paths of another application',
      existing({ pathPatterns: ['/pay', '/pay/*'] }),
      /asks for "\/health", which is none of its pathPatterns, \["\/pay","\/pay\/\*"\]/,
    ],
  ])('%s are refused, also of gates', (_, entrance, message) => {
    expect(() => stackOf(entrance, { tests })).toThrow(message);
    expect(() => stackOf(entrance, { healthGates: [HealthGate.http('/health')] })).toThrow(/path-to-live:TestsShutOut/);
    expect(() => stackOf(entrance, { healthGates: alarmsOnly })).not.toThrow();
  });

  test('are taken on the service’s own paths, whatever they ask with', () => {
    const given = { tests: [EnvironmentTest.http('/pay/health?deep=1'), EnvironmentTest.http('/pay')] };
    expect(() => stackOf(existing({ pathPatterns: ['/pay', '/pay/*'] }), given)).not.toThrow();
  });
});

describe('a listener that is there already', () => {
  test('gets the live rule, and nothing else is made of what the team has', () => {
    const template = templateOf(existing());
    const types = Object.keys(counts(template));
    expect(types.filter((type) => /^AWS::(EC2|ElasticLoadBalancingV2|S3|Route53|WAFv2)::/.test(type))).toEqual([]);
    template.hasResourceProperties('Custom::LiveRule', {
      ListenerArn: listenerArn,
      Priority: '210',
      Hosts: ['pay.example.com'],
      CurrentlyServing: currentlyServing,
    });
  });

  test('is looked up nowhere: its load balancer is read off its ARN', () => {
    const stack = stackOf(existing());
    expect((stack.node.root as App).synth().manifest.missing).toBeUndefined();
    const parameters = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties);
    const value = (name: string) => parameters.find(({ Name }) => Name.endsWith(`/${name}`))?.Value;
    expect([value('listener-arn'), value('vpc-id'), value('load-balancer-full-name')]).toEqual([listenerArn, vpcId, 'app/shop/50dc6c495c0c9188']);
    expect(JSON.stringify(value('front-door'))).toContain(':elasticloadbalancing:eu-west-2:222222222222:loadbalancer/app/shop/50dc6c495c0c9188');
  });

  test('offers a network to workloads with addresses where it is told of one, and says so where it is not', () => {
    const network = { workloads: WorkloadSubnets.withPublicAddresses(subnetIds), loadBalancerSecurityGroupId: groups[0] as string };
    const told = existing({ network });
    expect(offered(templateOf(told))).toMatchObject({ 'subnet-ids': subnetIds.join(), 'public-addresses': 'ENABLED' });
    expect(offered(templateOf(existing()))).toEqual({});
    const parameters = (entrance: Entrance) => JSON.stringify(templateOf(entrance).findResources('AWS::IAM::Policy')).includes('/subnet-ids');
    expect([parameters(told), parameters(existing())]).toEqual([true, false]);
    expect(() => slot(told, {}, new Addressed())).not.toThrow();
    expect(() => slot(existing(), {}, new Addressed())).toThrow(
      /needs addresses in a network, and the entrance of "Production" says nothing of one; give Entrance/,
    );
  });
});

describe('the rules of a slot on a listener with other applications', () => {
  const [bySlot, byKey] = [/x-path-to-live-slot/, /x-path-to-live-key/];
  const fields = (template: Template) => conditionsOf(template).map((conditions: { Field: string }[]) => conditions.map(({ Field }) => Field).sort());

  test('take no request that the live rule does not take', () => {
    const template = slot(existing({ pathPatterns: ['/pay', '/pay/*'] }));
    for (const conditions of conditionsOf(template)) {
      expect(conditions).toEqual(
        expect.arrayContaining([
          { Field: 'host-header', HostHeaderConfig: { Values: ['pay.example.com'] } },
          { Field: 'path-pattern', PathPatternConfig: { Values: ['/pay', '/pay/*'] } },
        ]),
      );
      expect(JSON.stringify(conditions)).toMatch(bySlot);
    }
  });

  test('have hosts of their own below the service’s domain, and the tests still its hosts', () => {
    expect(fields(slot(existing({ domainName })))).toEqual([
      ['host-header', 'http-header', 'http-header'],
      ['host-header', 'http-header'],
    ]);
    expect(JSON.stringify(conditionsOf(slot(existing({ domainName })))[1])).toMatch(byKey);
  });

  test('come before the live rule, in the eleven priorities of the environment', () => {
    const colours = ['amber', 'blue', 'cyan', 'green', 'pink'].map((name) => Colour.named(name));
    const template = slot(existing(), { colours }, lambda(), colours[4]);
    expect(Object.values(template.findResources(RULE)).map(({ Properties }) => Properties.Priority)).toEqual([208, 209]);
    expect(liveRulePriority(environment({ entrance: existing(), colours }))).toBe(210);
  });

  test.each<[string, Partial<ExistingListenerOptions>, ShadowAccess, RegExp]>([
    [
      'too many hosts',
      { hosts: ['a.example.com', 'b.example.com', 'pay.example.com', 'd.example.com'] },
      ShadowAccess.secretHeader(),
      /the rule of the tests would look at 6 values: 4 hosts/,
    ],
    [
      'hosts and networks',
      { hosts: ['pay.example.com'] },
      ShadowAccess.fromCidrs(['192.0.2.0/26', '192.0.2.64/26', '192.0.2.128/26', '192.0.2.192/26']),
      /the rule of a hidden URL would look at 6 values/,
    ],
  ])('refuse %s', (_, options, shadowAccess, message) => {
    const { code, message: said } = refusal(() => environment({ entrance: existing(options), shadowAccess }));
    expect([code, said]).toEqual(['RuleConditions', expect.stringMatching(message)]);
  });

  test('need a key where they could take requests of others', () => {
    const [all, some] = [existing({ hosts: undefined }), existing()];
    const [shadowAccess, closed] = [ShadowAccess.fromCidrs(['192.0.2.0/24']), ShadowAccess.secretHeader()];
    expect(refusal(() => environment({ entrance: all, shadowAccess })).code).toBe('HiddenUrlsOfOthers');
    for (const fine of [
      { entrance: some, shadowAccess },
      { entrance: all, shadowAccess: closed },
    ])
      expect(() => environment(fine)).not.toThrow();
  });
});

describe('two paths to live on one listener', () => {
  const reason = 'nobody is asked in this test';
  const none = { firebreak: Firebreak.none({ reason }), goNoGo: GoNoGo.none({ reason }) };
  function both(priority: number): App {
    const app = new App({ analyticsReporting: false });
    for (const [id, entrance] of Object.entries({
      Payments: existing(),
      Orders: existing({ rulePriority: priority, hosts: ['orders.example.com'], url: 'https://orders.example.com', currentlyServing: undefined }),
    })) {
      new PathToLive(app, id, { hub: env, workload: lambda(), environments: [new Environment('Production', { env, ...none, entrance })] });
    }
    return app;
  }

  test.each([
    [200, /rule priority 210 is taken on the same listener by Payments\/Production\/TrafficSwitch; give one of them another priority: rulePriority/],
    [202, /rule priority 202 is taken on the same listener by Payments\/Release/],
    [208, /rule priority 210 is taken/],
  ])('clash at %d', (priority, message) => {
    expect(() => both(priority)).toThrow(message);
  });

  test('stand side by side at 211, each with its own keys and hosts', () => {
    const stacks = both(211).synth().stacksRecursively;
    const rules = stacks.filter(({ stackName }) => /-(Blue|Green)$/.test(stackName)).map(({ template }) => JSON.stringify(template));
    for (const template of rules) {
      const own = template.includes('Orders') ? 'orders.example.com' : 'pay.example.com';
      expect(template.match(/"HostHeaderConfig":\{"Values":\["([^"]+)"\]\}/g)).toEqual(Array(2).fill(`"HostHeaderConfig":{"Values":["${own}"]}`));
    }
    expect(rules).toHaveLength(4);
  });
});

test('cdk-nag has nothing to object to, and every acknowledgement is needed', () => {
  const app = new App({ analyticsReporting: false });
  frontDoor({ entrance: existing() }, {}, app);
  const { open, unused } = checked(app);
  expect([open, unused]).toEqual([[], []]);
}, 60_000);

describe('is refused', () => {
  const vpc = (given: Partial<ExistingVpcOptions>) => () => Network.existingVpc({ vpcId, subnetIds, ...given });
  test.each<[string, () => unknown, RegExp]>([
    ['VpcId', vpc({ vpcId: 'shop' }), /a VPC is "shop"; it must be an id, for example "vpc-0a1b2c3d4e5f60718": nothing is looked up/],
    ['SubnetIds', vpc({ subnetIds: [subnetIds[0] as string] }), /the number of subnets the load balancer stands in is 1/],
    ['SubnetIds', vpc({ subnetIds: [subnetIds[0], subnetIds[0]] as string[] }), /listed twice/],
    ['SubnetIds', () => WorkloadSubnets.behindNat([]), /the list of subnets is empty/],
    ['SubnetIds', () => WorkloadSubnets.withPublicAddresses(['inside']), /a subnet is "inside"/],
    ['VpcCidr', vpc({ cidr: '10.20.0.0' }), /IPv4 or IPv6 block/],
    ['VpcCidr', () => Network.newVpc({ cidr: '10.0.0.0/15' }), /from \/16 to \/24/],
    ['VpcCidr', () => Network.newVpc({ cidr: '10.0.0.0/25' }), /from \/16 to \/24/],
    ['VpcCidr', () => Network.newVpc({ cidr: '10.0.0.256/16' }), /block/],
    ['DomainName', () => Entrance.newLoadBalancer({ domainName: 'Pay.example.com' }), /lower case/],
    ['DomainName', () => Entrance.newLoadBalancer({ domainName: '*.example.com' }), /a host name/],
    ['DomainName', () => Entrance.newLoadBalancer({ domainName: `${'a'.repeat(60)}.${'b'.repeat(54)}.uk` }), /at most 117/],
    ['CertificateArn', () => Entrance.newLoadBalancer({ domainName, certificateArns: [] }), /leave it out for plain HTTP/],
    ['CertificateWithoutDomain', () => Entrance.newLoadBalancer({ certificateArns: [certificateArn] }), /certificateArns and no domainName/],
    ['HostedZone', () => Entrance.newLoadBalancer({ domainName, hostedZone: { hostedZoneId: 'Z1', zoneName: 'ample.com' } }), /must be in the zone/],
    ['HostedZone', () => Entrance.newLoadBalancer({ hostedZone: { hostedZoneId: 'Z1', zoneName: 'example.com' } }), /domainName is undefined/],
    ['WebAclArn', () => Entrance.newLoadBalancer({ webAclArn: 'arn:aws:wafv2:us-east-1:222222222222:global/webacl/shop/1' }), /a regional web ACL/],
    ['IngressCidrs', () => Entrance.newLoadBalancer({ ingressCidrs: [] }), /ingressCidrs is empty/],
    ['IngressCidrs', () => Entrance.newLoadBalancer({ ingressCidrs: ['everybody'] }), /block/],
    ['IngressCidrs', () => Entrance.newLoadBalancer({ ingressCidrs: ['203.0.113.0/24'], securityGroupIds: groups }), /groups of yours are not changed/],
    ['SecurityGroupIds', () => Entrance.newLoadBalancer({ securityGroupIds: [] }), /leave it out to have one made/],
    ['SecurityGroupIds', () => Entrance.newLoadBalancer({ securityGroupIds: ['web'] }), /a security group is "web"/],
    ['ProbePlace', () => existing({ probe: { subnetIds: [], securityGroupIds: groups } }), /probe.subnetIds is empty/],
    ['RulePriority', () => existing({ rulePriority: 0 }), /rulePriority is 0; it must be a whole number from 1 to 49990/],
    ['RulePriority', () => existing({ rulePriority: 49_991 }), /to 49990/],
    ['EntranceUrl', () => existing({ url: 'pay.example.com' }), /without a path/],
    ['EntranceUrl', () => existing({ url: 'https://pay.example.com/' }), /without a path/],
    ['EntranceUrl', () => existing({ url: 'https://shop.example.com' }), /its host is none of hosts, \["pay.example.com"\]/],
    ['EntranceList', () => existing({ hosts: [] }), /hosts is empty/],
    ['EntranceList', () => existing({ pathPatterns: [] }), /pathPatterns is empty/],
  ])('%s %#', (code, act, message) => {
    const error = refusal(act);
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  });

  test.each<[string, Entrance, RegExp]>([
    [
      'CertificateArn',
      Entrance.newLoadBalancer({ domainName, certificateArns: [certificateArn.replace('eu-west-2', 'us-east-1')] }),
      /Environment "Production".*certificate in eu-west-2/,
    ],
    ['ListenerArn', existing({ listenerArn: listenerArn.replace('222222222222', '333333333333') }), /Application Load Balancer in 222222222222\/eu-west-2/],
    ['ListenerArn', existing({ listenerArn: listenerArn.replace('app/', 'net/') }), /of an Application Load Balancer/],
    ['CurrentlyServing', existing({ currentlyServing: currentlyServing.replace('eu-west-2', 'eu-west-1') }), /the target group in 222222222222\/eu-west-2/],
  ])('%s in another place or of another kind', (code, entrance, message) => {
    const error = refusal(() => environment({ entrance }));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  });

  test.each([
    ['1', 1],
    ['49,990', 49_990],
  ])('not the rule priority %s', (_, rulePriority) => {
    expect(liveRulePriority(environment({ entrance: existing({ rulePriority }) }))).toBe(rulePriority + 10);
  });

  test.each(['*.example.com', 'PAY.example.com', 'pa?.example.com'])('not the host %j for a URL it takes', (host) => {
    expect(() => existing({ hosts: [host] })).not.toThrow();
  });
});
