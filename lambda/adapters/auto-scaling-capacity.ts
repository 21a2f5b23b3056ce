import {
  type AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import type { CapacityTarget, EnvironmentPlan } from '../contract';
import type { CapacityReading } from '../domain/ports';
import type { ClientFor } from './client-for';

type Group = Extract<CapacityTarget, { kind: 'autoScalingGroup' }>;

/** The instances of an Auto Scaling group, with the environment's capacity role. */
export class AutoScalingCapacity {
  constructor(private readonly clientFor: ClientFor<AutoScalingClient>) {}

  /** @throws when there is no such group */
  async read(plan: EnvironmentPlan, { group }: Group): Promise<CapacityReading> {
    const client = this.clientFor(plan);
    const { AutoScalingGroups } = await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }));
    const [found] = AutoScalingGroups ?? [];
    if (!found) throw new Error(`there is no Auto Scaling group ${group} in ${plan.environment}; deploy a release to its slot`);
    const running = (found.Instances ?? []).filter(({ LifecycleState, HealthStatus }) => LifecycleState === 'InService' && HealthStatus === 'Healthy').length;
    const desired = found.DesiredCapacity ?? 0;
    if (running >= desired) return { desired, running };
    const { Activities } = await client.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, MaxRecords: 1 }));
    const [latest] = Activities ?? [];
    const said = latest && [latest.Description, latest.StatusMessage].filter(Boolean).join(': ');
    return { desired, running, ...(said && { said }) };
  }

  /** Refused by the service when it is more than the group's largest size. */
  async set(plan: EnvironmentPlan, { group }: Group, count: number): Promise<void> {
    await this.clientFor(plan).send(new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity: count, HonorCooldown: false }));
  }
}
