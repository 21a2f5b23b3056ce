import { type Container, DescribeTasksCommand, type ECSClient, ListTasksCommand, RunTaskCommand, StopTaskCommand, type Task } from '@aws-sdk/client-ecs';
import { type EnvironmentPlan, type MigrationRequest, migrationLogGroup, type TaskRunner } from '../contract';
import type { MigrationLook } from '../domain/ports';
import type { ClientFor } from './client-for';
import { toldOf } from './migration-variables';
import { refusedOr, unlessGone } from './refused';

const NO_CLUSTER = 'ClusterNotFoundException';

/** Migrations as tasks on AWS Fargate, in the slot of their release. */
export class EcsMigrations {
  constructor(private readonly clientFor: ClientFor<ECSClient>) {}

  /**
   * ECS knows the same token again for a day, and for an hour after its task has ended,
   * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html.
   */
  start(plan: EnvironmentPlan, runner: TaskRunner, name: string, request: MigrationRequest): Promise<{ readonly id: string } | { readonly error: string }> {
    const environment = toldOf(request, name);
    return refusedOr(async () => {
      const { tasks, failures } = await this.clientFor(plan).send(
        new RunTaskCommand({
          cluster: runner.cluster,
          taskDefinition: runner.taskDefinition,
          launchType: 'FARGATE',
          clientToken: name,
          startedBy: name,
          networkConfiguration: { awsvpcConfiguration: networkOf(runner) },
          overrides: { containerOverrides: [{ name: runner.container, environment }] },
        }),
      );
      const id = tasks?.[0]?.taskArn;
      if (id !== undefined) return { id };
      return {
        error: `ECS started no task: ${failures?.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(', ')).join('; ') || 'no reason given'}`,
      };
    });
  }

  /** Those that have not ended: of the others `startedBy`, which must be the only filter, says nothing. */
  async find(plan: EnvironmentPlan, { cluster }: TaskRunner, name: string): Promise<string | undefined> {
    const found = await unlessGone(NO_CLUSTER, () => this.clientFor(plan).send(new ListTasksCommand({ cluster, startedBy: name })));
    return found?.taskArns?.[0];
  }

  async look(plan: EnvironmentPlan, { cluster, container }: TaskRunner, id: string): Promise<MigrationLook> {
    const found = await unlessGone(NO_CLUSTER, () => this.clientFor(plan).send(new DescribeTasksCommand({ cluster, tasks: [id] })));
    const [task] = found?.tasks ?? [];
    if (task === undefined) return { state: 'gone' };
    if (task.lastStatus !== 'STOPPED') return { state: 'running' };
    const own = task.containers?.find(({ name }) => name === container);
    const stream = `${container}/${container}/${id.split('/').at(-1)}`;
    // A container that is stopped from outside may end with 0, too.
    if (task.stopCode === 'EssentialContainerExited' && own?.exitCode === 0) return { state: 'done', said: `task ${id}` };
    const logs = `${stream} of ${migrationLogGroup(plan.path, plan.environment)} in ${plan.account}, ${plan.region}`;
    return { state: 'failed', reason: reasonOf(task, own), logs };
  }

  async stop(plan: EnvironmentPlan, { cluster }: TaskRunner, id: string, reason: string): Promise<void> {
    await this.clientFor(plan).send(new StopTaskCommand({ cluster, task: id, reason }));
  }
}

function networkOf({ subnetIds, securityGroupIds, assignPublicIp }: TaskRunner) {
  const groups = listOf(securityGroupIds);
  return {
    subnets: listOf(subnetIds),
    ...(groups.length > 0 && { securityGroups: groups }),
    assignPublicIp: assignPublicIp === 'ENABLED' ? ('ENABLED' as const) : ('DISABLED' as const),
  };
}

function listOf(joined: string): string[] {
  return joined.split(',').filter((one) => one !== '');
}

function reasonOf({ taskArn, stoppedReason, stopCode }: Task, container: Container | undefined): string {
  const exit = container?.exitCode === undefined ? 'its container has no exit code' : `its container ended with exit code ${container.exitCode}`;
  const why = [stoppedReason ?? 'no reason given', container?.reason].filter(Boolean).join('; ');
  return `${exit}; the task stopped: ${why} (${stopCode ?? 'no stop code'}); task ${taskArn}`;
}
