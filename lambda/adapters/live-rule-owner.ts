import {
  CreateRuleCommand,
  DeleteRuleCommand,
  type ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type RuleCondition,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { LIVE_RULE_TAGS, ORIGINAL_503, type TrafficSwitchProperties, weightsOf } from '../contract';
import { adopt, noListener } from './adopted-target';
import { isElbError } from './elb-error';
import { type Beginning, joining } from './joining-rule';
import { findRule, listenerOf, rulesOn } from './listener-rules';
import { originalAction } from './rule-action';
import { tagsOf } from './rule-tags';

/** Makes, places and removes a live rule. What the rule does is written once, when it is made, and never here again. */
export class LiveRuleOwner {
  constructor(private readonly client: ElasticLoadBalancingV2Client) {}

  /**
   * @param owner who the rule belongs to; a rule of the same owner at that priority was made by an attempt whose answer was lost, and is taken over
   * @returns the rule's ARN
   * @throws when another rule has the priority, or what serves now cannot be adopted, with the value and the fix
   */
  async create(properties: TrafficSwitchProperties, owner: string): Promise<string> {
    const begins = await this.beginning(properties);
    const Tags = [
      { Key: LIVE_RULE_TAGS.path, Value: properties.Path },
      { Key: LIVE_RULE_TAGS.environment, Value: properties.Environment },
      ...Object.entries(begins.tags).map(([Key, Value]) => ({ Key, Value })),
      { Key: LIVE_RULE_TAGS.owner, Value: owner },
      ...(properties.Rule === undefined ? [] : [{ Key: LIVE_RULE_TAGS.rule, Value: properties.Rule }]),
    ];
    try {
      const { Rules } = await this.client.send(
        new CreateRuleCommand({
          ListenerArn: properties.ListenerArn,
          Priority: Number(properties.Priority),
          Conditions: conditionsOf(properties),
          Actions: begins.actions,
          Tags,
        }),
      );
      return Rules?.[0]?.RuleArn as string;
    } catch (error) {
      if (isElbError(error, 'ListenerNotFound')) throw noListener(properties.ListenerArn);
      if (!isElbError(error, 'PriorityInUse')) throw error;
      return this.ownRuleAt(properties, owner);
    }
  }

  /** What a new rule does first, and the tags that say so. @throws when what serves now cannot be adopted, or the rule that it joins is not there */
  private async beginning(properties: TrafficSwitchProperties): Promise<Beginning> {
    const { CurrentlyServing, Joins } = properties;
    if (CurrentlyServing === undefined && Joins !== undefined) return joining(this.client, Joins);
    if (CurrentlyServing !== undefined && Joins !== undefined) await this.requireServedBefore(properties, Joins);
    const { stickySeconds } = CurrentlyServing === undefined ? {} : await adopt(this.client, { ...properties, CurrentlyServing });
    const original = CurrentlyServing ?? ORIGINAL_503;
    const tags = { [LIVE_RULE_TAGS.original]: original, ...(stickySeconds !== undefined && { [LIVE_RULE_TAGS.stickySeconds]: String(stickySeconds) }) };
    return { actions: [originalAction(original)], tags };
  }

  /** The first rule's currentlyServing was read when that was made: one that was named since is none, and a release cannot share the users of only one of them. */
  private async requireServedBefore({ Rule, Environment, CurrentlyServing }: TrafficSwitchProperties, first: string): Promise<void> {
    if ((await this.original(first)) !== ORIGINAL_503) return;
    throw new Error(
      `the rule ${JSON.stringify(Rule)} of ${JSON.stringify(Environment)} has currentlyServing, ${CurrentlyServing}, and the first rule, ${first}, was made without one: it is read when a rule is made, and naming one there now changes nothing; leave it out of ${JSON.stringify(Rule)}, which then does what the first rule does`,
    );
  }

  /** What it did before any release: `503`, or the ARN of a target group. */
  async original(ruleArn: string): Promise<string> {
    return (await this.tag(ruleArn, LIVE_RULE_TAGS.original)) ?? ORIGINAL_503;
  }

  /** Whether somebody has removed it. */
  async isGone(ruleArn: string): Promise<boolean> {
    return (await findRule(this.client, ruleArn)) === undefined;
  }

  /** @throws when another rule has the priority; the rule stays where it is */
  async setPriority(ruleArn: string, priority: string): Promise<void> {
    try {
      await this.client.send(new SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn: ruleArn, Priority: Number(priority) }] }));
    } catch (error) {
      if ((error as Error).name !== 'PriorityInUseException') throw error;
      const taken = (await rulesOn(this.client, listenerOf(ruleArn))).find((rule) => rule.Priority === priority);
      throw new Error(
        `priority ${priority} of the listener ${listenerOf(ruleArn)} is taken by another rule, ${taken?.RuleArn}; the live rule ${ruleArn} stays where it is: give it a free one (an environment's rulePriority is ten less)`,
      );
    }
  }

  async setConditions(ruleArn: string, properties: TrafficSwitchProperties): Promise<void> {
    await this.client.send(new ModifyRuleCommand({ RuleArn: ruleArn, Conditions: conditionsOf(properties) }));
  }

  /**
   * Removes the rule, so that the rules behind it serve again. Where none of those forwards to what served before, because somebody has removed it
   * since, the rule stays and does: nobody who has it served today shall get the listener's default answer because of a deployment.
   *
   * A rule that is not there any more is removed as wished, and so is one by which nothing was served before it was made.
   */
  async remove(ruleArn: string): Promise<'removed' | 'left serving'> {
    try {
      const tags = await tagsOf(this.client, ruleArn);
      const original = tags[LIVE_RULE_TAGS.original] ?? ORIGINAL_503;
      const adopted = original !== ORIGINAL_503 && tags[LIVE_RULE_TAGS.joined] === undefined;
      if (adopted && !(await this.servesWithout(ruleArn, original)) && (await this.restored(ruleArn, original))) return 'left serving';
      await this.client.send(new DeleteRuleCommand({ RuleArn: ruleArn }));
    } catch (error) {
      if (!isElbError(error, 'RuleNotFound', 'ListenerNotFound')) throw error;
    }
    return 'removed';
  }

  /** Another live rule that has given its own users back does not serve those of this one, and may go with it. */
  private async servesWithout(ruleArn: string, target: string): Promise<boolean> {
    const rules = await rulesOn(this.client, listenerOf(ruleArn));
    const serving = rules.filter(({ RuleArn, Actions = [] }) => RuleArn !== ruleArn && (weightsOf(Actions)[target] ?? 0) > 0);
    for (const { RuleArn = '', IsDefault } of serving) if (IsDefault || (await this.tag(RuleArn, LIVE_RULE_TAGS.path)) === undefined) return true;
    return false;
  }

  /** @returns false when what served before is gone, so that there is nothing to restore */
  private async restored(ruleArn: string, target: string): Promise<boolean> {
    try {
      await this.client.send(new ModifyRuleCommand({ RuleArn: ruleArn, Actions: [originalAction(target)] }));
      return true;
    } catch (error) {
      if (!isElbError(error, 'TargetGroupNotFound')) throw error;
      return false;
    }
  }

  private async ownRuleAt({ ListenerArn, Priority, Environment }: TrafficSwitchProperties, owner: string): Promise<string> {
    const taken = (await rulesOn(this.client, ListenerArn)).find((rule) => rule.Priority === String(Priority));
    const ruleArn = taken?.RuleArn;
    if (ruleArn && (await this.tag(ruleArn, LIVE_RULE_TAGS.owner)) === owner) return ruleArn;
    throw new Error(
      `priority ${Priority} of the listener ${ListenerArn} is taken by another rule, ${ruleArn}; give the live rule of ${JSON.stringify(Environment)} another one (an environment's rulePriority is ten less)`,
    );
  }

  private async tag(ruleArn: string, key: string): Promise<string | undefined> {
    return (await tagsOf(this.client, ruleArn))[key];
  }
}

function conditionsOf({ PathPatterns = ['/*'], Hosts }: TrafficSwitchProperties): RuleCondition[] {
  const paths: RuleCondition = { Field: 'path-pattern', PathPatternConfig: { Values: [...PathPatterns] } };
  return Hosts?.length ? [paths, { Field: 'host-header', HostHeaderConfig: { Values: [...Hosts] } }] : [paths];
}
