import type { Failure, TaskInput } from '../../contract';
import { ownsLock } from '../environment';
import type { EnvironmentState, Release } from '../model';
import { whyStopped, whyTakenBack } from '../release/told-to-stop';

/** @returns undefined while the environment belongs to this release */
export function lostLock(step: string, task: TaskInput, state: EnvironmentState): Failure | undefined {
  if (ownsLock(state, task)) return undefined;
  const holder = state.lock ? `release ${state.lock.release} has held it since ${state.lock.since}, by ${state.lock.execution}` : 'nobody holds it';
  return { step, logs: task.execution, subject: `the lock of ${task.environment}`, expected: 'held by this release and execution', actual: holder };
}

/**
 * Asked by every step right before it acts: does the environment still belong to this release, and does nobody want it stopped?
 * @returns why the release cannot go on; undefined when it can
 */
export function mayGoOn(step: string, task: TaskInput, release: Release, state: EnvironmentState): Failure | undefined {
  const lost = lostLock(step, task, state);
  if (lost) return lost;
  const about = { step, logs: task.execution };
  if (release.aborted) {
    return { ...about, subject: 'the release', ...whyStopped(release.aborted) };
  }
  if (state.rollBackRequested) {
    return { ...about, ...whyTakenBack(task.release, state.rollBackRequested) };
  }
  if (state.goingBack) {
    const { by, reason } = state.goingBack;
    const actual = `${by} asked for its roll back: ${reason}`;
    return { ...about, subject: `what is live in ${task.environment}`, expected: 'stays so until the release is', actual };
  }
  return undefined;
}
