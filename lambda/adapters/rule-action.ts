import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { NO_RELEASE_TEXT, ORIGINAL_503 } from '../contract';

/**
 * Forwards by weight; a target group alone has all of the traffic and is written without one.
 *
 * @param stickySeconds how long a client stays with the target group it was sent to first
 */
export function forwardTo(weights: Readonly<Record<string, number>>, stickySeconds?: number): Action {
  const targets = Object.entries(weights);
  const [only] = targets;
  if (only && targets.length === 1) return { Type: 'forward', TargetGroupArn: only[0] };
  const TargetGroups = targets.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
  const sticky = stickySeconds === undefined ? {} : { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: stickySeconds } };
  return { Type: 'forward', ForwardConfig: { TargetGroups, ...sticky } };
}

/** What a live rule does as long as it serves no release. @param original `503`, or the ARN of the target group that served before */
export function originalAction(original: string): Action {
  if (original !== ORIGINAL_503) return forwardTo({ [original]: 100 });
  return { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain', MessageBody: NO_RELEASE_TEXT } };
}

/** Target group ARN -> weight; empty when the rule forwards nothing. */
export function weightsOf(actions: readonly Action[]): Record<string, number> {
  const forward = actions.find(({ Type }) => Type === 'forward');
  const groups = forward?.ForwardConfig?.TargetGroups ?? (forward?.TargetGroupArn ? [{ TargetGroupArn: forward.TargetGroupArn }] : []);
  return Object.fromEntries(groups.map(({ TargetGroupArn, Weight }) => [TargetGroupArn as string, Weight ?? 1]));
}
