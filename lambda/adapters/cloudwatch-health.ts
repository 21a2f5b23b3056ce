import { type CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { EnvironmentPlan } from '../contract';
import type { Clock, FrontDoors, Health } from '../domain/ports';
import type { ClientFor } from './client-for';
import { loadBalancerName, targetGroupName } from './metric-names';

const MINUTE_MS = 60_000;
/** GetMetricStatistics answers so many data points in one call. */
const MAX_POINTS = 1_440;

/** How a slot is, by the load balancer's own metrics. */
export class CloudWatchHealth implements Health {
  constructor(
    private readonly clientFor: ClientFor<CloudWatchClient>,
    private readonly frontDoors: FrontDoors,
    private readonly clock: Clock,
  ) {}

  /** Metrics come by the minute, about one minute late: the minute that `since` is in counts in full, and the latest requests are not yet in. */
  async requests(plan: EnvironmentPlan, targetGroupArn: string, since: string): Promise<number> {
    const { loadBalancerArn } = await this.frontDoors.read(plan);
    const start = Math.floor(Date.parse(since) / MINUTE_MS) * MINUTE_MS;
    const end = (Math.floor(Date.parse(this.clock.now()) / MINUTE_MS) + 1) * MINUTE_MS;
    const minutes = (end - start) / MINUTE_MS;
    const { Datapoints = [] } = await this.clientFor(plan).send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'RequestCount',
        Dimensions: [
          { Name: 'TargetGroup', Value: targetGroupName(targetGroupArn) },
          { Name: 'LoadBalancer', Value: loadBalancerName(loadBalancerArn) },
        ],
        StartTime: new Date(start),
        EndTime: new Date(end),
        Period: 60 * Math.ceil(minutes / MAX_POINTS),
        Statistics: ['Sum'],
      }),
    );
    return Datapoints.reduce((sum, point) => sum + (point.Sum ?? 0), 0);
  }
}
