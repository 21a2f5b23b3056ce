import { type Duration, Token } from 'aws-cdk-lib';
import { PathToLiveError } from './errors';
import { shown } from './shown';

/** Longest single wait: a Standard execution of Step Functions lives one year, https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html. */
export const LONGEST_WAIT_DAYS = 364;
const DAY_SECONDS = 24 * 60 * 60;

/** A value a user gave, and how to talk about it. */
export interface Subject {
  readonly code: string;
  /** Construct path or the words the value was written with. */
  readonly where: string;
  /** What it is, for example `the percentage`. */
  readonly what: string;
}

/** Whether the value is known at synth; what is not cannot be checked, and CloudFormation is left to judge it. */
export function isKnown(value: unknown): boolean {
  return !Token.isUnresolved(value);
}

/**
 * That a value becomes part of names and states, which are settled at synth.
 *
 * @throws PathToLiveError
 */
export function requireLiteral(subject: Subject, value: unknown): void {
  if (!isKnown(value)) throw new PathToLiveError(subject.code, subject.where, `${subject.what} is only known at deployment; give a literal`);
}

/**
 * That a number is whole and within bounds, both included.
 *
 * @throws PathToLiveError that names the value and what is allowed
 */
export function requireWhole(subject: Subject, value: number, least: number, most: number): void {
  if (isKnown(value) && (!Number.isInteger(value) || value < least || value > most)) {
    throw new PathToLiveError(subject.code, subject.where, `${subject.what} is ${shown(value)}; it must be a whole number from ${least} to ${most}`);
  }
}

/**
 * That a text has a shape.
 *
 * @param allowed the shape in words, with an example
 * @throws PathToLiveError that names the value and what is allowed
 */
export function requireMatch(subject: Subject, value: string, pattern: RegExp, allowed: string): void {
  if (isKnown(value) && (typeof value !== 'string' || !pattern.test(value))) {
    throw new PathToLiveError(subject.code, subject.where, `${subject.what} is ${shown(value)}; it must be ${allowed}`);
  }
}

/**
 * That a duration is whole seconds within bounds, and known: it becomes a literal.
 *
 * @returns seconds
 * @throws PathToLiveError that names the value and what is allowed
 */
export function requireSeconds(subject: Subject, value: Duration, least: number, most = LONGEST_WAIT_DAYS * DAY_SECONDS): number {
  if (value.isUnresolved()) {
    throw new PathToLiveError(
      subject.code,
      subject.where,
      `${subject.what} is only known at deployment; give a literal, for example Duration.minutes(10): it is written into the state machine`,
    );
  }
  const seconds = value.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < least || seconds > most) {
    const upper = most % DAY_SECONDS === 0 ? `${most / DAY_SECONDS} days` : `${most} seconds`;
    throw new PathToLiveError(
      subject.code,
      subject.where,
      `${subject.what} is ${JSON.stringify(value.toHumanString())} (${seconds} s); it must be whole seconds, at least ${least} s and at most ${upper}`,
    );
  }
  return seconds;
}

/**
 * That somebody who switches a safety off says why.
 *
 * @throws PathToLiveError that names the value and what is allowed
 */
export function requireReason(where: string, reason: string): void {
  if (isKnown(reason) && (typeof reason !== 'string' || reason.trim().length === 0)) {
    throw new PathToLiveError('ReasonMissing', where, `the reason is ${shown(reason)}; say in words why this is not needed here, for whoever reviews it`);
  }
}

/**
 * That a path can be asked of a slot.
 *
 * @throws PathToLiveError that names the value and what is allowed
 */
export function requireHttpPath(where: string, path: string): void {
  requireMatch(
    { code: 'HttpPath', where, what: 'the path' },
    path,
    /^\/[\x21-\x7e]{0,1023}$/,
    'a path on the slot that starts with "/" and has no spaces, for example "/health"',
  );
}

/**
 * That each path pattern of a listener rule can match: it is held against the path alone, which starts with `/`.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 *
 * @param of whose they are, for the message: ` of the rule "Internal"`
 * @throws PathToLiveError that names the value and what is allowed
 */
export function requirePathPatterns(code: string, where: string, patterns: readonly string[], of = ''): void {
  const allowed = 'a path, which starts with "/" (or with * or ?), for example "/pay" or "/pay/*": another would match nothing';
  for (const pattern of patterns) requireMatch({ code, where, what: `a pattern in pathPatterns${of}` }, pattern, /^[/*?]/, allowed);
}

/** Octets 0-255 and a prefix; of IPv6 the shape only, CloudFormation has the last word. */
const CIDR = /^(((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!\/)|(?=\/))){4}\/(3[0-2]|[12]?\d)|(?=[^/]*:[^/]*:)[0-9A-Fa-f:.]{2,45}\/(12[0-8]|1[01]\d|[1-9]?\d))$/;

/**
 * That a text is a network.
 *
 * @throws PathToLiveError that names the value and what is allowed
 */
export function requireCidr(subject: Subject, cidr: string): void {
  requireMatch(subject, cidr, CIDR, 'an IPv4 or IPv6 block, for example "203.0.113.0/24"');
}

/**
 * That a list is not empty.
 *
 * @param fix what to do about an empty one
 * @throws PathToLiveError that names the value and what is allowed
 */
export function requireSome(subject: Subject, list: readonly unknown[], fix: string): void {
  if (list.length === 0) {
    throw new PathToLiveError(subject.code, subject.where, `${subject.what} is empty; ${fix}`);
  }
}

/** @returns the first value that occurs twice */
export function firstRepeated(values: readonly string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}
