import { AddTagsCommand, DescribeTagsCommand, type ElasticLoadBalancingV2Client, ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type EnvironmentPlan, LIVE_RULE_TAGS, outageAction, weightsOf } from '../contract';
import type { AcceptedTags } from '../domain/doctor/look';
import type { FrontDoors, LiveRule, RuleTargets } from '../domain/ports';
import type { ClientFor } from './client-for';
import { liveRuleOf } from './listener-rules';
import { forwardTo, originalAction } from './rule-action';

/** The load balancer's own limits. */
const MAX_WEIGHT = 999;
const MAX_TARGET_GROUPS = 5;

/** The live rule of an Application Load Balancer's listener, with the environment's operator role. */
export class AlbLiveRule implements LiveRule {
  /** Rule ARN -> what its tags say of how it began. Written when the rule is made and never changed. */
  private readonly beginnings = new Map<string, Beginning>();

  constructor(
    private readonly clientFor: ClientFor<ElasticLoadBalancingV2Client>,
    private readonly frontDoors: FrontDoors,
  ) {}

  async read(plan: EnvironmentPlan): Promise<RuleTargets> {
    const rule = await liveRuleOf(this.clientFor(plan), this.frontDoors, plan);
    if (!rule) return { kind: 'gone' };
    const weights = weightsOf(rule.Actions ?? []);
    const [only, ...others] = Object.keys(weights);
    if (only === undefined) return { kind: 'other' };
    return { kind: 'slots', weights: others.length > 0 ? weights : { [only]: 100 } };
  }

  async write(plan: EnvironmentPlan, weights: Readonly<Record<string, number>>): Promise<void> {
    const targets = Object.entries(weights);
    if (targets.length === 0 || targets.length > MAX_TARGET_GROUPS) {
      throw new Error(`a rule forwards to 1-${MAX_TARGET_GROUPS} target groups, got: ${targets.length}`);
    }
    for (const [arn, weight] of targets) {
      if (!Number.isInteger(weight) || weight < 1 || weight > MAX_WEIGHT) {
        throw new Error(`the weight of ${arn} must be a whole number, 1-${MAX_WEIGHT}, got: ${JSON.stringify(weight)}`);
      }
    }
    const stickySeconds = targets.length > 1 ? (await this.beginning(plan)).stickySeconds : undefined;
    await this.modify(plan, forwardTo(weights, stickySeconds));
  }

  async writeOriginal(plan: EnvironmentPlan): Promise<void> {
    await this.modify(plan, originalAction((await this.beginning(plan)).original));
  }

  async writeOutage(plan: EnvironmentPlan, says: string): Promise<void> {
    await this.modify(plan, outageAction(says));
  }

  async tagAccepted(plan: EnvironmentPlan, accepted: { readonly colour: string; readonly version: string; readonly targetGroupArn: string }): Promise<void> {
    const { liveRuleArn } = await this.frontDoors.read(plan);
    const Tags = [
      { Key: LIVE_RULE_TAGS.acceptedColour, Value: accepted.colour },
      { Key: LIVE_RULE_TAGS.acceptedVersion, Value: accepted.version },
      { Key: LIVE_RULE_TAGS.acceptedTarget, Value: accepted.targetGroupArn },
    ];
    await this.clientFor(plan).send(new AddTagsCommand({ ResourceArns: [liveRuleArn], Tags }));
  }

  async accepted(plan: EnvironmentPlan): Promise<AcceptedTags | undefined> {
    const tag = await this.tags(plan);
    const [colour, version, targetGroupArn] = [tag(LIVE_RULE_TAGS.acceptedColour), tag(LIVE_RULE_TAGS.acceptedVersion), tag(LIVE_RULE_TAGS.acceptedTarget)];
    return colour && version && targetGroupArn ? { colour, version, targetGroupArn } : undefined;
  }

  private async modify(plan: EnvironmentPlan, action: ReturnType<typeof forwardTo>): Promise<void> {
    const { liveRuleArn } = await this.frontDoors.read(plan);
    await this.clientFor(plan).send(new ModifyRuleCommand({ RuleArn: liveRuleArn, Actions: [action] }));
  }

  private async beginning(plan: EnvironmentPlan): Promise<Beginning> {
    const { liveRuleArn } = await this.frontDoors.read(plan);
    const known = this.beginnings.get(liveRuleArn);
    if (known) return known;
    const tag = await this.tags(plan);
    const [original, sticky] = [tag(LIVE_RULE_TAGS.original), tag(LIVE_RULE_TAGS.stickySeconds)];
    if (!original) {
      throw new Error(
        `the live rule ${liveRuleArn} has no tag ${LIVE_RULE_TAGS.original}; put back the one its stack gave it: 503, or the target group that served before`,
      );
    }
    const beginning = { original, stickySeconds: sticky === undefined ? undefined : Number(sticky) };
    this.beginnings.set(liveRuleArn, beginning);
    return beginning;
  }

  private async tags(plan: EnvironmentPlan): Promise<(key: string) => string | undefined> {
    const { liveRuleArn } = await this.frontDoors.read(plan);
    const { TagDescriptions } = await this.clientFor(plan).send(new DescribeTagsCommand({ ResourceArns: [liveRuleArn] }));
    return (key) => TagDescriptions?.[0]?.Tags?.find(({ Key }) => Key === key)?.Value;
  }
}

interface Beginning {
  /** `503`, or the ARN of the target group that served before any release. */
  readonly original: string;
  /** How long a client stays with one of several target groups; undefined: it does not. */
  readonly stickySeconds: number | undefined;
}
