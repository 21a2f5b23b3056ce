import type { EndInput } from '../../contract';
import { eventOf } from '../audit';
import { closeGate, waits } from '../gates/gate';
import type { AuditEvent, Change, EnvironmentState, Gate, Release, Ticket } from '../model';
import { withReached } from '../release/release';
import { raise } from '../ticket';

/** A release that ends in an environment, and all that ends with it. */
export interface Ending {
  readonly input: EndInput;
  readonly outcome: Ticket['outcome'];
  /** Undefined when the machine was started for a release that was never submitted. */
  readonly release: Release | undefined;
  /** As it is afterwards; left out when the environment was never this release's. */
  readonly state?: EnvironmentState;
  /** All gates of the release. */
  readonly gates: readonly Gate[];
  /** The one with this failure's fingerprint, if there is one. */
  readonly ticket: Ticket | undefined;
  readonly now: string;
  /** What else there is to tell in the audit. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Recorded before the end itself. */
  readonly before?: readonly AuditEvent[];
}

/** One transaction: environment freed, release and gates closed, ticket raised. @returns it with the ticket's fingerprint */
export function ended(ending: Ending): { readonly change: Change; readonly fingerprint: string } {
  const { input, outcome, release, state, now } = ending;
  const { environment, failure, execution: who } = input;
  const { ticket, event } = raise(ending.ticket, { failure, environment, release: input.release, outcome, now, who });
  const closedGates = ending.gates.filter((gate) => gate.environment === environment && waits(gate)).map((gate) => closeGate(gate, now));
  const closed = release && { ...withReached(release, environment, outcome), status: outcome };
  const detail = { ...ending.detail, ticket: ticket.fingerprint, failure };
  const why = `${failure.step}: ${failure.subject}: ${failure.actual}`;
  return {
    fingerprint: ticket.fingerprint,
    change: {
      put: [...(state ? [state] : []), ...(closed ? [closed] : []), ...closedGates, ticket],
      audit: [...(ending.before ?? []), eventOf(input, now, outcome === 'stopped' ? 'ReleaseStopped' : 'ReleaseRolledBack', detail, why), event],
    },
  };
}
