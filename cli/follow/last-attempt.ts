import type { AuditView, GateView, ReleaseView } from '../../lambda/contract';

/** The events since a version was last submitted: one that stopped may be submitted again, and what happened before is history. */
export function lastAttempt(audit: readonly AuditView[]): readonly AuditView[] {
  const start = audit.map(({ what }) => what).lastIndexOf('ReleaseSubmitted');
  return audit.slice(Math.max(0, start));
}

/** Whether a gate is of the attempt that a release was submitted for last: those of an earlier one stay to be read. */
export function isOfLastAttempt(gate: GateView, { submittedAt }: Pick<ReleaseView, 'submittedAt'>): boolean {
  return gate.openedAt >= submittedAt;
}
