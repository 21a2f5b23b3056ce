import type { Failure, TaskInput } from '../../contract';
import type { EnvironmentState, Freeze } from '../model';
import { isOut } from '../outage/outage';

/**
 * The freeze that nothing may go live under right now. One whose end has come is over by itself. Users who are out, in a planned outage, are never kept without a
 * version by one: it is about those who have one.
 *
 * @returns undefined when the environment is not frozen
 */
export function frozenNow(state: EnvironmentState, now: string): Freeze | undefined {
  return isOut(state) ? undefined : runningFreeze(state, now);
}

/** The same, whether users are out or not. */
export function runningFreeze({ freeze }: EnvironmentState, now: string): Freeze | undefined {
  return freeze && (freeze.until === undefined || now < freeze.until) ? freeze : undefined;
}

/** Why a step that cannot be taken back is not taken. @param at the step, as a release manager reads it */
export function frozenFailure(at: string, { environment, release, execution }: TaskInput, freeze: Freeze): Failure {
  const actual = `${freezeInWords(freeze)}: submit ${release} again when that is over, or end it with ${unfreezeCommand(environment)}`;
  return { step: at, subject: `the freeze of ${environment}`, expected: 'none: nothing goes live under one', actual, logs: execution };
}

/** For people: who, since when, until when and why. */
export function freezeInWords({ by, at, until, reason }: Freeze): string {
  return `frozen by ${by} since ${at}, ${until === undefined ? 'until somebody ends it' : `until ${until}`} (${reason})`;
}

export function freezeCommand(environment: string): string {
  return `ptl freeze ${environment} --reason "<why>"`;
}

export function unfreezeCommand(environment: string): string {
  return `ptl unfreeze ${environment} --reason "<why>"`;
}
