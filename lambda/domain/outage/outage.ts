import { addSeconds } from 'date-fns/addSeconds';
import { differenceInSeconds } from 'date-fns/differenceInSeconds';
import type { Failure, TaskInput } from '../../contract';
import { eventOf } from '../audit';
import { abandoned } from '../environment';
import type { AuditEvent, EnvironmentState, Outage } from '../model';
import { versionInWords } from '../traffic/original';

/** Users of the environment have no version. */
export function isOut(state: EnvironmentState): state is EnvironmentState & { readonly outage: Outage } {
  return state.outage !== undefined && state.outage.over === undefined;
}

/**
 * Whether users stay without a version when the release ends: what was live may not understand the shared state any more. A person who asks for the roll back
 * has said that they are to get it all the same.
 */
export function staysOut({ outage, rollBackRequested }: EnvironmentState): boolean {
  return outage?.against !== undefined && rollBackRequested === undefined;
}

/** Why a release that has not the users yet cannot go on; undefined while there is time, and the way back has not begun. @param seconds that it needs */
export function outOfTime(at: string, { environment, execution }: TaskInput, state: EnvironmentState, now: string, seconds = 0): Failure | undefined {
  if (state.outage?.goesBack) {
    const actual = 'the way back has begun: this is a call that came late';
    return { step: at, subject: `the outage of ${environment}`, expected: 'on its way', actual, logs: execution };
  }
  if (!isOut(state)) return undefined;
  const { until, beganAt, release } = state.outage;
  const ends = addSeconds(now, seconds).toISOString();
  if (ends <= until) return undefined;
  const needs = seconds === 0 ? `it is ${now}` : `it is ${now}, and this may take ${seconds} seconds`;
  const actual = `${needs}: the outage of ${release} began at ${beganAt}`;
  return { step: at, subject: `the outage of ${environment}`, expected: `over by ${until}`, actual, logs: execution };
}

/** Whether the ledger knows that users have no version, and nobody may have written anything else. */
export function isSurelyOut(state: EnvironmentState): boolean {
  return isOut(state) && Object.keys(state.weights).length === 0 && state.lock?.intended === undefined;
}

/** What is still under way for the release, a call that came late for example, finds it and does nothing. */
export function goingBack(state: EnvironmentState): EnvironmentState {
  return state.outage ? { ...state, outage: { ...state.outage, goesBack: true } } : state;
}

/** Recorded where users get a version again; nothing where they were not out. */
export function outageEnded(task: TaskInput, state: EnvironmentState, now: string, how: string): AuditEvent[] {
  if (!isOut(state)) return [];
  const { beganAt, release } = state.outage;
  const seconds = differenceInSeconds(now, beganAt);
  return [eventOf(task, now, 'OutageEnded', { beganAt, began: release, seconds, how })];
}

/** The release has ended, and users stay without a version: whatever comes next finds the outage. */
export function stillOut(state: EnvironmentState, { over: _over, goesBack: _back, ...outage }: Outage, now: string): EnvironmentState {
  return { ...abandoned(state, now), weights: {}, outage };
}

/** Why the release has ended, and what is to be done: its ticket is all that says so. */
export function outBecause(failure: Failure, state: EnvironmentState, outage: Outage): Failure {
  return { ...failure, actual: `${failure.actual}; ${outInWords(state, outage)}: ${waysOut(state, outage)}` };
}

/** For people: who is without a version, since when, and why nothing ends it. */
export function outInWords({ environment, live }: EnvironmentState, { beganAt, release, against, says }: Outage): string {
  const out = `users of ${environment} have had no version since ${beganAt}, for release ${release}, and are answered 503 ${JSON.stringify(says)}`;
  if (against === undefined) return out;
  return `${out}; ${versionInWords(live)} may not understand the shared state since the migration ${against.name} started at ${against.startedAt}, and nothing took that back`;
}

/** Every way out of an outage that nothing ends by itself. */
export function waysOut(state: EnvironmentState, outage: Outage): string {
  const { environment, live } = state;
  const { started } = outage;
  const brings = started.length === 0 ? '' : ` that brings ${started.join(' and ')}, mended`;
  const back = takenBackBy(state, outage);
  const again = `; or submit ${back} again, with ptl release ${back}: where that does not go live, or you ask for ptl roll-back ${environment} before it does, it takes ${started.join(' and ')} back, and users get ${versionInWords(live)}`;
  const anyway = `give users ${versionInWords(live)} all the same, with ptl roll-back ${environment} --reason "<why>"`;
  return `submit a version${brings}, which goes on with the outage${back === undefined ? '' : again}; or ${anyway}`;
}

/** The version that has left it, where that brings what takes back all that has started. */
export function takenBackBy({ slots }: EnvironmentState, { release, started }: Outage): string | undefined {
  const brought = Object.values(slots).find(({ version }) => version === release)?.migrations ?? [];
  const isUndoable = (name: string) => brought.some((each) => each.name === name && each.undo !== undefined);
  return started.length > 0 && started.every(isUndoable) ? release : undefined;
}
