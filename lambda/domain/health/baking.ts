import type { AskWatchedInput, StartBakeInput } from '../../contract';
import { eventOf } from '../audit';
import { voidGate } from '../gates/gate';
import type { Change, Delivery, EnvironmentState, Gate, Release } from '../model';
import { shareOf, withoutBake } from './bake';
import { endedByAbort, endedByAlarm, endedByRequest } from './ended-by';
import type { Firing } from './firing';

/**
 * Ends a bake by an alarm, or the wait for people: the machine that waits goes on to the roll back within the second.
 *
 * @param asked the gate at which people are asked meanwhile: nobody is any more
 */
export function endBake(
  state: EnvironmentState & Required<Pick<EnvironmentState, 'bake' | 'lock'>>,
  { alarm, reason }: Firing,
  now: string,
  asked: Gate | undefined,
): Change {
  const { token, release, colour } = state.bake;
  const percent = shareOf(state, state.bake);
  const task = { environment: state.environment, release, execution: state.lock.execution };
  return {
    put: [withoutBake(state), ...closed(asked)],
    audit: [eventOf(task, now, 'AlarmRaised', { alarm, reason, colour, percent }, reason)],
    deliver: [endedByAlarm(token, { alarm, reason }, { colour, percent })],
  };
}

/** A bake, or a wait for people, whose token has just been stored. */
interface Started {
  readonly input: StartBakeInput | AskWatchedInput;
  readonly release: Release;
  readonly state: EnvironmentState;
  readonly firing: readonly Firing[];
  readonly now: string;
  /** Where people are asked. */
  readonly asked: Gate | undefined;
}

/**
 * What has happened before the token was stored, when nobody could tell the machine: it is told now.
 * @returns undefined when there is nothing to tell, and the bake goes on
 */
export function toldAtOnce({ input, release, state, firing, now, asked }: Started): Change | undefined {
  const { token } = input;
  if (state.bake?.token !== token || !state.lock) return undefined;
  const { lock, bake } = state;
  const fail = (told: Delivery): Change => ({
    put: [withoutBake(state), ...closed(asked)],
    audit: [],
    deliver: [told],
  });
  if (state.rollBackRequested) return fail(endedByRequest(token, state.rollBackRequested));
  if (release.aborted) return fail(endedByAbort(token, release.aborted));
  const [first] = firing;
  if (first === undefined) return undefined;
  return endBake(
    { ...state, lock, bake },
    { alarm: first.alarm, reason: `in ALARM when ${state.bake.asks === undefined ? 'the bake started' : 'people were asked'}: ${first.reason}` },
    now,
    asked,
  );
}

/** An answer that people have given before the alarms were looked at: it is no yes while one of them fires. */
export function unlessAlarmed(answer: Change, { input, state, firing, now }: Omit<Started, 'release' | 'asked'>): Change {
  const first = firing[0];
  if (first === undefined) return answer;
  const { token, colour } = input;
  const percent = shareOf(state, input);
  const told = { alarm: first.alarm, reason: `in ALARM when people had decided: ${first.reason}` };
  return {
    put: [],
    audit: [eventOf(input, now, 'AlarmRaised', { alarm: first.alarm, reason: first.reason, colour, percent }, first.reason)],
    deliver: [endedByAlarm(token, told, { colour, percent })],
  };
}

/** Nobody is asked about what goes back. */
export function closed(asked: Gate | undefined): Gate[] {
  return asked === undefined ? [] : [voidGate(asked)];
}
