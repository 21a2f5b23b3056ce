import { DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client, type TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type EnvironmentPlan, weightsOf } from '../contract';
import type { FrontDoors, Targets } from '../domain/ports';
import type { ClientFor } from './client-for';
import { isElbError } from './elb-error';
import { liveRulesOf, rulesIn } from './live-rules-of';

/** The targets of slots as the load balancer sees them, with the environment's observer role. */
export class AlbTargets implements Targets {
  constructor(
    private readonly clientFor: ClientFor<ElasticLoadBalancingV2Client>,
    private readonly frontDoors: FrontDoors,
  ) {}

  async healthy(plan: EnvironmentPlan, targetGroupArn: string): Promise<number> {
    const counts = await Promise.all((await this.meantBy(plan, targetGroupArn)).map((arn) => this.healthyIn(plan, arn)));
    return Math.min(...counts);
  }

  async serve(plan: EnvironmentPlan, targetGroupArn: string): Promise<boolean> {
    const found = await liveRulesOf(this.clientFor(plan), this.frontDoors, plan);
    return found.some(({ rule }) => (weightsOf(rule?.Actions ?? [])[targetGroupArn] ?? 0) > 0);
  }

  /** What served before any release is one to the ledger, and by each rule may have been another target group: it can serve where all of them can. */
  private async meantBy(plan: EnvironmentPlan, targetGroupArn: string): Promise<readonly string[]> {
    const rules = rulesIn(await this.frontDoors.read(plan));
    return rules[0]?.original === targetGroupArn ? [...new Set(rules.map(({ original }) => original))] : [targetGroupArn];
  }

  private async healthyIn(plan: EnvironmentPlan, targetGroupArn: string): Promise<number> {
    const TargetHealthDescriptions = await this.targets(plan, targetGroupArn);
    // A function is a target without health checks unless they are switched on for it.
    return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy' || TargetHealth?.Reason === 'Target.HealthCheckDisabled')
      .length;
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
