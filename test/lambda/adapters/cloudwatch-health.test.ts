import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { CloudWatchHealth } from '../../../lambda/adapters/cloudwatch-health';
import { examplePlan } from '../example-path';
import { FakeClock } from '../fake-engine';
import { FakeFrontDoors } from '../fake-platform';

const cloudWatch = mockClient(CloudWatchClient);
const plan = examplePlan();
const targetGroup = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/blue/73e2d6bc24d8a067';
let clock: FakeClock;
let health: CloudWatchHealth;

beforeEach(() => {
  cloudWatch.reset();
  clock = new FakeClock();
  health = new CloudWatchHealth(() => new CloudWatchClient({}), new FakeFrontDoors(), clock);
});

describe('requests', () => {
  test("are the target group's own, of whole minutes", async () => {
    cloudWatch.on(GetMetricStatisticsCommand).resolves({ Datapoints: [{ Sum: 40 }, { Sum: 2 }] });
    clock.advance(30);
    expect(await health.requests(plan, targetGroup, '2026-01-05T08:57:42.000Z')).toBe(42);
    expect(cloudWatch.commandCalls(GetMetricStatisticsCommand)[0]?.args[0].input).toEqual({
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'RequestCount',
      Dimensions: [
        { Name: 'TargetGroup', Value: 'targetgroup/blue/73e2d6bc24d8a067' },
        { Name: 'LoadBalancer', Value: 'app/Production/1' },
      ],
      StartTime: new Date('2026-01-05T08:57:00.000Z'),
      EndTime: new Date('2026-01-05T09:01:00.000Z'),
      Period: 60,
      Statistics: ['Sum'],
    });
  });

  test('of a slot nobody asked are none', async () => {
    cloudWatch.on(GetMetricStatisticsCommand).resolves({});
    expect(await health.requests(plan, targetGroup, clock.now())).toBe(0);
  });

  test.each([
    ['2026-01-04T09:01:00.000Z', 60],
    ['2026-01-04T09:00:00.000Z', 120],
    ['2026-01-01T09:00:00.000Z', 300],
  ])('since %s come in periods of %d seconds, for the service answers 1,440 of them', async (since, period) => {
    cloudWatch.on(GetMetricStatisticsCommand).resolves({});
    await health.requests(plan, targetGroup, since);
    expect(cloudWatch.commandCalls(GetMetricStatisticsCommand)[0]?.args[0].input.Period).toBe(period);
  });
});
