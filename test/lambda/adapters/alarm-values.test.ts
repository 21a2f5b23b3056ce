import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand, GetMetricStatisticsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { CloudWatchAlarms } from '../../../lambda/adapters/cloudwatch-alarms';
import type { AlarmValues } from '../../../lambda/domain/ports';
import { examplePlan } from '../example-path';
import { FakeClock } from '../fake-engine';

const cloudWatch = mockClient(CloudWatchClient);
const clock = new FakeClock();
const alarms = new CloudWatchAlarms(() => new CloudWatchClient({}), clock);
/** Half a minute after nine. */
const NINE = Date.parse('2026-01-05T09:00:00Z');
clock.advance(30);
const minute = (number: number) => new Date(NINE + number * 60_000);

const LATENCY: MetricAlarm = {
  AlarmName: 'latency',
  Namespace: 'AWS/ApplicationELB',
  MetricName: 'TargetResponseTime',
  Dimensions: [{ Name: 'TargetGroup', Value: 'targetgroup/green/1' }],
  ExtendedStatistic: 'p99',
  Period: 60,
  EvaluationPeriods: 2,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Threshold: 1,
};

beforeEach(() => cloudWatch.reset());
function valuesOf(alarm: MetricAlarm) {
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [alarm] });
  return alarms.values(examplePlan(), 'latency');
}

test('of one metric are read by its own statistic, period by period; the period that runs is left out', async () => {
  cloudWatch.on(GetMetricStatisticsCommand).resolves({
    Datapoints: [
      { Timestamp: minute(-1), ExtendedStatistics: { p99: 2 } },
      { Timestamp: minute(-3), ExtendedStatistics: { p99: 1.5 } },
      { Timestamp: minute(-2), SampleCount: 4 },
    ],
  });
  const nothing = Array.from({ length: 9 }, () => null);
  expect(await valuesOf(LATENCY)).toEqual({
    values: [...nothing, 1.5, null, 2],
    periods: 2,
    breaching: 2,
    raisedBy: 'more',
    raisedAt: true,
    threshold: 1,
    by: expect.stringMatching(/^[0-9a-f]{16}$/),
    what: 'p99 of the response time',
    unit: 's',
  });
  const { AlarmName: _name, EvaluationPeriods: _periods, ComparisonOperator: _comparison, Threshold: _threshold, ExtendedStatistic: _p99, ...metric } = LATENCY;
  expect(cloudWatch.commandCalls(GetMetricStatisticsCommand)[0]?.args[0].input).toEqual({
    ...metric,
    ExtendedStatistics: ['p99'],
    StartTime: minute(-12),
    EndTime: minute(0),
  });
  expect(cloudWatch.commandCalls(DescribeAlarmsCommand)[0]?.args[0].input).toEqual({ AlarmNames: ['latency'], AlarmTypes: ['MetricAlarm'] });
});

test('of a sum, in its unit, over as many periods as it looks at, of which some may be quiet', async () => {
  cloudWatch.on(GetMetricStatisticsCommand).resolves({ Datapoints: [{ Timestamp: minute(-5), Sum: 7 }] });
  const alarm = {
    ...LATENCY,
    ExtendedStatistic: undefined,
    Statistic: 'Sum',
    Unit: 'Count',
    Period: 300,
    EvaluationPeriods: 15,
    DatapointsToAlarm: 3,
  } as const;
  const found = await valuesOf({ ...alarm, MetricName: 'Orders', ComparisonOperator: 'LessThanThreshold' });
  expect(found).toMatchObject({ periods: 15, breaching: 3, raisedBy: 'less', raisedAt: false, what: 'sum of Orders' });
  expect('values' in found && [found.values.length, found.values.at(-1)]).toEqual([17, 7]);
  expect(cloudWatch.commandCalls(GetMetricStatisticsCommand)[0]?.args[0].input).toMatchObject({ Statistics: ['Sum'], Unit: 'Count', Period: 300 });
});

test('are told by which definition: another statistic, period or metric is another one, another threshold, or text, is not', async () => {
  cloudWatch.on(GetMetricStatisticsCommand).resolves({ Datapoints: [] });
  const by = async (given: Partial<MetricAlarm>) => ((await valuesOf({ ...LATENCY, ...given })) as AlarmValues).by;
  const Dimensions = [
    { Name: 'TargetGroup', Value: 'green' },
    { Name: 'LoadBalancer', Value: 'front' },
  ];
  const was = await by({ Dimensions });
  const same: Partial<MetricAlarm>[] = [{ Threshold: 3 }, { AlarmDescription: 'slow' }, { Dimensions: [...Dimensions].reverse() }, { StateReason: 'other' }];
  for (const given of same) expect(await by({ Dimensions, ...given })).toBe(was);
  const others: Partial<MetricAlarm>[] = [
    { ExtendedStatistic: 'p90' },
    { ExtendedStatistic: undefined, Statistic: 'Average' },
    { Period: 300 },
    { MetricName: 'Orders' },
    { Namespace: 'Shop' },
    { Unit: 'Milliseconds' },
    { EvaluationPeriods: 5 },
    { DatapointsToAlarm: 1 },
    { ComparisonOperator: 'GreaterThanThreshold' },
    { Dimensions: Dimensions.slice(1) },
  ];
  const seen = await Promise.all(others.map((given) => by({ Dimensions, ...given })));
  expect(new Set([was, ...seen]).size).toBe(others.length + 1);
});

test('of an expression are what that gives, by the longest period in it', async () => {
  const Metrics = [
    { Id: 'rate', Expression: '100 * errors / requests', ReturnData: true },
    { Id: 'errors', MetricStat: { Metric: { MetricName: 'Errors' }, Period: 300, Stat: 'Sum' }, ReturnData: false },
  ];
  cloudWatch.on(GetMetricDataCommand).resolves({
    MetricDataResults: [
      { Id: 'other', Timestamps: [minute(-5)], Values: [1] },
      { Id: 'rate', Timestamps: [minute(-5), minute(-10)], Values: [12, 11] },
    ],
  });
  const { EvaluationPeriods, ComparisonOperator, Threshold } = LATENCY;
  const found = await valuesOf({ AlarmName: 'latency', Metrics, EvaluationPeriods, ComparisonOperator, Threshold });
  expect(found).toMatchObject({ what: 'its expression', raisedBy: 'more' });
  expect('values' in found && found.values.slice(-2)).toEqual([11, 12]);
  expect(cloudWatch.commandCalls(GetMetricDataCommand)[0]?.args[0].input).toEqual({ MetricDataQueries: Metrics, StartTime: minute(-60), EndTime: minute(0) });
});

describe('are not known', () => {
  test.each<[string, MetricAlarm, string]>([
    ['of one that compares with a band', { ...LATENCY, ComparisonOperator: 'GreaterThanUpperThreshold' }, 'it does not compare with one threshold'],
    ['of one without a threshold', { ...LATENCY, Threshold: undefined }, 'it does not compare with one threshold'],
    ['of one without periods', { ...LATENCY, EvaluationPeriods: undefined }, 'CloudWatch does not say over which periods it looks'],
    ['of one without a period', { ...LATENCY, Period: undefined }, 'CloudWatch does not say over which periods it looks'],
  ])('%s', async (_, alarm, unknown) => {
    expect(await valuesOf(alarm)).toEqual({ unknown });
  });

  test('of a composite alarm', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({});
    expect(await alarms.values(examplePlan(), 'all')).toEqual({ unknown: 'it is no alarm on a metric' });
  });

  test('where they may not be read; a service that is busy is asked again', async () => {
    cloudWatch.on(GetMetricStatisticsCommand).rejects(Object.assign(new Error('not authorized'), { name: 'AccessDenied' }));
    expect(await valuesOf(LATENCY)).toEqual({ unknown: 'not authorized' });
    cloudWatch.on(GetMetricStatisticsCommand).rejects(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
    await expect(valuesOf(LATENCY)).rejects.toThrow('slow down');
  });
});
