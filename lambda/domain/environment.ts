import type { EnvironmentPlan, TaskInput } from '../contract';
import { Conflict } from './errors';
import type { EnvironmentState, HeldVersion, Lock, Outage, SlotState, Weights } from './model';
import { isLeased } from './traffic/lease';
import { acceptedWeights } from './traffic/weights';

/** Whether this execution, for this release, is the one that may change the environment. */
export function ownsLock(state: EnvironmentState, task: TaskInput): state is EnvironmentState & { readonly lock: Lock } {
  return state.lock?.execution === task.execution && state.lock.release === task.release;
}

/** Whether a release is on its way through the environment, whichever execution it is by: not one that is live there, and contracts its state. */
export function isOnItsWayIn({ lock }: EnvironmentState, version: string): boolean {
  return lock?.release === version && !lock.contract;
}

/**
 * The slot a new release goes to: one that serves nobody. With a spare slot, the version that was live before stays where it is, to
 * roll back to; with two, the new release takes its place.
 * @returns undefined when every slot serves somebody
 */
export function shadowColour(plan: EnvironmentPlan, state: EnvironmentState): string | undefined {
  const idle = plan.slots.map((slot) => slot.colour).filter((colour) => colour !== state.live?.colour && !state.weights[colour]);
  return idle.find((colour) => colour !== state.previous?.colour) ?? idle[0];
}

/** The environment belongs to one release from here on. */
export function locked(state: EnvironmentState, task: TaskInput, colour: string, since: string, isEmergency = false): EnvironmentState {
  const lock = { release: task.release, execution: task.execution, colour, since, shifted: false, ...(isEmergency && ({ emergency: true } as const)) };
  return { ...without(state, 'bake', 'rollBackRequested', 'retiredAt'), lock };
}

/** What a slot held is about to be overwritten: nobody may send traffic there, or roll back to it, until it is deployed again. */
export function emptied(state: EnvironmentState, colour: string, taken: { readonly by: string; readonly at: string }): EnvironmentState {
  const { [colour]: _held, ...slots } = state.slots;
  const { previous } = state;
  return previous?.colour === colour ? { ...without(state, 'previous'), slots, previousTaken: { ...previous, ...taken } } : { ...state, slots };
}

export function filled(state: EnvironmentState, colour: string, slot: SlotState): EnvironmentState {
  return { ...state, slots: { ...state.slots, [colour]: slot } };
}

/** Recorded before the live rule is written: from here on, traffic may have moved, whatever becomes of the writer. */
export function aboutToShift(state: EnvironmentState, intended: Weights): EnvironmentState {
  return { ...state, lock: { ...lockOf(state), shifted: true, intended } };
}

/** Recorded after the live rule was written and read back. */
export function shifted(state: EnvironmentState, weights: Weights): EnvironmentState {
  const { intended: _done, ...lock } = lockOf(state);
  return { ...state, weights, lock, ...(state.outage && { outage: outageAfter(state.outage, weights) }) };
}

/** Over as soon as anybody has users, under way as soon as nobody has. */
function outageAfter({ over: _over, ...outage }: Outage, weights: Weights): Outage {
  return Object.keys(weights).length > 0 ? { ...outage, over: true } : outage;
}

/** The shadow is live, what was live is what a later roll back goes to. @param earlyLifeSupportUntil undefined: there is none */
export function accepted(state: EnvironmentState, digest: string, now: string, earlyLifeSupportUntil?: string): EnvironmentState {
  const { colour, release: version } = lockOf(state);
  const against = state.outage?.against;
  const previous = state.live ? { previous: { ...state.live, ...(against && { contract: against }) } } : {};
  const free = without(unlocked(idle(state, state.live?.colour, now)), 'previousTaken', 'outage');
  return {
    ...free,
    ...previous,
    live: { colour, version, digest, ...(earlyLifeSupportUntil !== undefined && { earlyLifeSupportUntil }) },
    weights: { [colour]: 100 },
  };
}

/** Traffic is where it was before the release entered. */
export function rolledBack(state: EnvironmentState, now: string): EnvironmentState {
  return { ...without(abandoned(state, now), 'outage'), weights: acceptedWeights(state) };
}

/** The release that held the environment has ended without going live: its slot serves nobody. */
export function abandoned(state: EnvironmentState, now: string): EnvironmentState {
  return unlocked(idle(state, state.lock?.colour, now));
}

/** Recorded before the live rule is written, outside any release: from here on users may be on what was live before. Asked for again, the first one stands. */
export function aboutToSwapBack(state: EnvironmentState, asked: NonNullable<EnvironmentState['goingBack']>): EnvironmentState {
  return state.goingBack ? state : { ...state, goingBack: asked };
}

/** It cannot be, and users were seen to be on what is live. */
export function notSwappedBack(state: EnvironmentState): EnvironmentState {
  return without(state, 'goingBack');
}

/** What was live before is live again, outside any release; what was live is in its slot, and no target. Swapping twice changes no more than times. */
export function swappedBack(state: EnvironmentState, now: string): EnvironmentState {
  if (!state.live || !state.previous) return state;
  const { rolledBack, ...live } = state.previous;
  const busy = busyAgain(idle(without(state, 'rollBackRequested', 'goingBack'), state.live.colour, now), live.colour);
  return { ...busy, live, previous: rolledBack ? state.live : { ...state.live, rolledBack: true }, weights: { [live.colour]: 100 } };
}

/** Nobody is served from the slot from here on: the time it is kept warm begins. */
function idle(state: EnvironmentState, colour: string | undefined, idleSince: string): EnvironmentState {
  const slot = colour === undefined ? undefined : state.slots[colour];
  return colour === undefined || slot === undefined ? state : filled(state, colour, { ...slot, idleSince });
}

function busyAgain(state: EnvironmentState, colour: string): EnvironmentState {
  const slot = state.slots[colour];
  if (!slot) return state;
  const { idleSince: _since, ...busy } = slot;
  return filled(state, colour, busy);
}

/** Recorded before a slot is lowered. */
export function lowered(state: EnvironmentState, colour: string, from: number): EnvironmentState {
  const slot = state.slots[colour];
  return slot ? filled(state, colour, { ...slot, loweredFrom: from }) : state;
}

/** Recorded after a slot was seen to run all that it was asked for. @param seconds how long that took; undefined: nobody saw */
export function raised(state: EnvironmentState, colour: string, seconds: number | undefined): EnvironmentState {
  const slot = state.slots[colour];
  if (!slot) return state;
  const { loweredFrom: _from, ...full } = slot;
  return filled(state, colour, { ...full, ...(seconds !== undefined && { startSeconds: seconds }) });
}

/** Free for the next release. */
export function unlocked(state: EnvironmentState): EnvironmentState {
  return without(state, 'lock', 'bake', 'rollBackRequested');
}

/** Whether a slot holds exactly this version. */
export function holds(state: EnvironmentState, wanted: HeldVersion): boolean {
  const slot = state.slots[wanted.colour];
  return slot !== undefined && slot.version === wanted.version && slot.digest === wanted.digest;
}

/** Whether the lock may be given up without touching traffic: nothing was shifted under it, and nobody is about to. */
export function mayBeFreed(state: EnvironmentState, now: string): 'yes' | 'shifted' | 'leased' {
  if (state.lock?.shifted) return 'shifted';
  return isLeased(state, now) ? 'leased' : 'yes';
}

function lockOf(state: EnvironmentState): Lock {
  if (state.lock) return state.lock;
  throw new Conflict(`${state.environment} was freed meanwhile: no release holds its lock`);
}

function without<Key extends 'bake' | 'rollBackRequested' | 'goingBack' | 'lock' | 'previous' | 'previousTaken' | 'outage' | 'retiredAt'>(
  state: EnvironmentState,
  ...keys: Key[]
): Omit<EnvironmentState, Key> {
  return Object.fromEntries(Object.entries(state).filter(([key]) => !keys.includes(key as Key))) as unknown as Omit<EnvironmentState, Key>;
}
