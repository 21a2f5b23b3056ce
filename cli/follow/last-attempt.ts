import type { AuditView } from '../../lambda/contract';

/** The events since a version was last submitted: one that stopped may be submitted again, and what happened before is history. */
export function lastAttempt(audit: readonly AuditView[]): readonly AuditView[] {
  const start = audit.map(({ what }) => what).lastIndexOf('ReleaseSubmitted');
  return audit.slice(Math.max(0, start));
}
