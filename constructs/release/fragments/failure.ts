import type { Failure } from '../../../lambda/contract';
import { EXECUTION, jsonata, literal, type Payload } from './jsonata';

/** What is known of a failure before it happens. */
export type Expectation = Pick<Failure, 'step' | 'subject' | 'expected'>;

/**
 * The error's name and the task's own words. Lambda wraps those into JSON, `{"errorType":…,"errorMessage":"…","trace":[…]}`, in whatever order.
 * Cut out, not parsed: a cause may be cut off itself, and an expression that fails here would fail the execution.
 */
const CAUGHT = [
  "$cause := $exists($states.errorOutput.Cause) ? $string($states.errorOutput.Cause) : 'no cause given'",
  `$said := $contains($cause, '"errorMessage":') ? $substringAfter($substringAfter($cause, '"errorMessage":'), '"') : $cause`,
  `$alone := $substringBefore($substringBefore($replace($said, '", "', '","'), '","trace"'), '","errorType"')`,
  `$states.errorOutput.Error & ': ' & $substring($replace($alone, '\\\\"', '"'), 0, 1000)`,
].join('; ');

/** For a Catch: keeps the failure in the variable `$failure`, which the ticket is made of. */
export function assignCaught(expectation: Expectation): { failure: Payload<Failure> } {
  return { failure: { ...expectation, actual: jsonata(`(${CAUGHT})`), logs: jsonata(EXECUTION) } };
}

/**
 * For a Choice: keeps the failure that an answer carries in `$failure`; one that carries none is itself the failure.
 *
 * @param answer expression for the answer
 */
export function assignAnswered(expectation: Expectation, answer = '$states.input'): { failure: string } {
  const made = fieldsOf(expectation, '$substring($string($answer), 0, 1000)');
  return { failure: jsonata(`($answer := ${answer}; $exists($answer.failure) ? $answer.failure : ${made})`) };
}

/**
 * Expression for an answer that carries a failure, where the answer itself has none.
 *
 * @param actual expression for what was found
 */
export function failureAnswer(expectation: Expectation, actual: string): string {
  return `{"failure": ${fieldsOf(expectation, actual)}}`;
}

function fieldsOf(expectation: Expectation, actual: string): string {
  const fields = { ...quoted(expectation), actual, logs: EXECUTION };
  const made = Object.entries(fields).map(([name, value]) => `${literal(name)}: ${value}`);
  return `{${made.join(', ')}}`;
}

const quoted = ({ step, subject, expected }: Expectation) => ({ step: literal(step), subject: literal(subject), expected: literal(expected) });
