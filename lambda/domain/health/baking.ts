import { ERRORS, type StartBakeInput } from '../../contract';
import { eventOf } from '../audit';
import type { Change, EnvironmentState, Release } from '../model';
import { shareOf, withoutBake } from './bake';
import type { Firing } from './firing';

/** Ends a bake by an alarm: the machine that waits goes on to the roll back within the second. */
export function endBake(state: EnvironmentState & Required<Pick<EnvironmentState, 'bake' | 'lock'>>, { alarm, reason }: Firing, now: string): Change {
  const { token, release, colour } = state.bake;
  const percent = shareOf(state, state.bake);
  const task = { environment: state.environment, release, execution: state.lock.execution };
  return {
    put: [withoutBake(state)],
    audit: [eventOf(task, now, 'AlarmRaised', { alarm, reason, colour, percent }, reason)],
    deliver: [{ to: 'token', token, answer: { error: ERRORS.alarmRaised, cause: `alarm ${alarm} of slot ${colour} at ${percent} percent: ${reason}` } }],
  };
}

/**
 * What has happened before the token was stored, when nobody could tell the machine: it is told now.
 * @returns undefined when there is nothing to tell, and the bake goes on
 */
export function toldAtOnce(input: StartBakeInput, release: Release, state: EnvironmentState, firing: readonly Firing[], now: string): Change | undefined {
  const { token } = input;
  if (state.bake?.token !== token || !state.lock) return undefined;
  const { lock, bake } = state;
  const fail = (error: string, cause: string): Change => ({
    put: [withoutBake(state)],
    audit: [],
    deliver: [{ to: 'token', token, answer: { error, cause } }],
  });
  if (state.rollBackRequested) return fail(ERRORS.rollBackRequested, `${state.rollBackRequested.by} asked for it: ${state.rollBackRequested.reason}`);
  if (release.aborted) return fail(ERRORS.aborted, `aborted by ${release.aborted.by}: ${release.aborted.reason}`);
  const [first] = firing;
  if (first === undefined) return undefined;
  return endBake({ ...state, lock, bake }, { alarm: first.alarm, reason: `in ALARM when the bake started: ${first.reason}` }, now);
}
