import type { EndInput, Outcome } from '../../contract';
import { eventOf } from '../audit';
import { closeGate, waitsOnTheWay } from '../gates/gate';
import type { AuditEvent, Change, EnvironmentState, Gate, Release, Ticket } from '../model';
import { isOfCurrentAttempt, withReached } from '../release/release';
import { raise } from '../ticket';
import { requeuedWith } from '../turns/requeue';
import { endedAs } from '../waves/moved';

/** A release that ends in an environment, and all that ends with it. */
export interface Ending {
  readonly input: EndInput;
  readonly outcome: Exclude<Outcome, 'live'>;
  /** Undefined when the machine was started for a release that was never submitted. */
  readonly release: Release | undefined;
  /** As it is afterwards; left out when the environment was never this release's. */
  readonly state?: EnvironmentState;
  /** An environment that it only waited in front of, without it. */
  readonly left?: EnvironmentState;
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

/**
 * One transaction: environment freed, release and gates closed, ticket raised. A machine of an earlier attempt, or one that was started by hand,
 * closes only what is its own: the release goes on, or has ended, without it.
 *
 * @returns it with the ticket's fingerprint; without one where another release has taken its place, which is nothing to mend, and where the safety net has
 * closed the release, with another ticket, before it came in
 */
export function ended(ending: Ending): { readonly change: Change; readonly fingerprint?: string } {
  const { input, outcome, release, state, now } = ending;
  const { environment, failure, execution: who } = input;
  const isCurrent = release !== undefined && isOfCurrentAttempt(release, input);
  const isEnded = release?.status === 'stopped' || release?.status === 'rolledBack';
  const isClosed = isCurrent && isEnded && state === undefined;
  const isToldElsewhere = isClosed && !ending.ticket?.releases.includes(input.release);
  const raised =
    outcome === 'stopped' && (failure.superseded !== undefined || isToldElsewhere)
      ? undefined
      : raise(ending.ticket, { failure, environment, release: input.release, outcome, now, who });
  const fingerprint = raised?.ticket.fingerprint;
  const isToClose = (gate: Gate) => gate.environment === environment && waitsOnTheWay(gate) && (isCurrent || gate.execution === who);
  const closedGates = ending.gates.filter(isToClose).map((gate) => closeGate(gate, now));
  const closed = closedRelease(ending, isCurrent);
  const forward = release?.fixForward === undefined ? {} : { fixForward: release.fixForward };
  const detail = {
    ...ending.detail,
    ...forward,
    ...(!isCurrent && { currentAttempt: false }),
    ...(fingerprint !== undefined && { ticket: fingerprint }),
    failure,
  };
  const why = `${failure.step}: ${failure.subject}: ${failure.actual}`;
  return {
    fingerprint,
    change: {
      put: [...(state ? [state] : []), ...(ending.left ? [ending.left] : []), ...(closed ? [closed] : []), ...closedGates, ...(raised ? [raised.ticket] : [])],
      audit: [
        ...(ending.before ?? []),
        eventOf(input, now, outcome === 'stopped' ? 'ReleaseStopped' : 'ReleaseRolledBack', detail, why),
        ...(raised ? [raised.event] : []),
      ],
      // Its path was closed while it was still in here, and what was to come back was refused for that: it is asked for again.
      ...(release && isCurrent && isEnded && state && { deliver: requeuedWith(release) }),
    },
  };
}

function closedRelease({ input, outcome, release, state }: Ending, isCurrent: boolean): Release | undefined {
  // What ended before, and holds nothing here, has ended as it was recorded.
  const isOpen = isCurrent && release?.status === 'submitted';
  if (!release || (!isOpen && !state)) return undefined;
  const reached = withReached(release, input.environment, outcome);
  return isCurrent ? { ...reached, status: endedAs(reached, input.environment, outcome) } : reached;
}
