import type { AskWatchedInput, Failure, GateOutput } from '../../contract';
import { isAskedBy, takenOver } from '../contracts/asked';
import { withBake } from '../health/bake';
import type { AuditEvent, Change, Contracting, Delivery, EnvironmentState, Gate, Release } from '../model';
import { isOfCurrentAttempt, planOf } from '../release/release';
import { whyStopped } from '../release/told-to-stop';
import { isOvertaken, turnOf } from '../token-turn';
import { asksAboutTarget, targetIn } from '../traffic/roll-back-target';
import { answerOf, boundTo, type GateRequest, gateName, gateStep, isWatched, openGate, waits } from './gate';

/**
 * What a machine that arrives at a gate changes. Safe to ask again: a machine that tries again comes with another token, which
 * takes the place of the stored one unless that is of a later try, and what was decided in between stays decided as long as it is about the same bundle and
 * evidence. A gate of an earlier attempt counts for nothing.
 *
 * The release is written along with a new gate, unchanged, so that of an abort and an opening at the same instant one sees the other.
 *
 * @param stored the gate of this release, environment and kind, as the ledger has it
 */
export function arrive(request: GateRequest, stored: Gate | undefined): Change {
  const { release } = request;
  const fresh = openGate(request);
  // Aborted elsewhere, on its way once more, it is live here all the same.
  if (release.aborted && request.gate !== 'contract') {
    const failure = abortedAt({ gate: request.gate, environment: request.plan.environment }, release, release.aborted);
    return tell(request.token, { outcome: 'refused', failure });
  }
  const failure = request.gate === 'contract' ? undefined : leftOver(request);
  if (failure) return tell(request.token, { outcome: 'refused', failure });
  if (fresh === 'notNeeded') return tell(request.token, { outcome: 'notNeeded' });
  const same = stored?.execution === request.execution && boundTo(stored, release) && stored.percent === request.percent ? stored : undefined;
  const answer = same && answerOf(same);
  if (answer) return tell(request.token, answer);
  if (same && waits(same)) {
    if (isOvertaken(request, same)) return { put: [same], audit: [] };
    return { put: [{ ...same, token: fresh.token, ...turnOf(fresh), expiresAt: fresh.expiresAt }], audit: [] };
  }
  return { put: [{ ...fresh, revision: stored?.revision ?? 0 }, release], audit: [opened(fresh)] };
}

/** The same of a machine that comes to ask about a contract: about what was asked for, and only when it was started for that. */
export function arriveToContract(request: GateRequest, state: EnvironmentState, stored: Gate | undefined): Change {
  if (isAskedBy(state, request)) {
    const change = arrive({ ...request, runs: state.contracting?.migrations }, stored);
    // The environment goes along unchanged, so that of a later request and this opening one sees the other.
    return change.put.length === 0 ? change : { ...change, put: [...change.put, state] };
  }
  const about = { gate: request.gate, environment: request.plan.environment };
  const failure = { step: gateStep(about), subject: gateName(about), expected: 'still asked for', actual: takenOver(state), logs: request.execution };
  return tell(request.token, { outcome: 'refused', failure });
}

/** The same of a machine whose release would take the slot of what can be rolled back to: nobody is asked where it does not. */
export function arriveAboutTarget(request: GateRequest, state: EnvironmentState, stored: Gate | undefined): Change {
  const { plan, release, execution } = request;
  const kept = asksAboutTarget({ plan, release }, state, execution) && targetIn(state, state.lock?.colour ?? '');
  if (!kept) return arrive({ ...request, plan: { ...plan, rollBackTarget: undefined } }, stored);
  return arrive({ ...request, about: `slot ${state.lock?.colour} holds ${kept}, to which ${state.live?.version} can be rolled back` }, stored);
}

/** A release that has traffic comes to where people are asked about it. */
export interface WatchedArrival {
  readonly input: AskWatchedInput;
  readonly release: Release;
  readonly state: EnvironmentState;
  readonly stored: Gate | undefined;
  readonly now: string;
}

/** The same of a machine whose release has traffic: the token is where an alarm finds it, too, in the same transaction. A call that comes late changes nothing. */
export function arriveWatched({ input, release, state, stored, now }: WatchedArrival): Change {
  const { environment, asks: gate, token, execution, percent, failure } = input;
  const about = failure && `${failure.subject}: expected ${failure.expected}, found ${failure.actual.replace(/^inconclusive: /, '')}`;
  const request = { plan: planOf(release, environment), release, gate, now, token, execution, percent, about, ...turnOf(input) };
  const watched = withBake(state, input, now);
  if (watched === state && state.bake?.token !== token) return { put: [], audit: [] };
  const change = arrive(request, stored);
  // Answered right away: nothing is watched.
  return change.put.length === 0 ? change : { ...change, put: [...change.put, watched] };
}

/**
 * A call that comes late, of a machine that was stopped meanwhile: a gate that it opened would ask people about a release that has ended, or take the
 * place of the one at which the release's next attempt waits.
 */
function leftOver({ gate, plan: { environment }, release, execution }: GateRequest): Failure | undefined {
  const isCurrent = isOfCurrentAttempt(release, { environment, release: release.version, execution });
  if (isCurrent && release.status === 'submitted') return undefined;
  const actual = isCurrent ? `it has ended, ${release.status}` : `it goes on by ${release.execution}, and this execution is left over from an earlier attempt`;
  return { step: gateStep({ gate, environment }), subject: 'the release', expected: 'on its way, by this execution', actual, logs: execution };
}

/** Why the machine that waits at a gate of an aborted release is told no. */
export function abortedAt(gate: Pick<Gate, 'gate' | 'environment'>, release: Release, aborted: NonNullable<Release['aborted']>): Failure {
  return { step: gateStep(gate), subject: 'the release', ...whyStopped(aborted), logs: release.execution };
}

/** Why the machine that waits at the gate of a contract is told no when another is asked for in its place. */
export function supersededAt(gate: Gate, { by, at, release }: Contracting): Failure {
  const actual = `${by} asked for the contract of ${release} at ${at}, which is live by now`;
  return { step: gateStep(gate), subject: `the contract of ${gate.environment}`, expected: 'still asked for', actual, logs: gate.execution };
}

/** Why the machine that waits at the gate of a contract is told no when its version was rolled back. */
export function rolledBackAt(gate: Gate, who: string, reason: string): Failure {
  const actual = `${who} rolled it back: ${reason.trim()}`;
  return { step: gateStep(gate), subject: `release ${gate.release}`, expected: `live in ${gate.environment}`, actual, logs: gate.execution };
}

/** The delivery that answers the machine that waits at a gate. */
export function toToken(token: string, answer: GateOutput): Delivery {
  return { to: 'token', token, answer: { success: answer } };
}

const tell = (token: string, answer: GateOutput): Change => ({ put: [], audit: [], deliver: [toToken(token, answer)] });

const OPENED = {
  firebreak: 'FirebreakOpened',
  goNoGo: 'GoNoGoOpened',
  contract: 'ContractGateOpened',
  rollBackTarget: 'TargetGateOpened',
  pause: 'PauseOpened',
  inconclusive: 'PauseOpened',
} as const;

function opened(gate: Gate): AuditEvent {
  const { openedAt: at, release, environment, execution: who, parties, digest, evidenceDigest, expiresAt, resumes } = gate;
  const what = OPENED[gate.gate];
  const runs = gate.runs && { migrations: gate.runs.map(({ name }) => name) };
  const { gate: kind, percent, about } = gate;
  const watched = { ...(isWatched(gate) && { gate: kind, percent }), ...(about !== undefined && { about }) };
  const outage = gate.outage && { outage: gate.outage };
  return { at, what, release, environment, who, detail: { parties, digest, evidenceDigest, expiresAt, resumes, ...runs, ...outage, ...watched } };
}
