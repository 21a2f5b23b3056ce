import { noticeOf } from '../../../../lambda/domain/health/alarm';
import { type Measurement, measuredInWords } from '../../../../lambda/domain/health/measured';

const LATENCY: Measurement = {
  metric: 'TargetResponseTime',
  statistic: 'p99',
  periodSeconds: 60,
  comparison: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  reason:
    'Threshold Crossed: 2 out of the last 2 datapoints [1.8 (26/11/26 14:01:00), 2.1234567 (26/11/26 14:00:00)] were greater than or equal to the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition).',
};
const data = (recentDatapoints: unknown) => JSON.stringify({ version: '1.0', recentDatapoints, threshold: 1 });

test.each<[string, Partial<Measurement>, string]>([
  ['a value, by its data', { data: data([1.8]) }, 'p99 of the response time: 1.8 s in 1 minute, allowed: less than 1 s'],
  ['values, by the sentence, oldest first', {}, 'p99 of the response time: 2.123 s and 1.8 s in 2 periods of 1 minute, allowed: less than 1 s'],
  ['periods without a value', { data: data([null, 1.8]) }, 'p99 of the response time: 1.8 s in 1 minute, allowed: less than 1 s'],
  ['data that is none', { data: '{' }, 'p99 of the response time: 2.123 s and 1.8 s in 2 periods of 1 minute, allowed: less than 1 s'],
  [
    'a count',
    { metric: 'LambdaUserError', statistic: 'SUM', threshold: 5, periodSeconds: 120, data: data([12_345]) },
    'sum of the failures of the function: 12345 in 2 minutes, allowed: less than 5',
  ],
  [
    "a team's own metric",
    { metric: 'Conversion', statistic: 'Average', comparison: 'LessThanThreshold', threshold: 0.5, periodSeconds: 30, data: data([1e-3]) },
    'average of Conversion: 0.001 in 30 seconds, allowed: at least 0.5',
  ],
  ['data without a value, by the sentence', { data: data([]) }, 'p99 of the response time: 2.123 s and 1.8 s in 2 periods of 1 minute, allowed: less than 1 s'],
  ['data that is nothing', { data: 'null' }, 'p99 of the response time: 2.123 s and 1.8 s in 2 periods of 1 minute, allowed: less than 1 s'],
  [
    'answers, more than which are too many, in a period of its own length',
    { metric: 'HTTPCode_Target_5XX_Count', statistic: 'Sum', comparison: 'GreaterThanThreshold', threshold: 0, periodSeconds: 1, data: data([3]) },
    'sum of the answers with 5xx: 3 in 1 second, allowed: at most 0',
  ],
  [
    'what is too little',
    { metric: 'Orders', statistic: 'Minimum', comparison: 'LessThanOrEqualToThreshold', threshold: 2, periodSeconds: 90, data: data([-1.5]) },
    'minimum of Orders: -1.5 in 90 seconds, allowed: more than 2',
  ],
  [
    'what is very much, by the sentence',
    { metric: 'Bytes', reason: 'Threshold Crossed: 1 datapoint [1.5E3 (26/11/26 14:00:00)] was greater than the threshold (1.0).', threshold: 1_000 },
    'p99 of Bytes: 1500 in 1 minute, allowed: less than 1000',
  ],
  [
    'what is very little, by the sentence',
    {
      reason: 'Threshold Crossed: 1 datapoint [-2.5E-14 (26/11/26 14:00:00)] was less than the threshold (0.0).',
      comparison: 'LessThanThreshold',
      threshold: 0,
    },
    'p99 of the response time: 0 s in 1 minute, allowed: at least 0 s',
  ],
])('says %s', (_what, given, said) => {
  expect(measuredInWords({ ...LATENCY, ...given })).toBe(said);
});

test.each<[string, Partial<Measurement>]>([
  ['a composite alarm, or one on an expression', { metric: undefined }],
  ['an alarm on a band', { comparison: 'GreaterThanUpperThreshold' }],
  ['one without a statistic', { statistic: undefined }],
  ['one without a period', { periodSeconds: undefined }],
  ['one without a threshold', { threshold: undefined }],
  ['one without a comparison', { comparison: undefined }],
  ['silence', { reason: 'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching].' }],
])("of %s it is CloudWatch's own sentence", (_what, given) => {
  const measurement = { ...LATENCY, ...given };
  expect(measuredInWords(measurement)).toBe(measurement.reason);
});

test('the notice of an alarm says it too; of a topic that says less, its own sentence', () => {
  const notice = { AlarmName: 'a', NewStateValue: 'ALARM', NewStateReason: LATENCY.reason };
  const { metric: MetricName, statistic: ExtendedStatistic, periodSeconds: Period, comparison: ComparisonOperator, threshold: Threshold } = LATENCY;
  const Trigger = { MetricName, StatisticType: 'ExtendedStatistic', ExtendedStatistic, Period, ComparisonOperator, Threshold };
  expect(noticeOf(JSON.stringify({ ...notice, Trigger }))?.reason).toBe(measuredInWords(LATENCY));
  expect(noticeOf(JSON.stringify(notice))?.reason).toBe(LATENCY.reason);
  for (const other of ['x', null, 7]) expect(noticeOf(JSON.stringify({ ...notice, Trigger: other }))?.reason).toBe(LATENCY.reason);
});
