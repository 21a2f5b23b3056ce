import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { CloudWatchAlarms } from '../../../lambda/adapters/cloudwatch-alarms';
import { examplePlan } from '../example-path';

const cloudWatch = mockClient(CloudWatchClient);
const plan = examplePlan();
const alarms = new CloudWatchAlarms(() => new CloudWatchClient({}));

beforeEach(() => cloudWatch.reset());

test('which fire and which do not exist, metric and composite ones', async () => {
  cloudWatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [
      { AlarmName: 'errors', StateValue: 'ALARM' },
      { AlarmName: 'latency', StateValue: 'OK' },
      { AlarmName: 'young', StateValue: 'INSUFFICIENT_DATA' },
    ],
    CompositeAlarms: [{ AlarmName: 'all', StateValue: 'ALARM' }],
  });
  expect(await alarms.read(plan, ['errors', 'latency', 'young', 'all', 'gone'])).toEqual({ firing: ['errors', 'all'], missing: ['gone'] });
  expect(cloudWatch.commandCalls(DescribeAlarmsCommand)[0]?.args[0].input.AlarmTypes).toEqual(['MetricAlarm', 'CompositeAlarm']);
});

test('more than a hundred are asked for by the hundred', async () => {
  cloudWatch
    .on(DescribeAlarmsCommand)
    .callsFake(({ AlarmNames }) => ({ MetricAlarms: AlarmNames.map((AlarmName: string) => ({ AlarmName, StateValue: 'ALARM' })) }));
  const names = Array.from({ length: 201 }, (_, n) => `alarm-${n}`);
  expect(await alarms.read(plan, names)).toEqual({ firing: names, missing: [] });
  expect(cloudWatch.commandCalls(DescribeAlarmsCommand).map((call) => call.args[0].input.AlarmNames?.length)).toEqual([100, 100, 1]);
});

test('no alarms, no question', async () => {
  expect(await alarms.read(plan, [])).toEqual({ firing: [], missing: [] });
  expect(cloudWatch.calls()).toHaveLength(0);
});
