import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { noReleaseAction, ORIGINAL_503 } from '../contract';

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
  return original === ORIGINAL_503 ? noReleaseAction() : forwardTo({ [original]: 100 });
}
