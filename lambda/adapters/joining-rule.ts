import type { Action, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LIVE_RULE_TAGS } from '../contract';
import { findRule } from './listener-rules';
import { tagsOf } from './rule-tags';

/** What a live rule does when it is made, and the tags that say where it came from. */
export interface Beginning {
  readonly actions: Action[];
  readonly tags: Readonly<Record<string, string>>;
}

/** What a rule takes over of the one it joins, beside what that does. */
const SHARED_TAGS = [
  LIVE_RULE_TAGS.original,
  LIVE_RULE_TAGS.stickySeconds,
  LIVE_RULE_TAGS.acceptedColour,
  LIVE_RULE_TAGS.acceptedVersion,
  LIVE_RULE_TAGS.acceptedTarget,
];

/**
 * A further rule by which nothing is served yet begins as its environment's first rule is by then, in the middle of a release too: the rules of an
 * environment are one, so that it has nothing of its own to begin with.
 *
 * @throws when the first rule is not there
 */
export async function joining(client: ElasticLoadBalancingV2Client, ruleArn: string): Promise<Beginning> {
  const rule = await findRule(client, ruleArn);
  if (!rule) {
    throw new Error(
      `the live rule ${ruleArn}, whose users a further rule is to share, is not there any more; have it made anew first, with cdk deploy -c live-rule-anew=<any text>`,
    );
  }
  const known = await tagsOf(client, ruleArn);
  const shared = SHARED_TAGS.flatMap((key) => (known[key] === undefined ? [] : [[key, known[key]] as const]));
  return { actions: (rule.Actions ?? []).map(written), tags: { ...Object.fromEntries(shared), [LIVE_RULE_TAGS.joined]: ruleArn } };
}

/** What is read names a single target group twice, beside and inside `ForwardConfig`; one place is enough to write. */
function written({ Order: _order, TargetGroupArn, ...action }: Action): Action {
  return action.ForwardConfig?.TargetGroups?.length ? action : { ...action, ...(TargetGroupArn !== undefined && { TargetGroupArn }) };
}
