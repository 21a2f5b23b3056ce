import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LIVE_RULE_TAGS, MAIN_RULE, NO_RELEASE_TEXT, noReleaseAction, ORIGINAL, ORIGINAL_503, weightsOf } from '../../lambda/contract';
import { SERVED_BEFORE } from '../report/held';
import { UserError } from '../user-error';

/** A live rule as the load balancer has it. */
export interface FoundRule {
  readonly ruleArn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly actions: readonly Action[];
}

/** How it is called among the rules of its environment. */
export function ruleName({ tags }: Pick<FoundRule, 'tags'>): string {
  return tags[LIVE_RULE_TAGS.rule] ?? MAIN_RULE;
}

/** Where a live rule goes back to, by its own tags. */
export interface WayBack {
  /** For people, for example `1.4.1 (blue)`. */
  readonly words: string;
  /** Absent where users are answered 503 again. */
  readonly targetGroupArn?: string;
  readonly action: Action;
}

/**
 * What was accepted last; and where nothing was, what the rule did before any release.
 *
 * @throws UserError when the tags say neither
 */
export function wayBackOf({ ruleArn, tags }: FoundRule): WayBack {
  const [target, version, colour, original] = [
    tags[LIVE_RULE_TAGS.acceptedTarget],
    tags[LIVE_RULE_TAGS.acceptedVersion],
    tags[LIVE_RULE_TAGS.acceptedColour],
    tags[LIVE_RULE_TAGS.original],
  ];
  const to = target ?? original;
  if (to === undefined) {
    const message = `the live rule ${ruleArn} has neither the tag ${LIVE_RULE_TAGS.acceptedTarget} nor ${LIVE_RULE_TAGS.original}, so nothing says where to go back to; ptl status, or whoever knows the target group, does: aws elbv2 modify-rule`;
    throw new UserError('NothingAccepted', message);
  }
  if (to === ORIGINAL_503) return { words: 'no release, as before the first one: users are answered 503', action: noReleaseAction() };
  const isOriginal = target === undefined || colour === ORIGINAL;
  return { words: isOriginal ? SERVED_BEFORE : `${version} (${colour})`, targetGroupArn: to, action: { Type: 'forward', TargetGroupArn: to } };
}

/** Whether all of the traffic goes there already. */
export function isThere(rule: Pick<FoundRule, 'actions'>, { targetGroupArn }: WayBack): boolean {
  const serving = Object.entries(weightsOf(rule.actions)).filter(([, weight]) => weight > 0);
  return targetGroupArn === undefined ? serving.length === 0 : serving.length === 1 && serving[0]?.[0] === targetGroupArn;
}

/** What users are told in a planned outage; undefined where the rule says nothing of its own. */
export function outageText({ actions }: Pick<FoundRule, 'actions'>): string | undefined {
  const { MessageBody } = actions.find(({ Type }) => Type === 'fixed-response')?.FixedResponseConfig ?? {};
  return MessageBody === NO_RELEASE_TEXT ? undefined : MessageBody;
}

/** For people, for example `targetgroup/pay-blue/1 90, targetgroup/pay-green/2 10`. */
export function heldBy(rule: Pick<FoundRule, 'actions'>): string {
  const entries = Object.entries(weightsOf(rule.actions));
  const told = outageText(rule);
  if (entries.length === 0) return told === undefined ? 'no target group' : `no target group, in an outage: users are answered 503 ${JSON.stringify(told)}`;
  const [only] = entries;
  if (only && entries.length === 1) return `${shortArn(only[0])} alone`;
  return entries.map(([arn, weight]) => `${shortArn(arn)} ${weight}`).join(', ');
}

export function shortArn(arn: string): string {
  return arn.replace(/^.*:targetgroup\//, 'targetgroup/');
}
