/** An alarm that is in ALARM, and what it says about it. */
export interface Firing {
  readonly alarm: string;
  readonly reason: string;
}

/** Their names, for a subject. */
export function namesOf(firing: readonly Firing[]): string {
  return firing.map(({ alarm }) => alarm).join(', ');
}

/** What was measured and what is allowed, alarm by alarm. */
export function firingInWords(firing: readonly Firing[]): string {
  return firing.map(({ alarm, reason }) => `${alarm}: ${reason}`).join('; ');
}
