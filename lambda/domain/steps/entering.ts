import { type EnterInput, type EnterOutput, type EnvironmentPlan, type Failure, machineShape } from '../../contract';
import { eventOf } from '../audit';
import { isAskedBy } from '../contracts/asked';
import { contractAgainst, notUnderstood } from '../contracts/started-contracts';
import { locked, ownsLock, shadowColour } from '../environment';
import { Retry } from '../errors';
import { frozenOut } from '../freezes/behind-a-freeze';
import type { Change, EnvironmentState, Release } from '../model';
import { isOut } from '../outage/outage';
import { brokenSeal, filesOf, isLiveIn, isOfCurrentAttempt, statusInWords, withReached } from '../release/release';
import { whyStopped } from '../release/told-to-stop';
import { wasGoingBack } from '../traffic/going-back';
import { isAbandoned, isLeased } from '../traffic/lease';
import { withOriginal } from '../traffic/original';
import { keptTarget } from '../traffic/roll-back-target';
import { type AtTheDoor, onlyWhereFree, type Turn } from '../turns/turn';
import { heldForWaves } from '../waves/held';
import { passedBy } from '../waves/moved';
import { step } from './step';

/** A release in front of an environment, and what is known there. */
export interface Arrival {
  readonly task: EnterInput;
  readonly release: Release | undefined;
  readonly state: EnvironmentState;
  /** ETag of each of the release's files for this environment, as it is now. */
  readonly seals: Readonly<Record<string, string | undefined>>;
  /** What the live rule did before any release, `503` or the ARN of a target group; undefined when that no longer matters. */
  readonly original: string | undefined;
  /** What is live in a wave; left out where it is none. */
  readonly ahead?: Release;
  /** See {@link AtTheDoor}. */
  readonly others?: AtTheDoor['others'];
  readonly now: string;
}

/** The answer, and what it changes: nothing, when the release may not enter or has entered before. */
export interface Entering {
  readonly output: EnterOutput;
  readonly change?: Change;
  /** Set where there is no answer yet: why it is to be asked for again, once the change is made. */
  readonly again?: string;
}

/**
 * Lets one release into an environment, or says why not. The same execution that asks again gets the same answer.
 *
 * @param turnOf whose turn it is where another is there; if left out, nobody waits, and nobody gives way
 */
export function decideEnter(arrival: Arrival, turnOf: (door: AtTheDoor) => Turn = onlyWhereFree): Entering {
  const { task, release, now } = arrival;
  const state = withOriginal(arrival.state, arrival.original);
  if (isAskedBy(state, task)) return { output: { outcome: 'contract' } };
  if (ownsLock(state, task)) return { output: { outcome: 'entered', colour: state.lock.colour } };
  const plan = release?.plan.find((each) => each.environment === task.environment);
  if (!release || !plan) return stopped(unknown(arrival));
  if (!isOfCurrentAttempt(release, task)) return stopped(ofAnotherAttempt(arrival, release));
  // After a failure further on the same bundle comes by once more. What is live needs no second deployment, and no second shift, where it has the users.
  if (isLiveIn(state, release) && !release.aborted && !isOut(state)) return passed(arrival, release);
  const failure = refusal(arrival, release, plan);
  if (failure) return stopped(failure);
  const colour = shadowColour(plan, state);
  const held = colour === undefined ? undefined : heldOut(arrival, release, plan, state, colour);
  const torn = notIntact(arrival, release);
  const keptOut = held ?? torn;
  const turn = turnOf({ task, release, plan, state, others: arrival.others ?? [], ...(keptOut && { keptOut }), now });
  if (turn.kind === 'waits') return { output: { outcome: 'waits' }, change: turn.change };
  if (turn.kind === 'gaveWay') return { output: { outcome: 'waits' }, change: turn.change, again: turn.why };
  if (turn.kind === 'stops') return { ...stopped(turn.failure), ...(turn.change && { change: turn.change }) };
  const busy = stillBusy(arrival, release) ?? torn;
  if (busy) return stopped(busy);
  if (isLeased(state, now))
    throw new Retry(`somebody moves traffic in ${task.environment} right now, until ${state.lease?.expiresAt} at the latest; try again then`);
  if (colour === undefined) return stopped(noShadow(arrival));
  if (held) return stopped(held);
  const replaces = state.previous?.colour === colour ? { replaces: state.previous.version } : {};
  return {
    output: { outcome: 'entered', colour },
    change: {
      put: [locked(turn.state, task, colour, now, release.emergency !== undefined), withReached(release, task.environment, 'entered'), ...turn.change.put],
      audit: [...turn.change.audit, eventOf(task, now, 'EnvironmentEntered', { colour, live: state.live?.version ?? null, ...replaces })],
      deliver: turn.change.deliver,
    },
  };
}

function passed({ task, state, now }: Arrival, release: Release): Entering {
  const { environment, execution } = task;
  const output = { outcome: 'live', environment, release: release.version, execution } as const;
  if (release.reached[environment] === 'live') return { output };
  const detail = { colour: state.live?.colour, live: release.version, alreadyLive: true };
  return {
    output,
    change: { put: [passedBy(withReached(release, environment, 'live'), environment)], audit: [eventOf(task, now, 'EnvironmentEntered', detail)] },
  };
}

const stopped = (failure: Failure): Entering => ({ output: { outcome: 'stopped', failure } });

function about({ task }: Arrival): Pick<Failure, 'step' | 'subject' | 'logs'> {
  return { step: step.enter(task.environment), subject: 'the release', logs: task.execution };
}

function unknown(arrival: Arrival): Failure {
  const { task, release } = arrival;
  if (!release) return { ...about(arrival), expected: 'registered', actual: `no release has the version ${JSON.stringify(task.release)}: submit it first` };
  const names = release.plan.map((each) => each.environment).join(', ');
  const actual = `the path it was submitted for has no ${JSON.stringify(task.environment)}, only ${names}: submit a version for the path as it is`;
  return { ...about(arrival), expected: 'submitted for a path with this environment', actual };
}

/** The release goes on, or has ended, by its current attempt: two machines with it are one too many. */
function ofAnotherAttempt(arrival: Arrival, release: Release): Failure {
  const actual = `${arrival.task.execution}, of an earlier attempt or started by hand: see how the current one goes, or submit ${release.version} again when it has ended`;
  return {
    ...about(arrival),
    subject: `the execution that enters ${arrival.task.environment}`,
    expected: `of the current attempt, ${release.execution}`,
    actual,
  };
}

function refusal(arrival: Arrival, release: Release, plan: EnvironmentPlan): Failure | undefined {
  const { task, state } = arrival;
  if (release.aborted) {
    return { ...about(arrival), ...whyStopped(release.aborted) };
  }
  // The safety net closes a release whose path machine died; a machine of it that was about to enter may be alive.
  if (release.status !== 'submitted') {
    const actual = `it has ended, ${statusInWords(release)}, and this execution is left over from it: submit ${release.version} again`;
    return { ...about(arrival), expected: 'on its way', actual };
  }
  if (task.machine !== machineShape(plan)) {
    const actual = `the hub has been deployed again since, with ${task.machine}: submit ${release.version} again, it then goes by the new rules`;
    return { ...about(arrival), subject: `the plan of ${task.environment}`, expected: `as it was submitted, with ${machineShape(plan)}`, actual };
  }
  const contract = contractAgainst(state, release);
  if (contract) return { ...about(arrival), ...notUnderstood(state, release, contract) };
  if (state.retirement) {
    const { by, at, reason } = state.retirement;
    const actual = `${by} asked for it at ${at} (${reason}): its users go back to what served before, and its slots are removed`;
    return { ...about(arrival), subject: `the retirement of ${task.environment}`, expected: 'none under way', actual };
  }
  return undefined;
}

/** What keeps a release out whose turn it is. */
function stillBusy(arrival: Arrival, release: Release): Failure | undefined {
  const { task, state } = arrival;
  if (state.rollBackRequested) {
    const { by, at, reason } = state.rollBackRequested;
    const actual = `${by} asked for it at ${at} (${reason}), and its slot is being started: submit ${release.version} again when it has ended`;
    return { ...about(arrival), subject: `the roll back of ${task.environment}`, expected: 'none under way', actual };
  }
  if (state.goingBack && !isLeased(state, arrival.now)) {
    const actual = `${wasGoingBack(task.environment, state.goingBack)}; submit ${release.version} again when it has ended`;
    return { ...about(arrival), subject: `the roll back of ${task.environment}`, expected: 'none under way', actual };
  }
  if (isAbandoned(state, arrival.now)) {
    const actual = `it died, or lost its answer, before ${state.lease?.expiresAt}: what the rule holds is unknown; ask for the roll back that it was at again`;
    return { ...about(arrival), subject: `the last writer of ${task.environment}'s live rule`, expected: 'finished', actual };
  }
  return undefined;
}

/** What keeps a release out of the slot that it would be given. */
function heldOut({ task, now }: Arrival, release: Release, plan: EnvironmentPlan, state: EnvironmentState, colour: string): Failure | undefined {
  const at = step.enter(task.environment);
  return frozenOut(at, task, plan, state, colour, now) ?? keptTarget(at, task, { plan, release, state, colour, now });
}

/** What came through only some of the waves, or a file of the release that is not as it was registered. */
function notIntact(arrival: Arrival, release: Release): Failure | undefined {
  const { task, state, seals, ahead } = arrival;
  const held = heldForWaves(state, ahead);
  if (held) return { ...about(arrival), ...held };
  const files = filesOf(release.bundle.stacks.filter((stack) => stack.environment === task.environment));
  return brokenSeal(release, files, seals, { step: step.enter(task.environment), task });
}

function noShadow(arrival: Arrival): Failure {
  const { task, state } = arrival;
  const actual = `live: ${state.live?.colour ?? 'nothing'}, weights: ${JSON.stringify(state.weights)}: roll ${task.environment} back, or give it another slot`;
  return { ...about(arrival), subject: `the slots of ${task.environment}`, expected: 'one that serves nobody', actual };
}
