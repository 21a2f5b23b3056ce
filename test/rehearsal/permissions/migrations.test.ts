import { Code } from 'aws-cdk-lib/aws-lambda';
import {
  CodeBuildMigration,
  Environment,
  FargateMigration,
  FargateWorkload,
  Firebreak,
  GoNoGo,
  type ISharedState,
  type IWorkload,
  LambdaWorkload,
  Migration,
  PathToLive,
  ServiceImage,
  StartedMigrations,
} from '../../../lib';
import type { StackTemplate } from '../../../permissions';
import { Assembly } from '../../../rehearsal/permissions/assembly/assembly';
import { readStacks } from '../../../rehearsal/permissions/assembly/read-stacks';
import { Authority } from '../../../rehearsal/permissions/authorize';
import { type Attempt, requestOf, roleCaller } from '../../../rehearsal/permissions/calls/attempt';
import { slotAttempts } from '../../../rehearsal/permissions/calls/slot-deployments';
import { knownActions, mismatch, resourceAsked } from '../../../rehearsal/permissions/reference';
import { bundled } from '../../bundles';
import { testApp } from '../../test-app';

const env = { account: '111111111111', region: 'eu-west-2' };
const reason = 'a test';
const image = ServiceImage.fromRegistry(`orders@sha256:${'1'.repeat(64)}`);

class Orders implements ISharedState {
  readonly startsMigrations = [StartedMigrations.FARGATE_TASKS, StartedMigrations.CODEBUILD_BUILDS];
  bind = () => ({ values: {} });
}

function synthesized(workload: IWorkload): StackTemplate[] {
  const app = testApp({ context: { 'aws:cdk:enable-asset-metadata': true } });
  new PathToLive(app, 'Orders', {
    hub: env,
    workload,
    environments: [new Environment('Production', { env, firebreak: Firebreak.none({ reason }), goNoGo: GoNoGo.none({ reason }) })],
    sharedState: new Orders(),
    migrations: [
      Migration.expand('a-task', new FargateMigration({ image: image })),
      Migration.expand('a-build', new CodeBuildMigration({ source: 'examples/migrations/2026-11-add-currency', commands: ['make'] })),
    ],
  });
  return readStacks(app.synth().directory);
}

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-2:111111111111:${rest}`;
const role = (name: string) => `arn:aws:iam::111111111111:role/Orders-${name}`;
const inCluster = (name: string) => ({ 'ecs:cluster': arn('ecs', `cluster/${name}`) });
const passedTo = (service: string) => ({ 'iam:PassedToService': service });

type Called = readonly [action: string, resource: string, context?: Readonly<Record<string, string>>];

/** What the hub calls to run what is in a slot with this name. */
const followed = (slot: string): Called[] => [
  ['ecs:RunTask', arn('ecs', `task-definition/${slot}-a-task:7`), inCluster(`${slot}-a-task`)],
  ['ecs:DescribeTasks', arn('ecs', `task/${slot}-a-task/0a1b`), inCluster(`${slot}-a-task`)],
  ['ecs:StopTask', arn('ecs', `task/${slot}-a-task/0a1b`), inCluster(`${slot}-a-task`)],
  ['ecs:ListTasks', '*', inCluster(`${slot}-a-task`)],
  ...['BatchGetBuilds', 'ListBuildsForProject', 'StartBuild', 'StopBuild'].map(
    (name): Called => [`codebuild:${name}`, arn('codebuild', `project/${slot}-a-build`)],
  ),
];
const OWN: Called[] = [
  ...['Blue', 'Green'].flatMap((colour) => followed(`Orders-Production-${colour}-SlotMigrations`)),
  ['iam:PassRole', role('Production-migration'), passedTo('ecs-tasks.amazonaws.com')],
];
/** Of others, or in others’ clusters. */
const NEVER: Called[] = [
  ...followed('Orders-Integration-Blue-SlotMigrations'),
  ...followed('Orders-Production-Blue-Service'),
  ...followed('Other-SlotMigrations'),
  ['ecs:RunTask', arn('ecs', 'task-definition/Orders-Production-Blue-SlotMigrations-a-task:7'), inCluster('Other')],
  ['ecs:UpdateService', arn('ecs', 'service/Orders-Production-Blue-SlotMigrations-a-task/x')],
  ['iam:PassRole', role('Production-migration'), passedTo('lambda.amazonaws.com')],
  ['iam:PassRole', role('Production-execution'), passedTo('ecs-tasks.amazonaws.com')],
];
/** What services do as the role that migrations run as. */
const AS_MIGRATION: Called[] = [
  ['ecr:BatchGetImage', arn('ecr', 'repository/cdk-container-assets')],
  ['ecr:BatchCheckLayerAvailability', arn('ecr', 'repository/cdk-container-assets')],
  ['ecr:GetDownloadUrlForLayer', arn('ecr', 'repository/cdk-container-assets')],
  ['ecr:GetAuthorizationToken', '*'],
  ['s3:GetObject', 'arn:aws:s3:::cdk-hnb659fds-assets-111111111111-eu-west-2/0a1b.zip'],
  ['s3:GetObjectVersion', 'arn:aws:s3:::cdk-hnb659fds-assets-111111111111-eu-west-2/0a1b.zip'],
  ['logs:CreateLogStream', arn('logs', 'log-group:/path-to-live/Orders/Production/migrations:log-stream:migration')],
  ['logs:PutLogEvents', arn('logs', 'log-group:/path-to-live/Orders/Production/migrations:log-stream:migration')],
];

const requests = (as: string, called: readonly Called[]): Attempt['request'][] =>
  called.map(([action, resource, context = {}]) => requestOf(roleCaller(role(as)), action, resource, context, env.account));

async function refused(stacks: readonly StackTemplate[], asked: readonly Attempt['request'][]): Promise<string[]> {
  const authority = new Authority(new Assembly(stacks));
  const known = await knownActions(asked.map(({ action }) => action));
  const lines = asked.flatMap((request) => {
    const { action, resource } = request;
    const why = mismatch(action, resource, known) ?? authority.verdict({ ...request, resource: resourceAsked(action, resource, known) }).why;
    return why === '' ? [] : [`${action} ${resource}: ${why}`];
  });
  return [...new Set(lines)];
}

let stacks: StackTemplate[];
const everything = () => [
  ...slotAttempts(new Assembly(stacks)).map(({ request }) => request),
  ...requests('Production-migrate', OWN),
  ...requests('Production-migration', AS_MIGRATION),
];

beforeAll(async () => {
  await bundled();
  stacks = synthesized(new LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler' }));
}, 120_000);

test('CloudFormation deploys slots whose migrations are started, and the hub runs them, with what their roles may do', async () => {
  expect(everything().length).toBeGreaterThan(100);
  expect(await refused(stacks, everything())).toEqual([]);
}, 60_000);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
test('no role has more policy of its own than IAM takes, and no managed policy is longer', () => {
  const assembly = new Assembly(synthesized(new FargateWorkload({ image })));
  const lengthOf = ({ properties }: { properties: Readonly<Record<string, unknown>> }) => JSON.stringify(properties.PolicyDocument).length;
  const ofRoles = new Map<string, number>();
  for (const policy of assembly.resources('AWS::IAM::Policy')) {
    for (const name of policy.properties.Roles as string[]) ofRoles.set(name, (ofRoles.get(name) ?? 0) + lengthOf(policy));
  }
  expect(ofRoles.get('Orders-Production-execution')).toBeGreaterThan(5_000);
  expect([...ofRoles].filter(([, length]) => length > 10_240)).toEqual([]);
  const managed = assembly.resources('AWS::IAM::ManagedPolicy').map(lengthOf);
  expect(Math.max(...managed)).toBeGreaterThan(1_000);
  expect(managed.filter((length) => length > 6_144)).toEqual([]);
}, 60_000);

test('the hub runs nothing else, nowhere else, and as no other role', async () => {
  const never = requests('Production-migrate', NEVER);
  expect(await refused(stacks, never)).toHaveLength(new Set(never.map(({ action, resource }) => `${action} ${resource}`)).size);
}, 60_000);

test.each([
  'StartTasks',
  'FollowTasks',
  'FindTasks',
  'TaskRole',
  'Builds',
  'Sources',
  'Images',
  'ImageRegistry',
  'MigrationClusters',
  'MigrationTasks',
  'MigrationTasksMade',
  'MigrationTaskRole',
  'ReadMigrationRole',
  'MigrationProjects',
  'MigrationBuildRole',
])('and not without the statement %s, all of which is used', async (sid) => {
  const actions = new Set<string>();
  const without = JSON.parse(JSON.stringify(stacks), (_key, value) => {
    if (value?.Sid !== sid) return value;
    for (const action of [value.Action].flat()) actions.add(action);
    return { ...value, Action: 'sts:GetCallerIdentity' };
  });
  const lines = await refused(without, everything());
  const missed = [...actions].filter((action) => !lines.some((line) => line.startsWith(`${action} `)));
  expect(actions.size).toBeGreaterThan(0);
  expect(missed).toEqual([]);
}, 60_000);
