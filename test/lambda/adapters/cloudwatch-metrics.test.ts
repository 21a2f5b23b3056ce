import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { CloudWatchMetrics } from '../../../lambda/adapters/cloudwatch-metrics';
import type { MetricGatePlan } from '../../../lambda/contract';
import { examplePlan } from '../example-path';
import { FakeClock } from '../fake-engine';
import { FakeFrontDoors } from '../fake-platform';

const cloudWatch = mockClient(CloudWatchClient);
const plan = examplePlan();
const slot = { colour: 'green', version: '1.1.0', targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/green/73e2d6bc24d8a067' };
const gate: MetricGatePlan = {
  kind: 'metric',
  name: 'FailedOrders',
  queries: [
    { id: 'judged_', expression: '100 * failed / asked' },
    {
      id: 'failed',
      namespace: 'Shop',
      metricName: 'Failed',
      dimensions: { Version: '{slot.version}', Colour: 'of {slot.colour}' },
      statistic: 'Sum',
      unit: 'Count',
    },
    {
      id: 'asked',
      namespace: 'AWS/ApplicationELB',
      metricName: 'RequestCount',
      dimensions: { TargetGroup: '{slot.targetGroup}', LoadBalancer: '{slot.loadBalancer}' },
      statistic: 'Sum',
    },
  ],
  periodSeconds: 60,
  atMost: 1,
  minimumDatapoints: 1,
};
let clock: FakeClock;
let metrics: CloudWatchMetrics;
const asked = (call = 0) => cloudWatch.commandCalls(GetMetricDataCommand)[call]?.args[0].input;

beforeEach(() => {
  cloudWatch.reset();
  clock = new FakeClock();
  metrics = new CloudWatchMetrics(() => new CloudWatchClient({}), new FakeFrontDoors(), clock);
});

test('asks for what is judged, and for what that is computed from, of this slot', async () => {
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Id: 'judged_', StatusCode: 'Complete', Values: [0.5, 2] }] });
  clock.advance(30);
  expect(await metrics.values(plan, gate, slot, '2026-01-05T08:56:42.000Z')).toEqual([0.5, 2]);
  expect(asked()?.MetricDataQueries).toEqual([
    { Id: 'judged_', Expression: '100 * failed / asked', Period: 60, ReturnData: true },
    {
      Id: 'failed',
      MetricStat: {
        Metric: {
          Namespace: 'Shop',
          MetricName: 'Failed',
          Dimensions: [
            { Name: 'Version', Value: '1.1.0' },
            { Name: 'Colour', Value: 'of green' },
          ],
        },
        Period: 60,
        Stat: 'Sum',
        Unit: 'Count',
      },
      ReturnData: false,
    },
    {
      Id: 'asked',
      MetricStat: {
        Metric: {
          Namespace: 'AWS/ApplicationELB',
          MetricName: 'RequestCount',
          Dimensions: [
            { Name: 'TargetGroup', Value: 'targetgroup/green/73e2d6bc24d8a067' },
            { Name: 'LoadBalancer', Value: 'app/Production/1' },
          ],
        },
        Period: 60,
        Stat: 'Sum',
      },
      ReturnData: false,
    },
  ]);
});

test('asks for whole periods only: half a sum is below every lower limit', async () => {
  cloudWatch.on(GetMetricDataCommand).resolves({});
  clock.advance(30);
  await metrics.values(plan, gate, slot, '2026-01-05T08:56:42.000Z');
  expect([asked()?.StartTime, asked()?.EndTime]).toEqual([new Date('2026-01-05T08:57:00.000Z'), new Date('2026-01-05T09:00:00.000Z')]);
});

test('of a bake without a whole period there is nothing, and nobody is asked', async () => {
  clock.advance(59);
  expect(await metrics.values(plan, gate, slot, '2026-01-05T08:59:30.000Z')).toEqual([]);
  expect(asked()).toBeUndefined();
});

test('goes on until CloudWatch has no more', async () => {
  cloudWatch
    .on(GetMetricDataCommand)
    .resolvesOnce({ NextToken: 'more', MetricDataResults: [{ Id: 'judged_', StatusCode: 'PartialData', Values: [1] }] })
    .resolves({ MetricDataResults: [{ Id: 'judged_', StatusCode: 'Complete', Values: [2] }] });
  expect(await metrics.values(plan, gate, slot, '2026-01-05T08:00:00.000Z')).toEqual([1, 2]);
  expect(asked(1)?.NextToken).toBe('more');
});

test.each(['InternalError', 'Forbidden'] as const)('what could not be computed, %s, is no silence', async (StatusCode) => {
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Id: 'judged_', StatusCode, Messages: [{ Code: 'X', Value: 'no right to it' }] }] });
  await expect(metrics.values(plan, gate, slot, '2026-01-05T08:00:00.000Z')).rejects.toThrow(`CloudWatch could not compute it: ${StatusCode}: no right to it`);
});
