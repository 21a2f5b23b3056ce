import type { Action, ElasticLoadBalancingV2Client, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { awsProblem, type Identity } from '../hub/aws';
import { UserError } from '../user-error';
import type { FoundRule } from './found-rule';

/** As many rules as one call tells the tags of, https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html. */
const MOST_TAGGED = 20;

const NEEDED = ['DescribeLoadBalancers', 'DescribeListeners', 'DescribeRules', 'DescribeTags', 'DescribeTargetHealth', 'ModifyRule'].map(
  (name) => `elasticloadbalancing:${name}`,
);

/** Elastic Load Balancing with the caller's own credentials: all there is to go by where the hub is lost. */
export class LoadBalancing {
  private constructor(
    private readonly sdk: typeof import('@aws-sdk/client-elastic-load-balancing-v2'),
    private readonly client: ElasticLoadBalancingV2Client,
  ) {}

  /** Loaded when it is asked for, so that no other command waits for it. */
  static async in(region: string, identity: Identity): Promise<LoadBalancing> {
    const sdk = await import('@aws-sdk/client-elastic-load-balancing-v2');
    return new LoadBalancing(sdk, new sdk.ElasticLoadBalancingV2Client({ region, credentials: () => identity.credentials() }));
  }

  /** Rules by their ARNs, or all of a listener; the listener's default action is none. */
  async rules(of: { readonly RuleArns: string[] } | { readonly ListenerArn: string }): Promise<FoundRule[]> {
    const found: Rule[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.asked('looking at the rules', () => this.client.send(new this.sdk.DescribeRulesCommand({ ...of, Marker })));
      found.push(...(page.Rules ?? []).filter(({ IsDefault, RuleArn }) => !IsDefault && RuleArn !== undefined));
      Marker = page.NextMarker;
    } while (Marker);
    return this.tagged(found);
  }

  /** ARNs of every listener of every Application Load Balancer here. */
  async listeners(): Promise<string[]> {
    const listeners: string[] = [];
    for (const LoadBalancerArn of await this.loadBalancers()) {
      let Marker: string | undefined;
      do {
        const page = await this.asked('looking for listeners', () => this.client.send(new this.sdk.DescribeListenersCommand({ LoadBalancerArn, Marker })));
        listeners.push(...(page.Listeners ?? []).flatMap(({ ListenerArn }) => ListenerArn ?? []));
        Marker = page.NextMarker;
      } while (Marker);
    }
    return listeners;
  }

  async healthy(TargetGroupArn: string): Promise<number> {
    const { TargetHealthDescriptions = [] } = await this.asked('looking at the health of targets', () =>
      this.client.send(new this.sdk.DescribeTargetHealthCommand({ TargetGroupArn })),
    );
    // A function is a target without health checks unless they are switched on for it.
    return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy' || TargetHealth?.Reason === 'Target.HealthCheckDisabled')
      .length;
  }

  async modify(RuleArn: string, action: Action): Promise<void> {
    await this.asked('writing the live rule', () => this.client.send(new this.sdk.ModifyRuleCommand({ RuleArn, Actions: [action] })));
  }

  private async loadBalancers(): Promise<string[]> {
    const found: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.asked('looking for load balancers', () => this.client.send(new this.sdk.DescribeLoadBalancersCommand({ Marker })));
      found.push(...(page.LoadBalancers ?? []).flatMap(({ LoadBalancerArn, Type }) => (Type === 'application' && LoadBalancerArn ? [LoadBalancerArn] : [])));
      Marker = page.NextMarker;
    } while (Marker);
    return found;
  }

  private async tagged(rules: readonly Rule[]): Promise<FoundRule[]> {
    const tags = new Map<string, Readonly<Record<string, string>>>();
    for (let first = 0; first < rules.length; first += MOST_TAGGED) {
      const ResourceArns = rules.slice(first, first + MOST_TAGGED).flatMap(({ RuleArn }) => RuleArn ?? []);
      const { TagDescriptions = [] } = await this.asked('reading the tags of rules', () =>
        this.client.send(new this.sdk.DescribeTagsCommand({ ResourceArns })),
      );
      for (const { ResourceArn = '', Tags = [] } of TagDescriptions)
        tags.set(ResourceArn, Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value ?? ''])));
    }
    return rules.map(({ RuleArn = '', Actions = [] }) => ({ ruleArn: RuleArn, tags: tags.get(RuleArn) ?? {}, actions: Actions }));
  }

  private async asked<T>(doing: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const { name, message } = error as Error;
      if (/^AccessDenied/.test(name)) {
        const needed = `${NEEDED.join(', ')} in the environment's account`;
        throw new UserError(
          'AccessDenied',
          `you are not allowed to do this (${doing}): ${message}; breaking the glass needs ${needed}, and nothing of the hub's`,
          {
            cause: error,
          },
        );
      }
      if (/^(Rule|Listener|LoadBalancer|TargetGroup)NotFound/.test(name)) {
        throw new UserError(
          'NotThere',
          `Elastic Load Balancing does not know what was asked for (${doing}): ${message}; see whether account, region and ARN are right`,
          {
            cause: error,
          },
        );
      }
      throw awsProblem(error, doing) ?? error;
    }
  }
}
