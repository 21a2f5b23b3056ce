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

/** What a ticket keeps of what was found before. */
const MOST_EARLIER = 5;

/**
 * By what two failures are the same: where, at which step, about what, and what was expected there. What was found instead, the
 * version and the time are left out, so that a fault that comes back finds its ticket; the version counts where it is a matter of that release alone.
 */
export function fingerprintOf(environment: string, { step, subject, expected, ofRelease }: Failure): string {
  const same = [environment, step, subject, expected, ...(ofRelease === undefined ? [] : [ofRelease])];
  return hash('sha256', JSON.stringify(same)).slice(0, 16);
}

/**
 * A new ticket, or one more time on the one there is: with the latest evidence, the last few before it, and linked to the release. The caller sees to it
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
    lastRelease: release,
    ...earlierThan(known, raised),
  };
  const detail = { ticket: fingerprint, count: ticket.count, outcome, step, subject, expected, actual, logs };
  return { ticket, event: { at: now, what: 'TicketRaised', release, environment, who, detail } };
}

/** What the ticket has said until now joins what it said before; the same evidence of the same release once more adds nothing. */
function earlierThan(known: Ticket | undefined, { failure, release }: Raised): Pick<Ticket, 'earlier'> {
  if (known === undefined) return {};
  const { earlier = [], lastRelease = known.releases.at(-1) ?? '', lastAt: at, actual } = known;
  const isSame = lastRelease === release && actual === failure.actual;
  const kept = isSame ? earlier : [...earlier, { release: lastRelease, at, actual }].slice(-MOST_EARLIER);
  return kept.length === 0 ? {} : { earlier: kept };
}
