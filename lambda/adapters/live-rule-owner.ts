import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type Rule,
  type RuleCondition,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { LIVE_RULE_TAGS, ORIGINAL_503, type TrafficSwitchProperties } from '../contract';
import { originalAction } from './rule-action';

/** Makes, places and removes a live rule. What the rule does is written once, when it is made, and never here again. */
export class LiveRuleOwner {
  constructor(private readonly client: ElasticLoadBalancingV2Client) {}

  /**
   * @param owner who the rule belongs to; a rule of the same owner at that priority was made by an attempt whose answer was lost, and is taken over
   * @returns the rule's ARN
   * @throws when another rule has the priority, with its ARN and the fix
   */
  async create(properties: TrafficSwitchProperties, owner: string): Promise<string> {
    const original = properties.CurrentlyServing ?? ORIGINAL_503;
    const Tags = [
      { Key: LIVE_RULE_TAGS.path, Value: properties.Path },
      { Key: LIVE_RULE_TAGS.environment, Value: properties.Environment },
      { Key: LIVE_RULE_TAGS.original, Value: original },
      { Key: LIVE_RULE_TAGS.owner, Value: owner },
    ];
    try {
      const { Rules } = await this.client.send(
        new CreateRuleCommand({
          ListenerArn: properties.ListenerArn,
          Priority: Number(properties.Priority),
          Conditions: conditionsOf(properties),
          Actions: [originalAction(original)],
          Tags,
        }),
      );
      return Rules?.[0]?.RuleArn as string;
    } catch (error) {
      if ((error as Error).name !== 'PriorityInUseException') throw error;
      return this.ownRuleAt(properties, owner);
    }
  }

  async setPriority(ruleArn: string, priority: string): Promise<void> {
    await this.client.send(new SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn: ruleArn, Priority: Number(priority) }] }));
  }

  async setConditions(ruleArn: string, properties: TrafficSwitchProperties): Promise<void> {
    await this.client.send(new ModifyRuleCommand({ RuleArn: ruleArn, Conditions: conditionsOf(properties) }));
  }

  /** A rule that is not there any more is removed as wished. */
  async remove(ruleArn: string): Promise<void> {
    try {
      await this.client.send(new DeleteRuleCommand({ RuleArn: ruleArn }));
    } catch (error) {
      if ((error as Error).name !== 'RuleNotFoundException') throw error;
    }
  }

  private async ownRuleAt({ ListenerArn, Priority, Environment }: TrafficSwitchProperties, owner: string): Promise<string> {
    const ruleArn = (await this.ruleAt(ListenerArn, Priority))?.RuleArn;
    if (ruleArn) {
      const { TagDescriptions } = await this.client.send(new DescribeTagsCommand({ ResourceArns: [ruleArn] }));
      if (TagDescriptions?.[0]?.Tags?.some(({ Key, Value }) => Key === LIVE_RULE_TAGS.owner && Value === owner)) return ruleArn;
    }
    throw new Error(
      `priority ${Priority} of the listener ${ListenerArn} is taken by another rule, ${ruleArn}; give the environment ${JSON.stringify(Environment)} another rulePriority`,
    );
  }

  private async ruleAt(ListenerArn: string, priority: string): Promise<Rule | undefined> {
    let Marker: string | undefined;
    do {
      const page = await this.client.send(new DescribeRulesCommand({ ListenerArn, Marker }));
      const found = page.Rules?.find((rule) => rule.Priority === String(priority));
      if (found) return found;
      Marker = page.NextMarker;
    } while (Marker);
    return undefined;
  }
}

function conditionsOf({ PathPatterns = ['/*'], Hosts }: TrafficSwitchProperties): RuleCondition[] {
  const paths: RuleCondition = { Field: 'path-pattern', PathPatternConfig: { Values: [...PathPatterns] } };
  return Hosts?.length ? [paths, { Field: 'host-header', HostHeaderConfig: { Values: [...Hosts] } }] : [paths];
}
