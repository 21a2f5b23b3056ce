import { DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client, type TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type EnvironmentPlan, weightsOf } from '../contract';
import type { FrontDoors, Targets } from '../domain/ports';
import type { ClientFor } from './client-for';
import { isElbError } from './elb-error';
import { liveRuleOf } from './listener-rules';

/** The targets of slots as the load balancer sees them, with the environment's observer role. */
export class AlbTargets implements Targets {
  constructor(
    private readonly clientFor: ClientFor<ElasticLoadBalancingV2Client>,
    private readonly frontDoors: FrontDoors,
  ) {}

  async healthy(plan: EnvironmentPlan, targetGroupArn: string): Promise<number> {
    const TargetHealthDescriptions = await this.targets(plan, targetGroupArn);
    // A function is a target without health checks unless they are switched on for it.
    return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy' || TargetHealth?.Reason === 'Target.HealthCheckDisabled')
      .length;
  }

  async serve(plan: EnvironmentPlan, targetGroupArn: string): Promise<boolean> {
    const rule = await liveRuleOf(this.clientFor(plan), this.frontDoors, plan);
    return (weightsOf(rule?.Actions ?? [])[targetGroupArn] ?? 0) > 0;
  }

  /** None where the target group is gone: what served before any release is not ours to keep. */
  private async targets(plan: EnvironmentPlan, TargetGroupArn: string): Promise<TargetHealthDescription[]> {
    try {
      const { TargetHealthDescriptions = [] } = await this.clientFor(plan).send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      return TargetHealthDescriptions;
    } catch (error) {
      if (isElbError(error, 'TargetGroupNotFound')) return [];
      throw error;
    }
  }
}
