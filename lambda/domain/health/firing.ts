/** An alarm that is in ALARM, and what it says about it. */
export interface Firing {
  readonly alarm: string;
  readonly reason: string;
  /** Since when without a break, ISO 8601; absent where CloudWatch does not say. */
  readonly since?: string;
}

/** Their names, for a subject. */
export function namesOf(firing: readonly Firing[]): string {
  return firing.map(({ alarm }) => alarm).join(', ');
}

/** What was measured and what is allowed, alarm by alarm. */
export function firingInWords(firing: readonly Firing[]): string {
  return firing.map(({ alarm, reason }) => `${alarm}: ${reason}`).join('; ');
}
