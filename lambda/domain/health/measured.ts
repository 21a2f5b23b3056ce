import { timeInWords } from '../../contract';

/** What an alarm goes by, and why it is in its state: as DescribeAlarms says it, and the notice of an alarm. */
export interface Measurement {
  /** Undefined for a composite alarm, and for one on an expression. */
  readonly metric?: string;
  /** For example `Sum` or `p99`, in any case. */
  readonly statistic?: string;
  readonly periodSeconds?: number;
  /** One of CloudWatch's comparison operators. */
  readonly comparison?: string;
  readonly threshold?: number;
  /** CloudWatch's own sentence, with the values that crossed the threshold. */
  readonly reason: string;
  /** Its `StateReasonData`, JSON; notices have none. */
  readonly data?: string;
}

/** What the metrics are that our own alarms look at, and what their values are in. */
const METRICS: Readonly<Record<string, { readonly what: string; readonly unit?: string }>> = {
  TargetResponseTime: { what: 'the response time', unit: 's' },
  HTTPCode_Target_5XX_Count: { what: 'the answers with 5xx' },
  LambdaUserError: { what: 'the failures of the function' },
};

/** What is allowed by an alarm that is raised by the comparison. */
const ALLOWED: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: 'less than',
  GreaterThanThreshold: 'at most',
  LessThanOrEqualToThreshold: 'more than',
  LessThanThreshold: 'at least',
};

/**
 * The measured value and what is allowed, for example `p99 of the response time: 1.8 s in 1 minute, allowed: less than 1 s`. CloudWatch's own
 * sentence where it does not say what was measured, as of composite alarms, expressions, and alarms that are raised by silence.
 */
export function measuredInWords(measurement: Measurement): string {
  const { metric, statistic, periodSeconds, comparison = '', threshold, reason } = measurement;
  const allowed = ALLOWED[comparison];
  const values = valuesOf(measurement);
  if (!metric || !statistic || !periodSeconds || threshold === undefined || allowed === undefined || values.length === 0) return reason;
  const { what, unit } = metricInWords(metric, statistic);
  const withUnit = (value: number) => `${shown(value)}${unit === undefined ? '' : ` ${unit}`}`;
  const time = timeInWords(periodSeconds);
  const times = values.length === 1 ? time : `${values.length} periods of ${time}`;
  return `${what}: ${values.map(withUnit).join(' and ')} in ${times}, allowed: ${allowed} ${withUnit(threshold)}`;
}

/** For example `p99 of the response time`, and what its values are in. */
export function metricInWords(metric: string, statistic: string): { readonly what: string; readonly unit?: string } {
  const { what, unit } = METRICS[metric] ?? { what: metric };
  return { what: `${statistic.toLowerCase()} of ${what}`, ...(unit !== undefined && { unit }) };
}

/** To three places. */
export function shown(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}

function valuesOf({ data, reason }: Measurement): number[] {
  const recent = data === undefined ? undefined : recentDatapoints(data);
  return recent !== undefined && recent.length > 0 ? recent : valuesIn(reason);
}

/** Of the periods that were looked at, those that had a value. */
function recentDatapoints(data: string): number[] | undefined {
  try {
    const points = (JSON.parse(data) as { recentDatapoints?: unknown } | null)?.recentDatapoints;
    return Array.isArray(points) ? points.filter((value): value is number => typeof value === 'number') : undefined;
  } catch {
    // The sentence says the same.
    return undefined;
  }
}

/** The newest first in the sentence, the oldest first here: `… [1.8 (26/11/26 14:00:00), 2.0 (26/11/26 13:59:00)] were greater than …` */
function valuesIn(reason: string): number[] {
  const points = /\[([^\]]*)\]/.exec(reason)?.[1] ?? '';
  const values = [...points.matchAll(/(-?[\d.]+(?:E-?\d+)?) \(\d/g)].map(([, value]) => Number(value));
  return values.filter((value) => Number.isFinite(value)).reverse();
}
