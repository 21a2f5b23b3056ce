import { SecretValue } from 'aws-cdk-lib';
import type { CfnListenerRule } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HEADERS, type HiddenUrl } from '../../lambda/contract';
import { listOf, requireKind } from '../kinds/kind';
import { reasonOf, STRING } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { firstRepeated, isKnown, requireCidr, requireSome, requireWhole } from '../private/validate';

export interface OpenShadowOptions {
  /** Why anybody may see an unfinished version; for reviewers, in the metadata of the front door's template. */
  readonly reason: string;
}

/**
 * Who reaches a slot by its hidden URL. Closed by default.
 *
 * @example
 * new Environment('Production', { env, shadowAccess: ShadowAccess.fromCidrs(['203.0.113.0/24']) });
 */
export abstract class ShadowAccess {
  /**
   * Whoever sends the slot's key in the header `x-path-to-live-key`. The key is made at deployment, one a colour, in Secrets
   * Manager; whoever may read the listener's rules (`elasticloadbalancing:DescribeRules`) can read it too.
   */
  static secretHeader(): ShadowAccess {
    return new SecretHeader();
  }

  /**
   * Callers from these networks, as the load balancer sees them: behind a proxy or a CDN that is the proxy's address.
   *
   * @param cidrs 1-4 blocks, IPv4 from /8 or IPv6 from /13 on (private IPv6 from /8): a rule holds five values, and one is the slot's. What is larger is
   * everybody, for which there is `ShadowAccess.open`
   */
  static fromCidrs(cidrs: string[]): ShadowAccess {
    return new FromCidrs(cidrs);
  }

  /** Anybody who knows the colour's name. */
  static open(options: OpenShadowOptions): ShadowAccess {
    return new Open(reasonOf('ShadowAccess.open', options));
  }

  /**
   * Whether the environment needs a key for each colour.
   *
   * @internal
   */
  readonly _needsKey: boolean = false;

  /**
   * Values a rule looks at besides the one that names the slot.
   *
   * @internal
   */
  abstract readonly _conditionValues: number;

  /**
   * Besides the one that names the slot.
   *
   * @internal
   */
  abstract _conditions(keySecret: string): CfnListenerRule.RuleConditionProperty[];

  /** @internal */
  abstract _describe(keySecret: string): Pick<HiddenUrl, 'secretHeaders' | 'access'>;

  /**
   * Why it is open; undefined when it is not.
   *
   * @internal
   */
  _optOut(): string | undefined {
    return undefined;
  }
}

class SecretHeader extends ShadowAccess {
  override readonly _needsKey = true;
  override readonly _conditionValues = 1;

  _conditions(keySecret: string): CfnListenerRule.RuleConditionProperty[] {
    return [secretHeaderCondition(HEADERS.key, keySecret)];
  }

  _describe(keySecret: string): Pick<HiddenUrl, 'secretHeaders' | 'access'> {
    return { secretHeaders: { [HEADERS.key]: keySecret }, access: 'whoever sends the key' };
  }
}

class FromCidrs extends ShadowAccess {
  override readonly _conditionValues: number;

  constructor(private readonly cidrs: readonly string[]) {
    super();
    const where = 'ShadowAccess.fromCidrs';
    requireKind(where, 'cidrs', cidrs, listOf(STRING));
    requireSome({ code: 'ShadowCidr', where, what: 'the list of networks' }, cidrs, 'name at least one, for example "203.0.113.0/24"');
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html: 5 condition values per rule
    requireWhole({ code: 'ShadowCidr', where, what: 'the number of networks' }, cidrs.length, 1, 4);
    for (const cidr of cidrs) {
      requireCidr({ code: 'ShadowCidr', where, what: 'a network' }, cidr);
      if (isKnown(cidr)) requireNotEverybody(where, cidr);
    }
    const repeated = firstRepeated(cidrs);
    if (repeated !== undefined) {
      throw new PathToLiveError('ShadowCidr', where, `the network ${JSON.stringify(repeated)} is listed twice; list it once`);
    }
    this._conditionValues = cidrs.length;
  }

  _conditions(): CfnListenerRule.RuleConditionProperty[] {
    return [{ field: 'source-ip', sourceIpConfig: { values: [...this.cidrs] } }];
  }

  _describe(): Pick<HiddenUrl, 'secretHeaders' | 'access'> {
    return { secretHeaders: {}, access: `callers from ${this.cidrs.join(', ')}` };
  }
}

/**
 * That a network is not that large that a few of it are everybody: the largest that one owner has, and no more. A rule takes four, so that together they
 * are not everybody either.
 *
 * @throws PathToLiveError
 */
function requireNotEverybody(where: string, cidr: string): void {
  const [address = '', prefix] = cidr.split('/');
  const shortest = shortestPrefix(address);
  if (Number(prefix) >= shortest) return;
  const problem = `the network ${JSON.stringify(cidr)} is (nearly) everybody: a prefix here must be /${shortest} or longer`;
  throw new PathToLiveError(
    'ShadowCidr',
    where,
    `${problem}; name the networks of those who test, or, if everybody is meant, say so with ShadowAccess.open({ reason })`,
  );
}

function shortestPrefix(address: string): number {
  const isPrivateIpv6 = /^f[cd]/i.test(address);
  // A regional internet registry hands out all of a region from a /12: https://www.iana.org/assignments/ipv6-unicast-address-assignments
  return address.includes(':') && !isPrivateIpv6 ? 13 : 8;
}

class Open extends ShadowAccess {
  override readonly _conditionValues = 0;

  constructor(private readonly reason: string) {
    super();
  }

  _conditions(): CfnListenerRule.RuleConditionProperty[] {
    return [];
  }

  _describe(): Pick<HiddenUrl, 'secretHeaders' | 'access'> {
    return { secretHeaders: {}, access: `anybody: ${this.reason}` };
  }

  override _optOut(): string {
    return this.reason;
  }
}

/**
 * A listener rule's condition on a header whose value CloudFormation reads from Secrets Manager, so that no template holds it.
 *
 * @internal
 */
export function secretHeaderCondition(header: string, secretName: string): CfnListenerRule.RuleConditionProperty {
  return { field: 'http-header', httpHeaderConfig: { httpHeaderName: header, values: [SecretValue.secretsManager(secretName).unsafeUnwrap()] } };
}
