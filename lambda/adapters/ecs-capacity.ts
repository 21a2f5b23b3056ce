import { type Deployment, DescribeServicesCommand, type ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { CapacityTarget, EnvironmentPlan } from '../contract';
import type { CapacityReading } from '../domain/ports';
import type { ClientFor } from './client-for';

type EcsService = Extract<CapacityTarget, { kind: 'ecsService' }>;

/** The tasks of a service on Amazon ECS, with the environment's capacity role. */
export class EcsCapacity {
  constructor(private readonly clientFor: ClientFor<ECSClient>) {}

  /** @throws when there is no such service */
  async read(plan: EnvironmentPlan, { cluster, service }: EcsService): Promise<CapacityReading> {
    const { services, failures } = await this.clientFor(plan).send(new DescribeServicesCommand({ cluster, services: [service] }));
    const [found] = services ?? [];
    if (found?.status !== 'ACTIVE') {
      const why = failures?.[0]?.reason ?? found?.status ?? 'not there';
      throw new Error(`the service ${service} in the cluster ${cluster} of ${plan.environment} cannot be read: ${why}; deploy a release to its slot`);
    }
    const primary = found.deployments?.find(({ status }) => status === 'PRIMARY');
    const startSeconds = secondsOf(primary);
    const said = found.events?.[0]?.message;
    return {
      desired: found.desiredCount ?? 0,
      // Of an older deployment none count: they run what the slot held before.
      running: primary?.runningCount ?? found.runningCount ?? 0,
      ...(startSeconds !== undefined && { startSeconds }),
      ...(said !== undefined && { said }),
    };
  }

  async set(plan: EnvironmentPlan, { cluster, service }: EcsService, count: number): Promise<void> {
    await this.clientFor(plan).send(new UpdateServiceCommand({ cluster, service, desiredCount: count }));
  }
}

/** From the deployment's beginning until it was complete; later changes of the number of tasks are no deployments. */
function secondsOf(deployment: Deployment | undefined): number | undefined {
  const { rolloutState, createdAt, updatedAt } = deployment ?? {};
  if (rolloutState !== 'COMPLETED' || !createdAt || !updatedAt) return undefined;
  return Math.max(0, Math.round((updatedAt.getTime() - createdAt.getTime()) / 1000));
}
