import { AutoScalingClient, DescribeAutoScalingGroupsCommand, DescribeScalingActivitiesCommand, SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { AutoScalingCapacity } from '../../../lambda/adapters/auto-scaling-capacity';
import { CapacityByKind } from '../../../lambda/adapters/capacity-by-kind';
import { CapacityKeeper } from '../../../lambda/adapters/capacity-keeper';
import { EcsCapacity } from '../../../lambda/adapters/ecs-capacity';
import type { CapacityTarget } from '../../../lambda/contract';
import { examplePlan } from '../example-path';

const [ecs, groups, lambda] = [mockClient(ECSClient), mockClient(AutoScalingClient), mockClient(LambdaClient)];
const plan = examplePlan();
const service: CapacityTarget = { kind: 'ecsService', cluster: 'payments', service: 'blue', least: 2 };
const group: CapacityTarget = { kind: 'autoScalingGroup', group: 'payments-blue', least: 2 };
const capacity = new CapacityByKind(new EcsCapacity(() => new ECSClient({})), new AutoScalingCapacity(() => new AutoScalingClient({})));

beforeEach(() => {
  for (const mock of [ecs, groups, lambda]) mock.reset();
});

describe('the tasks of a service', () => {
  const createdAt = new Date('2026-01-05T09:00:00Z');
  const updatedAt = new Date('2026-01-05T09:01:14Z');
  const found = (service: object) => ecs.on(DescribeServicesCommand, { cluster: 'payments', services: ['blue'] }).resolves({ services: [service] });

  test('are those of its latest deployment: older ones run what the slot held before', async () => {
    found({
      status: 'ACTIVE',
      desiredCount: 4,
      runningCount: 4,
      deployments: [
        { status: 'PRIMARY', runningCount: 1, rolloutState: 'IN_PROGRESS', createdAt, updatedAt },
        { status: 'ACTIVE', runningCount: 3, rolloutState: 'COMPLETED', createdAt, updatedAt },
      ],
      events: [{ message: '(service blue) has started 1 tasks' }, { message: 'older' }],
    });
    expect(await capacity.read(plan, service)).toEqual({ desired: 4, running: 1, said: '(service blue) has started 1 tasks' });
  });

  test('tell how long the deployment took, once it is complete', async () => {
    found({ status: 'ACTIVE', desiredCount: 2, deployments: [{ status: 'PRIMARY', runningCount: 2, rolloutState: 'COMPLETED', createdAt, updatedAt }] });
    expect(await capacity.read(plan, service)).toEqual({ desired: 2, running: 2, startSeconds: 74 });
  });

  test.each([
    [{ failures: [{ reason: 'MISSING' }] }, 'MISSING'],
    [{ services: [{ status: 'INACTIVE' }] }, 'INACTIVE'],
    [{}, 'not there'],
  ])('of a service that is gone are an error that says so: %j', async (answer, why) => {
    ecs.on(DescribeServicesCommand).resolves(answer);
    await expect(capacity.read(plan, service)).rejects.toThrow(`the service blue in the cluster payments of Production cannot be read: ${why}`);
  });

  test('are set with their number and nothing else, which is all that is allowed', async () => {
    ecs.on(UpdateServiceCommand).resolves({});
    await capacity.set(plan, service, 0);
    expect(ecs.commandCalls(UpdateServiceCommand).map(({ args }) => args[0].input)).toEqual([{ cluster: 'payments', service: 'blue', desiredCount: 0 }]);
  });
});

describe('the instances of a group', () => {
  const instance = (LifecycleState: 'InService' | 'Pending', HealthStatus = 'Healthy') => ({ LifecycleState, HealthStatus }) as never;

  test('count when they are in service and healthy; while some are missing the last thing that happened is told', async () => {
    groups.on(DescribeAutoScalingGroupsCommand, { AutoScalingGroupNames: ['payments-blue'] }).resolves({
      AutoScalingGroups: [{ DesiredCapacity: 3, Instances: [instance('InService'), instance('InService', 'Unhealthy'), instance('Pending')] } as never],
    });
    groups.on(DescribeScalingActivitiesCommand).resolves({ Activities: [{ Description: 'Launching a new EC2 instance', StatusMessage: 'no room' } as never] });
    expect(await capacity.read(plan, group)).toEqual({ desired: 3, running: 1, said: 'Launching a new EC2 instance: no room' });
  });

  test('are not asked about when all are there', async () => {
    groups.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [{ DesiredCapacity: 1, Instances: [instance('InService')] } as never] });
    expect(await capacity.read(plan, group)).toEqual({ desired: 1, running: 1 });
    expect(groups.commandCalls(DescribeScalingActivitiesCommand)).toEqual([]);
  });

  test('of a group that is gone are an error that says so', async () => {
    groups.on(DescribeAutoScalingGroupsCommand).resolves({});
    await expect(capacity.read(plan, group)).rejects.toThrow('there is no Auto Scaling group payments-blue in Production');
  });

  test('are set whatever the group did last', async () => {
    groups.on(SetDesiredCapacityCommand).resolves({});
    await capacity.set(plan, group, 5);
    expect(groups.commandCalls(SetDesiredCapacityCommand).map(({ args }) => args[0].input)).toEqual([
      { AutoScalingGroupName: 'payments-blue', DesiredCapacity: 5, HonorCooldown: false },
    ]);
  });
});

test('the function that raises is asked without waiting for it', async () => {
  lambda.on(InvokeCommand).resolves({});
  await new CapacityKeeper(new LambdaClient({}), 'keep-capacity').raise({ environment: 'Production' });
  const [call] = lambda.commandCalls(InvokeCommand);
  expect(call?.args[0].input).toMatchObject({ FunctionName: 'keep-capacity', InvocationType: 'Event' });
  expect(Buffer.from(call?.args[0].input.Payload as Uint8Array).toString()).toBe('{"environment":"Production"}');
});
