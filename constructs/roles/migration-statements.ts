import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StartedMigrations } from '../migrations/started-migrations';
import { arnsOf, serviceLinkedRole } from '../workloads/deploy-statements';
import { FUNCTION_ACTIONS, functionArns } from '../workloads/lambda-permissions';
import type { WorkloadPlace } from '../workloads/workload';

/** In the names of everything in a slot that runs a migration; in a function's, as the beginning of its logical id: that of the construct that holds it. */
const MIGRATIONS = '*SlotMigrations*';
const { FARGATE_TASKS, CODEBUILD_BUILDS } = StartedMigrations;

/** What the hub needs to run them. */
export function migrateStatements(place: WorkloadPlace, migrationRole: string, started: readonly StartedMigrations[]): PolicyStatement[] {
  return [
    new PolicyStatement({ sid: 'Migrations', actions: ['lambda:InvokeFunction'], resources: functionArns(place, MIGRATIONS) }),
    ...(started.includes(FARGATE_TASKS) ? runTasks(place, migrationRole) : []),
    ...(started.includes(CODEBUILD_BUILDS) ? [runBuilds(place)] : []),
  ];
}

/**
 * What CloudFormation needs to make, change and remove their functions.
 *
 * @param workload what it is allowed already: a workload of functions brings most of it
 */
export function migrationDeployStatements(place: WorkloadPlace, migrationRole: string, workload: readonly PolicyStatement[]): PolicyStatement[] {
  const everyFunction = functionArns(place);
  const allowed = workload.filter(
    ({ effect, conditions, resources }) =>
      effect === Effect.ALLOW && Object.keys(conditions).length === 0 && everyFunction.every((arn) => resources.includes(arn)),
  );
  const actions = FUNCTION_ACTIONS.filter((action) => !allowed.some((statement) => statement.actions.includes(action)));
  return [
    ...(actions.length > 0 ? [new PolicyStatement({ sid: 'MigrationFunctions', actions, resources: functionArns(place, MIGRATIONS) })] : []),
    passRole(place, 'MigrationRole', migrationRole, 'lambda.amazonaws.com'),
  ];
}

/** The same of those that are started. */
export function startedDeployStatements(place: WorkloadPlace, migrationRole: string, started: readonly StartedMigrations[]): PolicyStatement[] {
  return [
    ...(started.includes(FARGATE_TASKS) ? deployTasks(place, migrationRole) : []),
    ...(started.includes(CODEBUILD_BUILDS) ? deployBuilds(place, migrationRole) : []),
  ];
}

/** Handing them the one role that they run as. */
function passRole(place: WorkloadPlace, sid: string, migrationRole: string, service: string): PolicyStatement {
  const conditions = { StringEquals: { 'iam:PassedToService': service } };
  return new PolicyStatement({ sid, actions: ['iam:PassRole'], resources: [roleArn(place, migrationRole)], conditions });
}

function roleArn(place: WorkloadPlace, name: string): string {
  return arnsOf(place).of(`iam::${place.account}:role/${name}`);
}

/** ARNs of what is named after the slot's stack, with what follows the name. */
function named(place: WorkloadPlace, service: string, kind: string, rest = ''): string[] {
  return arnsOf(place).generated((prefix) => `${service}:${place.region}:${place.account}:${kind}/${prefix}${MIGRATIONS}${rest}`);
}

/** In the slots' own clusters, of the slots' own task definitions, as the one role. */
function runTasks(place: WorkloadPlace, migrationRole: string): PolicyStatement[] {
  const inCluster = { ArnLike: { 'ecs:cluster': named(place, 'ecs', 'cluster') } };
  return [
    new PolicyStatement({ sid: 'StartTasks', actions: ['ecs:RunTask'], resources: named(place, 'ecs', 'task-definition', ':*'), conditions: inCluster }),
    new PolicyStatement({ sid: 'FollowTasks', actions: ['ecs:DescribeTasks', 'ecs:StopTask'], resources: named(place, 'ecs', 'task', '/*') }),
    // It knows no tasks, only clusters, by a condition.
    new PolicyStatement({ sid: 'FindTasks', actions: ['ecs:ListTasks'], resources: ['*'], conditions: inCluster }),
    passRole(place, 'TaskRole', migrationRole, 'ecs-tasks.amazonaws.com'),
  ];
}

function runBuilds(place: WorkloadPlace): PolicyStatement {
  const actions = ['codebuild:BatchGetBuilds', 'codebuild:ListBuildsForProject', 'codebuild:StartBuild', 'codebuild:StopBuild'];
  return new PolicyStatement({ sid: 'Builds', actions, resources: named(place, 'codebuild', 'project') });
}

function deployTasks(place: WorkloadPlace, migrationRole: string): PolicyStatement[] {
  const tagging = ['ecs:ListTagsForResource', 'ecs:TagResource', 'ecs:UntagResource'];
  const clusters = ['CreateCluster', 'DeleteCluster', 'DescribeClusters', 'UpdateCluster', 'UpdateClusterSettings'].map((name) => `ecs:${name}`);
  return [
    new PolicyStatement({ sid: 'MigrationClusters', actions: [...clusters, ...tagging], resources: named(place, 'ecs', 'cluster') }),
    new PolicyStatement({
      sid: 'MigrationTasks',
      actions: ['ecs:RegisterTaskDefinition', ...tagging],
      resources: named(place, 'ecs', 'task-definition'),
    }),
    new PolicyStatement({ sid: 'MigrationTasksMade', actions: ['ecs:DeregisterTaskDefinition', 'ecs:DescribeTaskDefinition'], resources: ['*'] }),
    passRole(place, 'MigrationTaskRole', migrationRole, 'ecs-tasks.amazonaws.com'),
    new PolicyStatement({ sid: 'ReadMigrationRole', actions: ['iam:GetRole'], resources: [roleArn(place, migrationRole)] }),
    serviceLinkedRole(place, 'ecs.amazonaws.com', 'AWSServiceRoleForECS'),
  ];
}

function deployBuilds(place: WorkloadPlace, migrationRole: string): PolicyStatement[] {
  const actions = ['BatchGetProjects', 'CreateProject', 'DeleteProject', 'UpdateProject'].map((name) => `codebuild:${name}`);
  return [
    new PolicyStatement({ sid: 'MigrationProjects', actions, resources: named(place, 'codebuild', 'project') }),
    passRole(place, 'MigrationBuildRole', migrationRole, 'codebuild.amazonaws.com'),
  ];
}
