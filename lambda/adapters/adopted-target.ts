import {
  type Action,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type TrafficSwitchProperties, weightsOf } from '../contract';
import { isElbError } from './elb-error';
import { rulesOn } from './listener-rules';

/** A target group that a live rule is to go on serving, as it serves now. */
export interface AdoptedTarget {
  /** How long clients stick to one of several target groups, which AWS asks for where one of them is sticky itself. */
  readonly stickySeconds?: number;
}

type Adopting = Required<Pick<TrafficSwitchProperties, 'ListenerArn' | 'Priority' | 'CurrentlyServing'>>;

/**
 * What has to be true of a target group before a live rule takes its requests: what AWS would refuse in its own words, and what AWS would take and
 * users would notice, because something else serves them now.
 *
 * @throws with what is wrong, the value, and what to change
 */
export async function adopt(client: ElasticLoadBalancingV2Client, adopting: Adopting): Promise<AdoptedTarget> {
  const { ListenerArn, CurrentlyServing } = adopting;
  const group = await targetGroup(client, CurrentlyServing);
  const loadBalancer = await loadBalancerOf(client, ListenerArn);
  requireFit(group, loadBalancer);
  const serving = await requireServing(client, adopting);
  return { stickySeconds: stickinessOf(serving) ?? (await ownStickiness(client, CurrentlyServing)) };
}

async function targetGroup(client: ElasticLoadBalancingV2Client, arn: string): Promise<TargetGroup> {
  try {
    const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
    if (TargetGroups?.[0]) return TargetGroups[0];
  } catch (error) {
    if (!isElbError(error, 'TargetGroupNotFound')) throw error;
  }
  throw new Error(`currentlyServing is ${arn}, and there is no such target group; name the one that the listener forwards these requests to today`);
}

async function loadBalancerOf(client: ElasticLoadBalancingV2Client, ListenerArn: string): Promise<{ readonly arn: string; readonly vpc: string }> {
  try {
    const { Listeners } = await client.send(new DescribeListenersCommand({ ListenerArns: [ListenerArn] }));
    const arn = Listeners?.[0]?.LoadBalancerArn;
    if (arn !== undefined) {
      const { LoadBalancers } = await client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
      return { arn, vpc: LoadBalancers?.[0]?.VpcId ?? '' };
    }
  } catch (error) {
    if (!isElbError(error, 'ListenerNotFound')) throw error;
  }
  throw noListener(ListenerArn);
}

/** For a listener that is not there, whoever finds that out. */
export function noListener(listenerArn: string): Error {
  return new Error(`listenerArn is ${listenerArn}, and there is no such listener; name one of this account and region`);
}

function requireFit({ TargetGroupArn, TargetType, Protocol, VpcId, LoadBalancerArns = [] }: TargetGroup, loadBalancer: { arn: string; vpc: string }): void {
  const isFunction = TargetType === 'lambda';
  if (!isFunction && Protocol !== 'HTTP' && Protocol !== 'HTTPS') {
    throw new Error(`currentlyServing is ${TargetGroupArn}, which speaks ${Protocol}; an Application Load Balancer forwards to HTTP and HTTPS only`);
  }
  if (!isFunction && VpcId !== loadBalancer.vpc) {
    throw new Error(
      `currentlyServing is ${TargetGroupArn} in ${VpcId}, and the load balancer ${loadBalancer.arn} is in ${loadBalancer.vpc}; they must be in the same VPC`,
    );
  }
  if (LoadBalancerArns.includes(loadBalancer.arn)) return;
  const where = LoadBalancerArns.length === 0 ? 'behind no load balancer' : `behind ${LoadBalancerArns.join(', ')}`;
  throw new Error(
    `currentlyServing is ${TargetGroupArn}, which is ${where}, not behind ${loadBalancer.arn}; name the one that serves users by this listener today`,
  );
}

/** @returns the rules, the default one included, by which it serves */
async function requireServing(client: ElasticLoadBalancingV2Client, { ListenerArn, Priority, CurrentlyServing }: Adopting): Promise<Rule[]> {
  const serving = (await rulesOn(client, ListenerArn)).filter(({ Actions }) => (weightsOf(Actions ?? [])[CurrentlyServing] ?? 0) > 0);
  if (serving.length === 0) {
    throw new Error(
      `currentlyServing is ${CurrentlyServing}, and no rule of ${ListenerArn} forwards to it, so it serves nobody by this listener; leave it out, or name what serves`,
    );
  }
  const shared = serving.find(({ Actions }) => Object.values(weightsOf(Actions ?? [])).filter((weight) => weight > 0).length > 1);
  if (shared !== undefined) {
    const others = Object.keys(weightsOf(shared.Actions ?? [])).filter((arn) => arn !== CurrentlyServing);
    throw new Error(
      `currentlyServing is ${CurrentlyServing}, which shares the requests of the rule ${shared.RuleArn} with ${others.join(', ')}; let one target group have them all first, or their shares would change now`,
    );
  }
  if (serving.some((rule) => isBehind(rule, Priority))) return serving;
  const first = serving.map((rule) => rule.Priority).join(', ');
  throw new Error(
    `the live rule would have priority ${Priority} and come after what serves now, at ${first}, so no request would ever reach it; give it a smaller number (an environment's rulePriority is ten less)`,
  );
}

function isBehind({ IsDefault, Priority }: Rule, priority: string): boolean {
  return IsDefault === true || Priority === 'default' || Number(Priority) > Number(priority);
}

function stickinessOf(rules: readonly Rule[]): number | undefined {
  const sticky = rules.flatMap(({ Actions = [] }) => Actions).find((action: Action) => action.ForwardConfig?.TargetGroupStickinessConfig?.Enabled);
  return sticky?.ForwardConfig?.TargetGroupStickinessConfig?.DurationSeconds;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#sticky-sessions */
async function ownStickiness(client: ElasticLoadBalancingV2Client, TargetGroupArn: string): Promise<number | undefined> {
  const { Attributes = [] } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  const value = (key: string) => Attributes.find(({ Key }) => Key === `stickiness.${key}`)?.Value;
  if (value('enabled') !== 'true') return undefined;
  return Number(value(`${value('type')}.duration_seconds`));
}
