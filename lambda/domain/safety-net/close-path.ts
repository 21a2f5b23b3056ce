import type { Failure } from '../../contract';
import { isOnItsWayIn } from '../environment';
import { closeGate, waitsOnTheWay } from '../gates/gate';
import { abortedAt, toToken } from '../gates/gate-opening';
import type { AuditEvent, Change, EnvironmentState, Gate, Release, Ticket } from '../model';
import { raise } from '../ticket';
import { requeuedWith } from '../turns/requeue';
import { sentIn } from '../turns/waiting';
import { endedAs } from '../waves/moved';
import type { EndedExecution } from './ended-execution';
import { whereItWas } from './where-it-was';

/** A release whose path machine died. */
export interface ClosingPath {
  readonly ended: EndedExecution;
  readonly release: Release;
  /** Of every environment of its path. */
  readonly states: readonly EnvironmentState[];
  readonly gates: readonly Gate[];
  readonly audit: readonly AuditEvent[];
  /** The one with the fingerprint of {@link pathFailure}. */
  readonly ticket: Ticket | undefined;
  readonly now: string;
}

/**
 * Closes a release whose path machine died. An environment machine of it may be alive: it finds the release aborted at its next
 * step, goes back by itself, and raises the ticket; one that waits in front of its environment is told, and comes with the same ticket. Where an environment
 * has ended the release before, its ticket is there.
 * @returns undefined when the end is recorded
 */
export function closePath(closing: ClosingPath): Change | undefined {
  const { ended, release, states, gates, audit, now } = closing;
  const where = whereItWas(release, gates);
  if (audit.some((event) => event.what === 'ReleaseFinished' && event.who === ended.execution)) return undefined;
  const status = statusOf(release, where);
  const isInside = states.some((state) => isOnItsWayIn(state, release.version));
  const aborted = release.aborted ?? { by: ended.execution, reason: `the path machine ended: ${ended.how}`, at: now };
  const closed: Release = { ...release, status, ...(isInside && { aborted }) };
  const raised = release.status === 'submitted' && status !== 'live' && !isInside ? raisedFor(closing) : undefined;
  const waiting = gates.filter(waitsOnTheWay);
  const sent = sentIn(states, release.version);
  const event = (what: AuditEvent['what'], detail: AuditEvent['detail']): AuditEvent => {
    return { at: now, what, release: release.version, environment: where, who: ended.execution, why: ended.how, detail };
  };
  return {
    put: [closed, ...waiting.map((gate) => closeGate(gate, now)), ...sent.put, ...(raised ? [raised.ticket] : [])],
    audit: [
      event('SafetyNetActed', { outcome: status, gates: waiting.map((gate) => `${gate.environment} ${gate.gate}`) }),
      event('ReleaseFinished', { outcome: status }),
      ...(raised ? [raised.event] : []),
    ],
    // On the dead machine's own tokens nobody waits.
    deliver: waiting
      .filter((gate) => isInside || gate.execution !== ended.execution)
      .map((gate) => toToken(gate.token, { outcome: 'refused', failure: isInside ? abortedAt(gate, closed, aborted) : pathFailure(ended, where) }))
      .concat(sent.deliver, requeuedWith(release)),
  };
}

/** What an environment has recorded stands. A release that is live everywhere only lacked the record of it. */
function statusOf(release: Release, where: string): Release['status'] {
  if (release.status !== 'submitted') return release.status;
  return release.plan.every(({ environment }) => release.reached[environment] === 'live') ? 'live' : endedAs(release, where, 'stopped');
}

function raisedFor({ ended, release, gates, ticket, now }: ClosingPath): ReturnType<typeof raise> {
  const environment = whereItWas(release, gates);
  return raise(ticket, { failure: pathFailure(ended, environment), environment, release: release.version, outcome: 'stopped', now, who: ended.execution });
}

/** Why a release ends with its path machine. */
export function pathFailure({ execution, how }: EndedExecution, environment: string): Failure {
  const step = `Take the release to ${environment}`;
  return { step, subject: 'the path machine', expected: 'ends with an outcome', actual: how, logs: execution };
}
