import { ERRORS, type Failure } from '../../contract';
import type { Delivery } from '../model';
import { type Asked, abortedBy, askedBy, NOT_ABORTED, TAKEN_BACK } from '../release/told-to-stop';
import type { Firing } from './firing';
import type { Reading } from './verdict';

/** What ends a bake, or the wait for people, as the machine that waits on the token is told: it comes back in a failure, as `<error>: <cause>`. */
type EndedBy = Extract<Delivery, { readonly to: 'token' }>;

/** @param percent the share of live traffic that the slot had */
export function endedByAlarm(token: string, { alarm, reason }: Firing, { colour, percent }: { readonly colour: string; readonly percent: number }): EndedBy {
  const cause = `alarm ${alarm} of slot ${colour} at ${percent} percent: ${reason}`;
  return { to: 'token', token, answer: { error: ERRORS.alarmRaised, cause } };
}

export function endedByTest(token: string, { verdict, subject, expected, actual }: Reading): EndedBy {
  const cause = `${subject}: ${verdict}: expected ${expected}, found ${actual}`;
  return { to: 'token', token, answer: { error: ERRORS.testFailed, cause } };
}

export function endedByRequest(token: string, asked: Asked): EndedBy {
  return { to: 'token', token, answer: { error: ERRORS.rollBackRequested, cause: askedBy(asked) } };
}

export function endedByAbort(token: string, asked: Asked): EndedBy {
  return { to: 'token', token, answer: { error: ERRORS.aborted, cause: abortedBy(asked) } };
}

/**
 * A failure about what it is about. The machine knows only that the new version's bake was ended: by which alarm or test, or by whom, is in the words that it was
 * told. Left as it is, all that ever ends a bake would be one failure, and share a ticket.
 */
export function inPlainWords(failure: Failure, release: string): Failure {
  const told = partsOf<[error: string, cause: string]>(/^(\w+): (.*)/s, failure.actual);
  if (!told) return failure;
  const [error, cause] = told;
  switch (error) {
    case ERRORS.alarmRaised:
      return { ...failure, ...ofAlarm(cause) };
    case ERRORS.testFailed:
      return { ...failure, ...ofTest(cause) };
    case ERRORS.rollBackRequested:
      return { ...failure, ...TAKEN_BACK, actual: cause, ofRelease: release };
    case ERRORS.aborted:
      return cause.startsWith('aborted by ') ? { ...failure, subject: 'the release', expected: NOT_ABORTED, actual: cause } : failure;
    default:
      return failure;
  }
}

function ofAlarm(cause: string): Partial<Failure> {
  const told = partsOf<[alarm: string, colour: string, percent: string, reason: string]>(/^alarm (.+?) of slot (\S+) at (\d+) percent: (.*)/s, cause);
  if (!told) return {};
  const [alarm, colour, percent, reason] = told;
  return { subject: `alarm ${alarm}`, actual: `it fired while slot ${colour} had ${percent} percent: ${reason}` };
}

/** In the same words as where the bake was over by then, and the test answers for itself. */
function ofTest(cause: string): Partial<Failure> {
  const told = partsOf<[subject: string, verdict: string, expected: string, found: string]>(TOLD_OF_TEST, cause);
  if (!told) return {};
  const [subject, verdict, expected, found] = told;
  return { subject, expected, actual: verdict === 'failed' ? found : `${verdict}: ${found}` };
}

const TOLD_OF_TEST = /(.+?): (failed|inconclusive|error): expected (.*?), found (.*)/s;

/** @typeParam T one for each group of the pattern */
function partsOf<T extends string[]>(pattern: RegExp, text: string): T | undefined {
  return pattern.exec(text)?.slice(1) as T | undefined;
}
