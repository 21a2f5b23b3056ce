import { BatchGetBuildsCommand, CodeBuildClient, ListBuildsForProjectCommand, StartBuildCommand, StopBuildCommand } from '@aws-sdk/client-codebuild';
import { DescribeTasksCommand, ECSClient, ListTasksCommand, RunTaskCommand, StopTaskCommand, type Task } from '@aws-sdk/client-ecs';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { CodeBuildMigrations } from '../../../lambda/adapters/codebuild-migrations';
import { EcsMigrations } from '../../../lambda/adapters/ecs-migrations';
import { LambdaMigrations } from '../../../lambda/adapters/lambda-migrations';
import { MigrationsByKind } from '../../../lambda/adapters/migrations-by-kind';
import type { BuildRunner, TaskRunner } from '../../../lambda/contract';
import { examplePlan } from '../example-path';

const ecs = mockClient(ECSClient);
const codeBuild = mockClient(CodeBuildClient);
const migrations = new MigrationsByKind(
  new LambdaMigrations(() => undefined as unknown as LambdaClient),
  new EcsMigrations(() => new ECSClient({})),
  new CodeBuildMigrations(() => new CodeBuildClient({})),
);

const task: TaskRunner = {
  kind: 'fargateTask',
  cluster: 'cluster',
  taskDefinition: 'arn:aws:ecs:eu-west-2:222222222222:task-definition/family:3',
  container: 'migration',
  subnetIds: 'subnet-1,subnet-2',
  securityGroupIds: 'sg-1',
  assignPublicIp: 'ENABLED',
  timeoutSeconds: 600,
};
const build: BuildRunner = { kind: 'codeBuildProject', project: 'project', timeoutSeconds: 600 };
const request = { migration: 'add-currency', release: '1.1.0', environment: 'Production' };
const TOLD = [
  { name: 'PATH_TO_LIVE_ENVIRONMENT', value: 'Production' },
  { name: 'PATH_TO_LIVE_MIGRATION', value: 'add-currency' },
  { name: 'PATH_TO_LIVE_RELEASE', value: '1.1.0' },
  { name: 'PATH_TO_LIVE_RUN', value: 'the-run' },
];
const run = (runner: TaskRunner | BuildRunner) => ({ name: 'the-run', runner, until: '2026-01-01T00:00:00.000Z' });
const TASK_ARN = 'arn:aws:ecs:eu-west-2:222222222222:task/cluster/0a1b';
const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });

beforeEach(() => {
  ecs.reset();
  codeBuild.reset();
});

describe('a task', () => {
  const looked = (found: Task) => {
    ecs.on(DescribeTasksCommand).resolves({ tasks: [{ taskArn: TASK_ARN, ...found }] });
    return migrations.look(examplePlan(), task, TASK_ARN);
  };
  const container = (exitCode?: number, reason?: string) => ({ containers: [{ name: 'migration', exitCode, reason }] });

  test('is started once by its name, in the slot’s network, and told what it is', async () => {
    ecs.on(RunTaskCommand).resolves({ tasks: [{ taskArn: TASK_ARN }] });
    expect(await migrations.start(examplePlan(), run(task), request)).toEqual({ id: TASK_ARN });
    expect(ecs.commandCalls(RunTaskCommand)[0]?.args[0].input).toEqual({
      cluster: 'cluster',
      taskDefinition: task.taskDefinition,
      launchType: 'FARGATE',
      clientToken: 'the-run',
      startedBy: 'the-run',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'], assignPublicIp: 'ENABLED' } },
      overrides: { containerOverrides: [{ name: 'migration', environment: TOLD }] },
    });
    await migrations.start(examplePlan(), run({ ...task, securityGroupIds: '', assignPublicIp: 'DISABLED' }), request);
    expect(ecs.commandCalls(RunTaskCommand)[1]?.args[0].input.networkConfiguration).toEqual({
      awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'], assignPublicIp: 'DISABLED' },
    });
  });

  test('that ECS does not start is an error in words; one that it is too busy for is thrown', async () => {
    ecs.on(RunTaskCommand).resolves({ failures: [{ reason: 'Capacity is unavailable at this time.' }] });
    expect(await migrations.start(examplePlan(), run(task), request)).toEqual({ error: 'ECS started no task: Capacity is unavailable at this time.' });
    ecs.on(RunTaskCommand).rejects(new Error('not authorized to perform: ecs:RunTask'));
    expect(await migrations.start(examplePlan(), run(task), request)).toEqual({ error: 'not authorized to perform: ecs:RunTask' });
    ecs.on(RunTaskCommand).rejects(throttled);
    await expect(migrations.start(examplePlan(), run(task), request)).rejects.toThrow('Rate exceeded');
  });

  test('is found by its name', async () => {
    ecs.on(ListTasksCommand, { cluster: 'cluster', startedBy: 'the-run' }).resolves({ taskArns: [TASK_ARN] });
    expect(await migrations.find(examplePlan(), run(task))).toBe(TASK_ARN);
    ecs.on(ListTasksCommand).resolves({ taskArns: [] });
    expect(await migrations.find(examplePlan(), run(task))).toBeUndefined();
  });

  test('runs until it has stopped, and is done when its container has ended by itself with exit code 0', async () => {
    expect(await looked({ lastStatus: 'DEPROVISIONING', ...container(0) })).toEqual({ state: 'running' });
    expect(await looked({ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', ...container(0) })).toEqual({ state: 'done', said: `task ${TASK_ARN}` });
    ecs.on(DescribeTasksCommand).resolves({ failures: [{ reason: 'MISSING' }] });
    expect(await migrations.look(examplePlan(), task, TASK_ARN)).toEqual({ state: 'gone' });
  });

  test.each<[string, Task, string]>([
    [
      'with another exit code',
      { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited', ...container(3) },
      'its container ended with exit code 3; the task stopped: Essential container in task exited (EssentialContainerExited)',
    ],
    [
      'with 0, but stopped from outside',
      { stopCode: 'UserInitiated', stoppedReason: 'took too long', ...container(0) },
      'its container ended with exit code 0; the task stopped: took too long (UserInitiated)',
    ],
    [
      'before it started',
      { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError', ...container(undefined, 'pull access denied') },
      'its container has no exit code; the task stopped: CannotPullContainerError; pull access denied (TaskFailedToStart)',
    ],
  ])('that ended %s has failed, with what ECS says and where its log is', async (_, found, reason) => {
    expect(await looked({ lastStatus: 'STOPPED', ...found })).toEqual({
      state: 'failed',
      reason: `${reason}; task ${TASK_ARN}`,
      logs: 'migration/migration/0a1b of /path-to-live/Payments/Production/migrations in 222222222222, eu-west-2',
    });
  });

  test('in a cluster that is not there any more is gone, and never found; what else is refused is thrown', async () => {
    const noCluster = Object.assign(new Error('Cluster not found.'), { name: 'ClusterNotFoundException' });
    ecs.on(ListTasksCommand).rejects(noCluster).on(DescribeTasksCommand).rejects(noCluster);
    expect(await migrations.find(examplePlan(), run(task))).toBeUndefined();
    expect(await migrations.look(examplePlan(), task, TASK_ARN)).toEqual({ state: 'gone' });
    ecs.on(DescribeTasksCommand).rejects(new Error('not authorized'));
    await expect(migrations.look(examplePlan(), task, TASK_ARN)).rejects.toThrow('not authorized');
  });

  test('is stopped with a reason', async () => {
    ecs.on(StopTaskCommand).resolves({});
    await migrations.stop(examplePlan(), task, TASK_ARN, 'took too long');
    expect(ecs.commandCalls(StopTaskCommand)[0]?.args[0].input).toEqual({ cluster: 'cluster', task: TASK_ARN, reason: 'took too long' });
  });
});

describe('a build', () => {
  const looked = (found: object) => {
    codeBuild.on(BatchGetBuildsCommand, { ids: ['project:1'] }).resolves({ builds: [{ id: 'project:1', ...found }] });
    return migrations.look(examplePlan(), build, 'project:1');
  };

  test('is started once by its name, and told what it is', async () => {
    codeBuild.on(StartBuildCommand).resolves({ build: { id: 'project:1' } });
    expect(await migrations.start(examplePlan(), run(build), request)).toEqual({ id: 'project:1' });
    expect(codeBuild.commandCalls(StartBuildCommand)[0]?.args[0].input).toEqual({
      projectName: 'project',
      idempotencyToken: 'the-run',
      environmentVariablesOverride: TOLD.map((variable) => ({ ...variable, type: 'PLAINTEXT' })),
    });
    codeBuild.on(StartBuildCommand).rejects(Object.assign(new Error('no such project'), { name: 'ResourceNotFoundException' }));
    expect(await migrations.start(examplePlan(), run(build), request)).toEqual({ error: 'no such project' });
    codeBuild.on(StartBuildCommand).rejects(throttled);
    await expect(migrations.start(examplePlan(), run(build), request)).rejects.toThrow('Rate exceeded');
  });

  test('is found among its project’s latest by what it was told', async () => {
    const told = (value: string) => ({
      environment: { type: undefined, image: undefined, computeType: undefined, environmentVariables: [{ name: 'PATH_TO_LIVE_RUN', value }] },
    });
    codeBuild.on(ListBuildsForProjectCommand).resolves({ ids: ['project:2', 'project:1'] });
    codeBuild.on(BatchGetBuildsCommand, { ids: ['project:2', 'project:1'] }).resolves({
      builds: [
        { id: 'project:2', ...told('another-run') },
        { id: 'project:1', ...told('the-run') },
      ],
    });
    expect(await migrations.find(examplePlan(), run(build))).toBe('project:1');
    expect(await migrations.find(examplePlan(), { ...run(build), name: 'no-run' })).toBeUndefined();
    codeBuild.on(ListBuildsForProjectCommand).resolves({ ids: [] });
    expect(await migrations.find(examplePlan(), run(build))).toBeUndefined();
    codeBuild.on(ListBuildsForProjectCommand).rejects(Object.assign(new Error('no such project'), { name: 'ResourceNotFoundException' }));
    expect(await migrations.find(examplePlan(), run(build))).toBeUndefined();
  });

  test('runs until it has ended, and is done when it has succeeded', async () => {
    expect(await looked({ buildStatus: 'IN_PROGRESS' })).toEqual({ state: 'running' });
    expect(await looked({ buildStatus: 'SUCCEEDED' })).toEqual({ state: 'done', said: 'build project:1' });
    codeBuild.on(BatchGetBuildsCommand).resolves({ buildsNotFound: ['project:1'] });
    expect(await migrations.look(examplePlan(), build, 'project:1')).toEqual({ state: 'gone' });
  });

  test('that has not has failed, with its phase and the link to its log', async () => {
    const phases = [
      { phaseType: 'INSTALL', phaseStatus: 'SUCCEEDED' },
      { phaseType: 'BUILD', phaseStatus: 'FAILED', contexts: [{ statusCode: 'COMMAND_EXECUTION_ERROR', message: 'exit status 3' }] },
      { phaseType: 'COMPLETED', phaseStatus: 'FAILED' },
    ];
    expect(await looked({ buildStatus: 'FAILED', phases, logs: { deepLink: 'https://console.aws.amazon.com/log' } })).toEqual({
      state: 'failed',
      reason: 'the build ended FAILED in its phase BUILD (FAILED); COMMAND_EXECUTION_ERROR: exit status 3; build project:1',
      logs: 'https://console.aws.amazon.com/log',
    });
    expect(await looked({ buildStatus: 'FAULT' })).toMatchObject({
      reason: 'the build ended FAULT in no phase of its own; build project:1',
      logs: '/path-to-live/Payments/Production/migrations in 222222222222, eu-west-2',
    });
  });

  test('is stopped', async () => {
    codeBuild.on(StopBuildCommand).resolves({});
    await migrations.stop(examplePlan(), build, 'project:1', 'took too long');
    expect(codeBuild.commandCalls(StopBuildCommand)[0]?.args[0].input).toEqual({ id: 'project:1' });
  });
});
