import type { ElasticLoadBalancingV2Client, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type EnvironmentPlan, type FrontDoor, type FurtherRule, MAIN_RULE } from '../contract';
import type { FrontDoors } from '../domain/ports';
import { findRule } from './listener-rules';

/** The live rules of an environment by its front door, the first one first. */
export function rulesIn({ liveRuleArn, original, furtherRules = [] }: FrontDoor): readonly FurtherRule[] {
  return [{ name: MAIN_RULE, ruleArn: liveRuleArn, original }, ...furtherRules];
}

/** A live rule, and what the load balancer has of it; no `rule`: it is not there any more. */
export interface FoundLiveRule extends FurtherRule {
  readonly rule?: Rule;
}

/** The live rules of an environment. One that is not found is looked for once more under what its front door says now: a deployment may have made it anew. */
export async function liveRulesOf(client: ElasticLoadBalancingV2Client, frontDoors: FrontDoors, plan: EnvironmentPlan): Promise<readonly FoundLiveRule[]> {
  const known = rulesIn(await frontDoors.read(plan));
  const found = await Promise.all(known.map((each) => lookedFor(client, each)));
  if (found.every(({ rule }) => rule)) return found;
  const anew = rulesIn(await frontDoors.readAnew(plan));
  return Promise.all(anew.map((each) => found.find(({ ruleArn, rule }) => rule && ruleArn === each.ruleArn) ?? lookedFor(client, each, known)));
}

/** @param before those that were looked for a moment ago, and not found */
async function lookedFor(client: ElasticLoadBalancingV2Client, each: FurtherRule, before: readonly FurtherRule[] = []): Promise<FoundLiveRule> {
  if (before.some(({ ruleArn }) => ruleArn === each.ruleArn)) return each;
  return { ...each, rule: await findRule(client, each.ruleArn) };
}
