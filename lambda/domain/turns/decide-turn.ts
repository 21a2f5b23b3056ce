import { addSeconds } from 'date-fns/addSeconds';
import type { EnvironmentPlan } from '../../contract';
import { eventOf } from '../audit';
import type { Change, EnvironmentState, Release, Waiting } from '../model';
import { isOfCurrentAttempt } from '../release/release';
import { whyStopped } from '../release/told-to-stop';
import { step } from '../steps/step';
import { isNewer, isOrdinary, mayGiveWay, type Other, supersededBy, takePlace } from './take-place';
import { type AtTheDoor, held, NOTHING, type Turn } from './turn';
import { queueOf, withoutWaiting, withWaiting } from './waiting';

/** Whose turn it is where several releases want one environment: as the path has chosen, see {@link EnvironmentPlan.concurrency}. */
export function decideTurn(asked: AtTheDoor): Turn {
  const door = { ...asked, state: withoutLeftOver(asked) };
  const { release, plan, state } = door;
  const newer = plan.concurrency?.kind === 'newestWins' && mayGiveWay(release) ? newerThan(door) : undefined;
  if (newer) return outOfDate(door, newer);
  const gives = whoGivesWay(door);
  if (gives.length > 0 && door.keptOut) return { kind: 'stops', failure: door.keptOut };
  const change = gives.length === 0 ? NOTHING : takePlace({ ...door, others: gives });
  const left = withoutWaiting(
    state,
    gives.map((other) => other.release.version),
  );
  const ahead = whoIsAhead(left, release, plan, door.now);
  if (ahead === undefined) return { kind: 'comes', state: withoutWaiting(left, [release.version]), change };
  return plan.concurrency ? waitsBehind({ ...door, state: left }, ahead, gives, change) : withoutQueue(door, gives, change);
}

/** Where nobody waits for a turn: an emergency goes in as soon as whoever it takes the place of has stopped, anybody else is told to come again. */
function withoutQueue(door: AtTheDoor, gives: readonly Other[], change: Change): Turn {
  const { state, release, others, task } = door;
  const holder = others.find((other) => other.release.version === state.lock?.release)?.release;
  const isStopping = release.emergency !== undefined && holder?.aborted !== undefined && !state.lock?.shifted && !state.lock?.contract;
  if (gives.length === 0 && !isStopping) return { kind: 'stops', failure: held(door) };
  const why = `release ${state.lock?.release} gives way to this emergency, and has not stopped in ${task.environment} yet; try again then`;
  return { kind: 'gaveWay', why, ...(gives.length > 0 && { change: { ...change, put: [...change.put, state, evicting(release, gives)] } }) };
}

/** What is ahead of a release, in words; undefined: nothing. Whose time is up that waits in front has died, or comes only to stop. */
function whoIsAhead(state: EnvironmentState, release: Release, plan: EnvironmentPlan, now: string): string | undefined {
  if (state.lock) return state.lock.contract ? `the contract of ${state.lock.release}` : `release ${state.lock.release}`;
  if (!plan.concurrency) return undefined;
  const back = state.rollBackRequested ?? state.goingBack;
  if (back) return `the roll back that ${back.by} asked for`;
  const counts = (each: Waiting) => each.release === release.version || now < each.until;
  const [first] = queueOf(state).filter((each) => (release.emergency === undefined || each.emergency) && counts(each));
  return first === undefined || first.release === release.version ? undefined : `release ${first.release}, which waits for its turn`;
}

function waitsBehind(door: AtTheDoor, ahead: string, gives: readonly Other[], change: Required<Change>): Turn {
  const { task, release, state, now, plan } = door;
  const known = queueOf(state).find((each) => each.release === release.version);
  if (known && now >= known.until) {
    const about = { step: step.enter(task.environment), subject: `the turn of ${release.version}`, logs: task.execution };
    return { kind: 'stops', failure: { ...about, expected: `come by ${known.until}`, actual: `${ahead} is ahead of it: submit ${release.version} again` } };
  }
  const until = addSeconds(now, plan.concurrency?.longestSeconds ?? 0).toISOString();
  const waiting = known ? (state.waiting ?? []) : joined(withoutWaiting(state, [release.version]).waiting ?? [], entryOf(door, until));
  const behind = { behind: ahead, until, place: queueOf({ ...state, waiting }).findIndex((each) => each.release === release.version) + 1 };
  return {
    kind: 'waits',
    change: {
      put: [withWaiting(state, waiting), evicting(release, gives), ...change.put],
      audit: [...change.audit, ...(known ? [] : [eventOf(task, now, 'TurnAwaited', behind)])],
      deliver: change.deliver,
    },
  };
}

function entryOf({ task, release, now }: AtTheDoor, until: string): Waiting {
  const { version, submittedAt, emergency } = release;
  return { release: version, execution: task.execution, submittedAt, since: now, until, ...(emergency !== undefined && { emergency: true }) };
}

/** First come, first served; an emergency behind other emergencies only. */
function joined(waiting: readonly Waiting[], entry: Waiting): Waiting[] {
  if (!entry.emergency) return [...waiting, entry];
  const before = waiting.filter(({ emergency }) => emergency);
  return [...before, entry, ...waiting.filter(({ emergency }) => !emergency)];
}

/** Also without any, the release goes along: of an abort and a machine that comes to wait one sees the other. */
export function evicting(release: Release, gives: readonly Other[]): Release {
  if (release.emergency === undefined || gives.length === 0) return release;
  return { ...release, evicted: [...new Set([...(release.evicted ?? []), ...gives.map((other) => other.release.version)])] };
}

/** An emergency takes the place of whoever has moved nothing; where the newest wins, so does any that was submitted later, and of those that wait, too. */
function whoGivesWay({ release, plan, state, others }: AtTheDoor): Other[] {
  const { lock, waiting = [] } = state;
  const mayStop = ({ release: { version } }: Other) => lock?.release === version && !lock.shifted && !lock.contract;
  if (release.emergency !== undefined) return others.filter((other) => mayGiveWay(other.release) && mayStop(other));
  if (plan.concurrency?.kind !== 'newestWins') return [];
  const waits = ({ release: { version } }: Other) => lock?.release !== version && waiting.some((each) => each.release === version);
  return others.filter((other) => mayGiveWay(other.release) && isNewer(release, other.release) && (mayStop(other) || waits(other)));
}

/** A release that was submitted later and has come as far. */
function newerThan({ release, state, others }: AtTheDoor): Release | undefined {
  const { lock } = state;
  const came = [...(lock && !lock.contract ? [lock.release] : []), ...queueOf(state).map((each) => each.release)];
  return others.map((other) => other.release).find((other) => came.includes(other.version) && isOrdinary(other) && isNewer(other, release));
}

function outOfDate({ task, release, state, others, now }: AtTheDoor, newer: Release): Turn {
  const own = others.filter((other) => other.release.version === release.version);
  const { put, audit } = takePlace({ release: newer, others: own, state, task, now });
  const about = { step: step.enter(task.environment), subject: 'the release', logs: task.execution };
  const failure = { ...about, ...whyStopped(supersededBy(newer, now)) };
  return { kind: 'stops', failure, change: { put: [...put, withoutWaiting(state, [release.version])], audit } };
}

/** Without what waits of attempts that have ended: a machine that died there has left it. */
function withoutLeftOver({ state, others, task }: AtTheDoor): EnvironmentState {
  const { environment } = task;
  const isLeftOver = ({ release: version, execution }: Waiting) => {
    const other = others.find((each) => each.release.version === version)?.release;
    return other !== undefined && (other.status !== 'submitted' || !isOfCurrentAttempt(other, { environment, release: version, execution }));
  };
  return state.waiting?.some(isLeftOver)
    ? withWaiting(
        state,
        state.waiting.filter((each) => !isLeftOver(each)),
      )
    : state;
}
