import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { CloudWatchAlarms } from '../../../lambda/adapters/cloudwatch-alarms';
import { examplePlan } from '../example-path';
import { FakeClock } from '../fake-engine';

const cloudWatch = mockClient(CloudWatchClient);
const plan = examplePlan();
const alarms = new CloudWatchAlarms(() => new CloudWatchClient({}), new FakeClock());

beforeEach(() => cloudWatch.reset());

test('which fire and which do not exist, metric and composite ones', async () => {
  cloudWatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [
      {
        AlarmName: 'errors',
        StateValue: 'ALARM',
        StateTransitionedTimestamp: new Date('2026-11-26T14:00:00Z'),
        StateUpdatedTimestamp: new Date('2026-11-26T15:00:00Z'),
      },
      { AlarmName: 'latency', StateValue: 'OK' },
      { AlarmName: 'young', StateValue: 'INSUFFICIENT_DATA' },
    ],
    CompositeAlarms: [{ AlarmName: 'all', StateValue: 'ALARM', StateReason: 'two of them' }],
  });
  expect(await alarms.read(plan, ['errors', 'latency', 'young', 'all', 'gone'])).toEqual({
    firing: [
      { alarm: 'errors', reason: 'no reason given', since: '2026-11-26T14:00:00.000Z' },
      { alarm: 'all', reason: 'two of them' },
    ],
    missing: ['gone'],
  });
  expect(cloudWatch.commandCalls(DescribeAlarmsCommand)[0]?.args[0].input.AlarmTypes).toEqual(['MetricAlarm', 'CompositeAlarm']);
});

test('one that fires says what was measured and what is allowed', async () => {
  cloudWatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [
      {
        AlarmName: 'latency',
        StateValue: 'ALARM',
        MetricName: 'TargetResponseTime',
        ExtendedStatistic: 'p99',
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Threshold: 1,
        StateReason: 'Threshold Crossed: 1 datapoint [1.8 (26/11/26 14:00:00)] was greater than or equal to the threshold (1.0).',
        StateReasonData: '{"version":"1.0","statistic":"p99","period":60,"recentDatapoints":[1.8],"threshold":1.0}',
      },
    ],
  });
  const { firing } = await alarms.read(plan, ['latency']);
  expect(firing).toEqual([{ alarm: 'latency', reason: 'p99 of the response time: 1.8 s in 1 minute, allowed: less than 1 s' }]);
});

test('more than a hundred are asked for by the hundred', async () => {
  cloudWatch
    .on(DescribeAlarmsCommand)
    .callsFake(({ AlarmNames }) => ({ MetricAlarms: AlarmNames.map((AlarmName: string) => ({ AlarmName, StateValue: 'ALARM' })) }));
  const names = Array.from({ length: 201 }, (_, n) => `alarm-${n}`);
  expect(await alarms.read(plan, names)).toMatchObject({ firing: names.map((alarm) => ({ alarm })), missing: [] });
  expect(cloudWatch.commandCalls(DescribeAlarmsCommand).map((call) => call.args[0].input.AlarmNames?.length)).toEqual([100, 100, 1]);
});

test('no alarms, no question', async () => {
  expect(await alarms.read(plan, [])).toEqual({ firing: [], missing: [] });
  expect(cloudWatch.calls()).toHaveLength(0);
});
