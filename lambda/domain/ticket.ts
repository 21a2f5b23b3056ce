import { hash } from 'node:crypto';
import type { Failure } from '../contract';
import type { AuditEvent, Ticket } from './model';

/** A failure, and what it ended. */
export interface Raised {
  readonly failure: Failure;
  readonly environment: string;
  readonly release: string;
  readonly outcome: Ticket['outcome'];
  readonly now: string;
  /** ARN of the execution, or of the person, by which it came to light. */
  readonly who: string;
}

/**
 * By what two failures are the same: where, at which step, about what, and what was expected there. What was found instead, the
 * version and the time are left out, so that a fault that comes back finds its ticket.
 */
export function fingerprintOf(environment: string, { step, subject, expected }: Failure): string {
  return hash('sha256', JSON.stringify([environment, step, subject, expected])).slice(0, 16);
}

/**
 * A new ticket, or one more time on the one there is: with the latest evidence, and linked to the release. The caller sees to it
 * that one failure is raised once, by raising it in the transaction that ends the release.
 * @param known the ticket with this failure's fingerprint
 */
export function raise(known: Ticket | undefined, raised: Raised): { readonly ticket: Ticket; readonly event: AuditEvent } {
  const { failure, environment, release, outcome, now, who } = raised;
  const fingerprint = fingerprintOf(environment, failure);
  const { step, subject, expected, actual, logs } = failure;
  const ticket: Ticket = {
    kind: 'ticket',
    revision: known?.revision ?? 0,
    fingerprint,
    environment,
    step,
    subject,
    expected,
    actual,
    logs,
    releases: [...new Set([...(known?.releases ?? []), release])],
    count: (known?.count ?? 0) + 1,
    firstAt: known?.firstAt ?? now,
    lastAt: now,
    outcome,
  };
  const detail = { ticket: fingerprint, count: ticket.count, outcome, step, subject, expected, actual, logs };
  return { ticket, event: { at: now, what: 'TicketRaised', release, environment, who, detail } };
}
