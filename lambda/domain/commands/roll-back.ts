import type { EndInput, EnvironmentPlan, ReasonBody, RollBackAnswer, RollBackView } from '../../contract';
import { needsRaising } from '../capacity/raise-and-roll-back';
import { giveUpContract } from '../contracts/give-up';
import { stopAsking } from '../contracts/stop-asking';
import { Refused } from '../errors';
import { askedNow } from '../health/asked-now';
import { waitingBake, withoutBake } from '../health/bake';
import { closed } from '../health/baking';
import { endedByRequest } from '../health/ended-by';
import type { Delivery, EnvironmentState } from '../model';
import { isLeftOut } from '../outage/end-outage';
import type { Ports } from '../ports';
import { whyTakenBack } from '../release/told-to-stop';
import { step } from '../steps/step';
import { isBesideShadow } from '../traffic/decide-swap-back';
import { contractRuns, inOneSentence, wayBack } from '../traffic/way-back';
import { abortBeside } from './abort-beside';
import { decideAgain } from './decide-again';
import { knownEnvironment } from './known';
import { viewEnvironment } from './read';
import { rolledBackBefore } from './rolled-back-before';
import { stopWaiting } from './stop-waiting';

/**
 * Takes an environment back to what was live before. A release in flight that has traffic there is told to, and goes back by itself,
 * at once if it bakes; with none in flight the writer of the live rule is asked for it. Asked again for a release that was told and is still
 * there, the writer is asked too: the machine may be dead, and the safety net have given up on a target that did not serve then. A contract of which nothing has started
 * gives way.
 *
 * A slot that was lowered since is started first: that is asked for, and the answer says so. It takes longer than any caller waits.
 */
export async function rollBack(ports: Ports, caller: string, environment: string, body: ReasonBody): Promise<RollBackView> {
  const plan = knownEnvironment(await ports.plans.environments(), environment);
  const request = { by: caller, reason: body.reason.trim(), at: ports.clock.now() };
  const asked = await decideAgain(ports.clock, async () => {
    const state = await giveUpContract(ports, plan, await ports.ledger.environment(environment), request);
    if (isBesideShadow(state)) await abortBeside(ports, state, request);
    else if (state.lock) await requestOf(ports, state, state.lock, request);
    else if (needsRaising(state) && !state.retirement && !isLeftOut(state)) await requestRaise(ports, state, request);
    return state;
  });
  if (isLeftOut(asked)) return endOfOutage(ports, plan, caller, request.reason);
  const before = await rolledBackBefore(ports, asked);
  if (before) {
    // Its answer may have been lost before those who wait for people were told.
    await stopWaiting(ports, before.version);
    await stopAsking(ports, caller, environment, body);
    return { outcome: 'rolledBackBefore', before, environment: await viewEnvironment(ports, plan) };
  }
  checkWayBack(asked);
  const { rollBackRequested: earlier } = asked;
  const stops = isBesideShadow(asked) ? asked.lock?.release : undefined;
  const lock = stops === undefined ? asked.lock : undefined;
  const release = lock?.release;
  ports.log.info('roll back asked for', { environment, release, who: caller, again: earlier !== undefined });
  if (needsRaising(asked) && !asked.retirement) {
    await ports.machines.raise({ environment });
    return { outcome: 'raising', environment: await viewEnvironment(ports, plan) };
  }
  if (release && !earlier) return { outcome: 'requested', release, environment: await viewEnvironment(ports, plan) };
  const answer = await ports.machines.rollBack(lock && earlier ? endOf(environment, lock, earlier) : { environment, who: caller, reason: request.reason });
  if (answer.outcome !== 'refused') {
    // What was live may be further on its way, and wait for people there.
    if (asked.live && !lock) await stopWaiting(ports, asked.live.version);
    await stopAsking(ports, caller, environment, body);
    return { outcome: 'rolledBack', release, ...(stops !== undefined && { stops }), environment: await viewEnvironment(ports, plan) };
  }
  throw notRolledBack(environment, answer);
}

/** Users get what was live before the outage, whatever that makes of the shared state: a person has said so. */
async function endOfOutage(ports: Ports, plan: EnvironmentPlan, who: string, reason: string): Promise<RollBackView> {
  const { environment } = plan;
  ports.log.info('end of the outage asked for', { environment, who });
  const answer = await ports.machines.rollBack({ environment, who, reason });
  if (answer.outcome === 'refused') throw notRolledBack(environment, answer);
  return { outcome: 'rolledBack', environment: await viewEnvironment(ports, plan) };
}

function notRolledBack(environment: string, { failure }: RollBackAnswer): Refused {
  const { expected, actual } = failure ?? { expected: 'a slot to go back to', actual: 'none' };
  return new Refused('CannotRollBack', `${environment} was not rolled back: expected ${expected}, found ${actual}`);
}

/** Where the ledger alone knows that there is no way back, it is said in one sentence; all else is for the writer to find. */
function checkWayBack(state: EnvironmentState): void {
  if (state.lock || state.retirement || !state.live) return;
  const back = wayBack(state);
  if (back.kind === 'none') throw new Refused('CannotRollBack', `${state.environment} was not rolled back: ${inOneSentence(back)}`);
}

type Lock = NonNullable<EnvironmentState['lock']>;
type RollBackRequested = NonNullable<EnvironmentState['rollBackRequested']>;

function endOf(environment: string, { release, execution }: Lock, asked: RollBackRequested): EndInput {
  return { environment, release, execution, failure: { step: step.rollBack(environment), ...whyTakenBack(release, asked), logs: execution } };
}

/** Whoever raises finds the request in the ledger. Asked for again, the first one stands. */
async function requestRaise({ ledger }: Ports, state: EnvironmentState, request: RollBackRequested): Promise<void> {
  const { live, previous, weights, environment } = state;
  if (!live || state.rollBackRequested) return;
  const { by: who, reason: why, at } = request;
  const detail = { colour: live.colour, weights, raises: previous?.colour };
  await ledger.commit({
    put: [{ ...state, rollBackRequested: request }],
    audit: [{ at, what: 'RollBackRequested', release: live.version, environment, who, why, detail }],
  });
}

async function requestOf(ports: Ports, state: EnvironmentState, lock: Lock, request: RollBackRequested): Promise<void> {
  if (lock.contract) throw new Refused('CannotRollBack', `${state.environment} was not rolled back: ${contractRuns(state, lock)}`);
  if (!lock.shifted) {
    const message = `release ${lock.release} is in ${state.environment} and has no live traffic there, so there is nothing of it to roll back; to take it out, use ptl abort ${lock.release}. ${takeOut(state, lock)}`;
    throw new Refused('NotShifted', message);
  }
  if (state.rollBackRequested) return;
  const { environment } = state;
  const bake = waitingBake(state);
  const { by: who, reason: why, at } = request;
  const wake: Delivery[] = bake ? [endedByRequest(bake.token, request)] : [];
  await ports.ledger.commit({
    put: [{ ...(bake ? withoutBake(state) : state), rollBackRequested: request }, ...closed(await askedNow(ports, state))],
    audit: [{ at, what: 'RollBackRequested', release: lock.release, environment, who, why, detail: { colour: lock.colour, weights: state.weights } }],
    deliver: wake,
  });
}

/** For who wants the live version out, and not the one that is on its way. */
function takeOut(state: EnvironmentState, lock: Lock): string {
  if (!state.live) return 'Nothing is live there yet';
  const back = wayBack(state);
  if (back.kind === 'none') return `The live version, ${state.live.version}, cannot be rolled back either: ${inOneSentence(back)}`;
  return `If it is the live version, ${state.live.version}, that you want out, then ptl roll-back ${state.environment} when ${lock.release} has ended`;
}
