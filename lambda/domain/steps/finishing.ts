import type { FinishInput } from '../../contract';
import { eventOf, sinceSubmitted } from '../audit';
import { isOnItsWayIn } from '../environment';
import { closeGate, waitsOnTheWay } from '../gates/gate';
import type { AuditEvent, Change, EnvironmentState, Gate, Release, Ticket } from '../model';
import { withReached } from '../release/release';
import { raise } from '../ticket';
import { requeuedWith } from '../turns/requeue';
import { sentIn } from '../turns/waiting';
import { endedAs } from '../waves/moved';

/** A release whose path machine has come to its end. */
export interface Finishing {
  readonly input: FinishInput;
  readonly release: Release;
  /** Of the environment it ended at. */
  readonly state: EnvironmentState;
  readonly gates: readonly Gate[];
  readonly audit: readonly AuditEvent[];
  /** The one with the failure's fingerprint. */
  readonly ticket: Ticket | undefined;
  readonly now: string;
}

/**
 * How the release ended, once. What an environment recorded of it before counts more than what the path machine thinks.
 * @returns undefined when that is recorded, or when a later attempt of the release is under way
 */
export function finished(finishing: Finishing): Change | undefined {
  const { input, release, state, audit, now } = finishing;
  const task = { environment: input.environment, release: input.release, execution: input.execution };
  const isRecorded = audit.some((event) => event.what === 'ReleaseFinished' && event.who === input.execution);
  if (isRecorded || release.execution !== input.execution) return undefined;
  const status = release.status === 'submitted' ? endedAs(release, input.environment, input.outcome) : release.status;
  const raised = raisedAtThePath(finishing);
  const closed = raised && !release.reached[input.environment] ? withReached(release, input.environment, 'stopped') : release;
  return {
    put: [
      { ...closed, status },
      ...sentIn([state], release.version).put,
      ...finishing.gates.filter(waitsOnTheWay).map((gate) => closeGate(gate, now)),
      ...(raised ? [raised.ticket] : []),
    ],
    audit: [eventOf(task, now, 'ReleaseFinished', { outcome: status, ...(input.failure && { failure: input.failure }) }), ...(raised ? [raised.event] : [])],
    deliver: requeuedWith(release),
  };
}

/** A failure the environment itself has no ticket for, and will get none: its own end, and the safety net, raise theirs. */
function raisedAtThePath({ input, state, audit, ticket, now }: Finishing): ReturnType<typeof raise> | undefined {
  const { failure, environment, release, outcome, execution: who } = input;
  if (!failure || failure.superseded !== undefined || outcome === 'live' || isOnItsWayIn(state, release)) return undefined;
  if (sinceSubmitted(audit).some((event) => event.what === 'TicketRaised' && event.environment === environment)) return undefined;
  return raise(ticket, { failure, environment, release, outcome, now, who });
}
