/** What a live rule does, as Elastic Load Balancing writes it: for the one writer, and for who breaks the glass without a hub. */
import { NO_RELEASE_TEXT } from './environment';

/** What is read back right after a write may still be the old state; after so many readings, so far apart, it is not. */
export const RULE_READINGS = 4;
export const RULE_READING_PAUSE_MS = 500;

/** An action of a listener rule, as far as it says where requests go. */
export interface ForwardAction {
  readonly Type: string | undefined;
  readonly TargetGroupArn?: string;
  readonly ForwardConfig?: { readonly TargetGroups?: readonly { readonly TargetGroupArn?: string; readonly Weight?: number }[] };
}

/** What the live rule of a new listener answers as long as no release is live. */
export function noReleaseAction() {
  return { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain', MessageBody: NO_RELEASE_TEXT } } as const;
}

/** What it answers in a planned outage. Elastic Load Balancing takes no headers with a fixed response, so there is no `Retry-After`. */
export function outageAction(says: string) {
  return { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain', MessageBody: says } } as const;
}

/** Target group ARN -> weight; empty when the rule forwards nothing. */
export function weightsOf(actions: readonly ForwardAction[]): Record<string, number> {
  const forward = actions.find(({ Type }) => Type === 'forward');
  const groups = forward?.ForwardConfig?.TargetGroups ?? (forward?.TargetGroupArn ? [{ TargetGroupArn: forward.TargetGroupArn }] : []);
  return Object.fromEntries(groups.map(({ TargetGroupArn = '', Weight = 1 }) => [TargetGroupArn, Weight]));
}
