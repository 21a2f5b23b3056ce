import { hash } from 'node:crypto';
import { type CloudWatchClient, GetMetricDataCommand, GetMetricStatisticsCommand, type MetricAlarm, type Statistic } from '@aws-sdk/client-cloudwatch';
import { BASELINE_PERIODS, LATE_PERIODS } from '../domain/health/baseline';
import { metricInWords } from '../domain/health/measured';
import type { AlarmValues } from '../domain/ports';

/** What raises an alarm. Those that compare with a band are not here: they have no one threshold whose place another could take. */
const RAISED: Readonly<Record<string, Pick<AlarmValues, 'raisedBy' | 'raisedAt'>>> = {
  GreaterThanOrEqualToThreshold: { raisedBy: 'more', raisedAt: true },
  GreaterThanThreshold: { raisedBy: 'more', raisedAt: false },
  LessThanOrEqualToThreshold: { raisedBy: 'less', raisedAt: true },
  LessThanThreshold: { raisedBy: 'less', raisedAt: false },
};

interface Span {
  readonly StartTime: Date;
  readonly EndTime: Date;
}

/** A value, and when its period began. */
interface Point {
  readonly at: Date;
  readonly value: number;
}

/**
 * What an alarm has measured in the whole periods before now. One metric is read by `GetMetricStatistics`, which every observer may; an expression by
 * `GetMetricData`, which it may where the environment has one.
 */
export async function alarmValues(client: CloudWatchClient, alarm: MetricAlarm, now: string): Promise<AlarmValues | { readonly unknown: string }> {
  const raised = RAISED[alarm.ComparisonOperator ?? ''];
  const { Threshold: threshold } = alarm;
  if (raised === undefined || threshold === undefined) return { unknown: 'it does not compare with one threshold' };
  const [periods, seconds] = [alarm.EvaluationPeriods ?? 0, periodOf(alarm)];
  if (periods === 0 || seconds === 0) return { unknown: 'CloudWatch does not say over which periods it looks' };
  const [period, looks] = [seconds * 1_000, Math.max(periods, BASELINE_PERIODS) + LATE_PERIODS];
  // The period that runs is left out: half a sum is below every limit.
  const end = Math.floor(Date.parse(now) / period) * period;
  const start = end - looks * period;
  const span = { StartTime: new Date(start), EndTime: new Date(end) };
  const found = await (alarm.Metrics?.length ? ofExpression(client, alarm, span) : ofMetric(client, alarm, span));
  const inPeriod = (index: number) => found.find(({ at }) => Math.floor((at.getTime() - start) / period) === index)?.value ?? null;
  const statistic = alarm.ExtendedStatistic ?? alarm.Statistic;
  const words = alarm.MetricName && statistic ? metricInWords(alarm.MetricName, statistic) : { what: 'its expression' };
  const values = Array.from({ length: looks }, (_, index) => inPeriod(index));
  return { values, periods, breaching: alarm.DatapointsToAlarm ?? periods, threshold, ...raised, by: definitionOf(alarm), ...words };
}

/** Of what makes two alarms' values the same kind of values; what it is called, says and does is left out. */
function definitionOf({ Dimensions = [], ...alarm }: MetricAlarm): string {
  const { Namespace, MetricName, Statistic, ExtendedStatistic, Period, Unit, Metrics, EvaluationPeriods, DatapointsToAlarm, ComparisonOperator } = alarm;
  const dimensions = Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort();
  const measures = [Namespace, MetricName, dimensions, Statistic, ExtendedStatistic, Period, Unit, Metrics];
  const definition = JSON.stringify([...measures, EvaluationPeriods, DatapointsToAlarm, ComparisonOperator]);
  return hash('sha256', definition).slice(0, 16);
}

/** In seconds; an expression is computed by the longest of what it is made of. */
function periodOf({ Period = 0, Metrics = [] }: MetricAlarm): number {
  return Math.max(Period, ...Metrics.map((query) => query.MetricStat?.Period ?? query.Period ?? 0));
}

async function ofMetric(client: CloudWatchClient, alarm: MetricAlarm, span: Span): Promise<readonly Point[]> {
  const { Namespace, MetricName, Dimensions, Period, Unit, Statistic, ExtendedStatistic: extended } = alarm;
  const asked = extended === undefined ? { Statistics: [Statistic as Statistic] } : { ExtendedStatistics: [extended] };
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({ Namespace, MetricName, Dimensions, Period, ...asked, ...(Unit !== undefined && { Unit }), ...span }),
  );
  return Datapoints.flatMap((point) => {
    const value = extended === undefined ? point[Statistic as Statistic] : point.ExtendedStatistics?.[extended];
    return value === undefined || point.Timestamp === undefined ? [] : { at: point.Timestamp, value };
  });
}

async function ofExpression(client: CloudWatchClient, { Metrics = [] }: MetricAlarm, span: Span): Promise<readonly Point[]> {
  const { MetricDataResults = [] } = await client.send(new GetMetricDataCommand({ MetricDataQueries: Metrics, ...span }));
  const judged = Metrics.find(({ ReturnData }) => ReturnData !== false)?.Id;
  const { Timestamps = [], Values = [] } = MetricDataResults.find(({ Id }) => Id === judged) ?? {};
  return Timestamps.flatMap((at, index) => {
    const value = Values[index];
    return value === undefined ? [] : { at, value };
  });
}
