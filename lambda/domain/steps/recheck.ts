import type { Failure, TaskInput } from '../../contract';
import { ownsLock } from '../environment';
import type { EnvironmentState, Release } from '../model';
import { whyStopped } from '../release/told-to-stop';

/**
 * Asked by every step right before it acts: does the environment still belong to this release, and does nobody want it stopped?
 * @returns why the release cannot go on; undefined when it can
 */
export function mayGoOn(step: string, task: TaskInput, release: Release, state: EnvironmentState): Failure | undefined {
  const about = { step, logs: task.execution };
  if (!ownsLock(state, task)) {
    const holder = state.lock ? `release ${state.lock.release} has held it since ${state.lock.since}, by ${state.lock.execution}` : 'nobody holds it';
    return { ...about, subject: `the lock of ${task.environment}`, expected: 'held by this release and execution', actual: holder };
  }
  if (release.aborted) {
    return { ...about, subject: 'the release', ...whyStopped(release.aborted) };
  }
  if (state.rollBackRequested) {
    const { by, reason } = state.rollBackRequested;
    return { ...about, subject: 'the release', expected: 'nobody asked for its roll back', actual: `${by} asked for it: ${reason}` };
  }
  if (state.goingBack) {
    const { by, reason } = state.goingBack;
    const actual = `${by} asked for its roll back: ${reason}`;
    return { ...about, subject: `what is live in ${task.environment}`, expected: 'stays so until the release is', actual };
  }
  return undefined;
}
