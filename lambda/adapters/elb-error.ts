/** What Elastic Load Balancing calls what is not there, or taken, https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyRule.html. */
export type ElbErrorCode = 'ListenerNotFound' | 'PriorityInUse' | 'RuleNotFound' | 'TargetGroupNotFound';

/** Whether a call was refused with one of these codes. The SDK's error types are named for them and end in `Exception`; bundles leave the types out. */
export function isElbError(error: unknown, ...codes: readonly ElbErrorCode[]): boolean {
  const { name } = error as Error;
  return codes.some((code) => name === code || name === `${code}Exception`);
}
