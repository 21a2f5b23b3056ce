import { type CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { EnvironmentPlan } from '../contract';
import type { Clock, FrontDoors, Health } from '../domain/ports';
import type { ClientFor } from './client-for';

const MINUTE_MS = 60_000;
/** GetMetricStatistics answers so many data points in one call. */
const MAX_POINTS = 1_440;

/** The services that know how an environment is. */
export interface HealthClients {
  readonly metrics: ClientFor<CloudWatchClient>;
  readonly targets: ClientFor<ElasticLoadBalancingV2Client>;
}

/** How a slot is, by the load balancer's own metrics and health checks. */
export class CloudWatchHealth implements Health {
  constructor(
    private readonly clients: HealthClients,
    private readonly frontDoors: FrontDoors,
    private readonly clock: Clock,
  ) {}

  /** Metrics come by the minute, about one minute late: the minute that `since` is in counts in full, and the latest requests are not yet in. */
  async requests(plan: EnvironmentPlan, targetGroupArn: string, since: string): Promise<number> {
    const { loadBalancerArn } = await this.frontDoors.read(plan);
    const start = Math.floor(Date.parse(since) / MINUTE_MS) * MINUTE_MS;
    const end = (Math.floor(Date.parse(this.clock.now()) / MINUTE_MS) + 1) * MINUTE_MS;
    const minutes = (end - start) / MINUTE_MS;
    const { Datapoints = [] } = await this.clients.metrics(plan).send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'RequestCount',
        Dimensions: [
          { Name: 'TargetGroup', Value: fullName(targetGroupArn) },
          { Name: 'LoadBalancer', Value: fullName(loadBalancerArn).replace(/^loadbalancer\//, '') },
        ],
        StartTime: new Date(start),
        EndTime: new Date(end),
        Period: 60 * Math.ceil(minutes / MAX_POINTS),
        Statistics: ['Sum'],
      }),
    );
    return Datapoints.reduce((sum, point) => sum + (point.Sum ?? 0), 0);
  }

  async healthyTargets(plan: EnvironmentPlan, targetGroupArn: string): Promise<number> {
    const { TargetHealthDescriptions = [] } = await this.clients.targets(plan).send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }));
    // A function is a target without health checks unless they are switched on for it.
    return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy' || TargetHealth?.Reason === 'Target.HealthCheckDisabled')
      .length;
  }
}

/** What metrics call a load balancer or a target group: the last part of its ARN. */
function fullName(arn: string): string {
  return arn.split(':').slice(5).join(':');
}
