import type { EnterInput, EnvironmentPlan, Failure } from '../../contract';
import type { Change, EnvironmentState, Release } from '../model';
import { step } from '../steps/step';
import type { Other } from './take-place';

/** A release that nothing but others keeps out of an environment. */
export interface AtTheDoor {
  readonly task: EnterInput;
  readonly release: Release;
  readonly plan: EnvironmentPlan;
  readonly state: EnvironmentState;
  /** The releases that have the environment or wait in front of it, and this one, where any of them could take the place of another. */
  readonly others: readonly Other[];
  /** Why it would not get in even if it were free: nobody gives way for nothing. */
  readonly keptOut?: Failure;
  readonly now: string;
}

/**
 * `comes`: nobody is in the way, and `state` and `change` are what that leaves. `waits`: for its turn. `gaveWay`: another is told to stop, or was, and has not
 * stopped yet. `stops`: it does not get in.
 */
export type Turn =
  | { readonly kind: 'comes'; readonly state: EnvironmentState; readonly change: Required<Change> }
  | { readonly kind: 'waits'; readonly change: Change }
  | { readonly kind: 'gaveWay'; readonly change?: Change; readonly why: string }
  | { readonly kind: 'stops'; readonly failure: Failure; readonly change?: Change };

export const NOTHING: Required<Change> = { put: [], audit: [], deliver: [] };

/** Where nobody waits, and nobody gives way. */
export function onlyWhereFree(door: AtTheDoor): Turn {
  return door.state.lock ? { kind: 'stops', failure: held(door) } : { kind: 'comes', state: door.state, change: NOTHING };
}

/** Why a release does not get in where nobody waits. */
export function held({ state, task, release }: AtTheDoor): Failure {
  const { lock } = state;
  const holder = lock?.contract ? `the contract of ${lock.release}` : `release ${lock?.release}`;
  const actual = `${holder} has held it since ${lock?.since}, by ${lock?.execution}: submit ${release.version} again when it has ended`;
  return { step: step.enter(task.environment), logs: task.execution, subject: `the lock of ${task.environment}`, expected: 'free', actual };
}
