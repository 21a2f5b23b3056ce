import { matches, matchesArn } from './pattern';
import type { Conditions } from './statement';

/** What is known of a request: key -> value or values. Keys are compared without case. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** `unknown`: it depends on something the context does not say. */
export type Held = 'yes' | 'no' | 'unknown';

type Test = (wanted: string, given: string) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringEqualsIgnoreCase: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  StringLike: (wanted, given) => matches(wanted, given),
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  NumericEquals: (wanted, given) => Number(wanted) === Number(given),
  NumericLessThan: (wanted, given) => Number(given) < Number(wanted),
  NumericLessThanEquals: (wanted, given) => Number(given) <= Number(wanted),
  NumericGreaterThan: (wanted, given) => Number(given) > Number(wanted),
  NumericGreaterThanEquals: (wanted, given) => Number(given) >= Number(wanted),
};

/** Each negation is fulfilled by a key that is not there, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html. */
const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

/**
 * Whether the conditions of a statement hold: all of them must.
 *
 * @param complete whether the context is all there is: a key it does not have is then absent from the request, otherwise it is not known
 */
export function conditionsHold(conditions: Conditions, context: Context, complete = false): Held {
  const lower = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]));
  const held = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => holds(operator, wanted, lower.get(key.toLowerCase()), complete)),
  );
  if (held.includes('no')) return 'no';
  return held.includes('unknown') ? 'unknown' : 'yes';
}

function holds(operator: string, wanted: readonly string[], given: readonly string[] | undefined, complete: boolean): Held {
  const [, quantifier = '', name = '', ifExists = ''] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (given === undefined && !complete) return 'unknown';
  if (name === 'Null') return asHeld((given === undefined) === (wanted[0]?.toLowerCase() === 'true'));
  const positive = NEGATIONS[name];
  const test = TESTS[positive ?? name];
  if (test === undefined) return 'unknown';
  if (given === undefined) return asHeld(ifExists !== '' || quantifier === 'ForAllValues:' || (positive !== undefined && quantifier === ''));
  const one = (value: string) => wanted.some((pattern) => test(pattern, value)) === (positive === undefined);
  return asHeld(quantifier === 'ForAnyValue:' ? given.some(one) : given.every(one));
}

function asHeld(yes: boolean): Held {
  return yes ? 'yes' : 'no';
}
