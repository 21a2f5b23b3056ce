import { object, optional, requireKind } from '../kinds/kind';
import { NUMBER } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { shown } from '../private/shown';
import { isKnown, requireLiteral, requireMatch, requireWhole } from '../private/validate';

export interface MetricGateOptions {
  /**
   * What no period may be above.
   *
   * @default - no upper limit; then `atLeast` is needed
   */
  readonly atMost?: number;
  /**
   * What no period may be below.
   *
   * @default - no lower limit; then `atMost` is needed
   */
  readonly atLeast?: number;
  /**
   * Whole periods of the bake that must have a value; with fewer the verdict is *inconclusive*. A whole number from 1. CloudWatch is about a minute behind,
   * and the first and the last period of a bake are seldom whole: a bake must be longer than one more of them, and a minute.
   *
   * @default 1
   */
  readonly minimumDatapoints?: number;
}

export interface MetricAlarmOptions {
  /**
   * Raised by more than this; one of `atMost` and `atLeast` is needed.
   *
   * @default - `atLeast` says what raises it
   */
  readonly atMost?: number;
  /**
   * Raised by less than this, where there is a value at all; one of `atMost` and `atLeast` is needed.
   *
   * @default - `atMost` says what raises it
   */
  readonly atLeast?: number;
  /**
   * Periods in a row in which it must be beyond the limit. A whole number, 1-10.
   *
   * @default 1
   */
  readonly periods?: number;
}

const GATE_OPTIONS = object<MetricGateOptions>({ atMost: optional(NUMBER), atLeast: optional(NUMBER), minimumDatapoints: optional(NUMBER) });
const ALARM_OPTIONS = object<MetricAlarmOptions>({ atMost: optional(NUMBER), atLeast: optional(NUMBER), periods: optional(NUMBER) });

/** What may be measured. At least one of both is there. */
export type Limits = Pick<MetricGateOptions, 'atMost' | 'atLeast'>;

/** @throws PathToLiveError */
export function requireGateOptions(where: string, options: MetricGateOptions): Limits & { readonly minimumDatapoints: number } {
  requireKind(where, 'options', options, GATE_OPTIONS);
  const limits = requireLimits(where, options);
  const minimumDatapoints = options.minimumDatapoints ?? 1;
  requireWhole({ code: 'MinimumDatapoints', where, what: 'the minimum of data points' }, minimumDatapoints, 1, 100_000);
  return { ...limits, minimumDatapoints };
}

/** @throws PathToLiveError */
export function requireAlarmOptions(where: string, options: MetricAlarmOptions): Limits & { readonly periods: number } {
  requireKind(where, 'options', options, ALARM_OPTIONS);
  const limits = requireLimits(where, options);
  if (limits.atMost !== undefined && limits.atLeast !== undefined) {
    throw new PathToLiveError('MetricLimits', where, 'both atMost and atLeast are given, and an alarm has one threshold; make two alarms');
  }
  const periods = options.periods ?? 1;
  requireWhole({ code: 'AlarmPeriods', where, what: 'the number of periods' }, periods, 1, 10);
  return { ...limits, periods };
}

/** Literals: they are frozen into the plan of a release. */
function requireLimits(where: string, { atMost, atLeast }: Limits): Limits {
  const given = Object.entries({ atMost, atLeast }).filter(([, limit]) => limit !== undefined) as [string, number][];
  if (given.length === 0) throw new PathToLiveError('MetricLimits', where, 'neither atMost nor atLeast is given, so everything would pass; give a limit');
  for (const [name, limit] of given) {
    requireLiteral({ code: 'MetricLimits', where, what: name }, limit);
    if (!Number.isFinite(limit)) throw new PathToLiveError('MetricLimits', where, `${name} is ${shown(limit)}; it must be a number`);
  }
  if (atMost !== undefined && atLeast !== undefined && isKnown(atMost) && atLeast > atMost) {
    throw new PathToLiveError('MetricLimits', where, `atLeast is ${atLeast} and atMost is ${atMost}, so nothing could pass; atLeast must not be above atMost`);
  }
  return Object.fromEntries(given);
}

/**
 * What a gate or an alarm is called in the audit trail, in tickets and in logical ids.
 *
 * @throws PathToLiveError
 */
export function requireHealthName(code: 'GateName' | 'AlarmName', where: string, name: string): string {
  const subject = { code, where, what: 'the name' };
  requireLiteral(subject, name);
  requireMatch(subject, name, /^[A-Z][A-Za-z0-9]{0,39}$/, '1-40 letters and digits in PascalCase, for example "SlowSearch"');
  return name;
}
