import { CfnResource, Duration, type Stack, type Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { SlotMetadata } from '../../lambda/contract';
import {
  CodeBuildMigration,
  type CodeBuildMigrationProps,
  Environment,
  FargateMigration,
  type FargateMigrationProps,
  Firebreak,
  GoNoGo,
  type ISharedState,
  LambdaWorkload,
  Migration,
  MigrationRunner,
  PathToLive,
  PlannedOutage,
  ServiceImage,
  ServiceSecret,
  SharedValue,
  StartedMigrations,
} from '../../lib';
import { bundled } from '../bundles';
import { testApp } from '../test-app';
import { refusal } from './refusal';

const env = { account: '111111111111', region: 'eu-west-2' };
const reason = 'nobody is asked in this test';
const image = ServiceImage.fromRegistry(`payments@sha256:${'0a'.repeat(32)}`);
const SOURCE = 'examples/migrations/2026-11-add-currency';
const { FARGATE_TASKS, CODEBUILD_BUILDS } = StartedMigrations;
const task = (props: Partial<FargateMigrationProps> = {}) => Migration.expand('a-task', new FargateMigration({ image, ...props }));
const build = (props: Partial<CodeBuildMigrationProps> = {}) =>
  Migration.expand('a-build', new CodeBuildMigration({ source: SOURCE, commands: ['npm run migrate'], ...props }));

class Payments implements ISharedState {
  constructor(
    readonly startsMigrations?: StartedMigrations[],
    private readonly more: PolicyStatement[] = [],
  ) {}

  bind: ISharedState['bind'] = (scope) => {
    const table = new CfnResource(scope, 'Table', { type: 'AWS::DynamoDB::Table' });
    const migrations = [new PolicyStatement({ actions: ['dynamodb:Scan'], resources: [table.getAtt('Arn').toString()] }), ...this.more];
    return { values: { TableName: table.ref, GroupId: 'sg-1', SecretArn: 'arn:secret' }, migrations };
  };
}

const plannedOutage = PlannedOutage.allowed({ reason, longest: Duration.hours(2) });

function path(started: StartedMigrations[] | undefined, ...migrations: Migration[]): PathToLive {
  return pathThatAllows(started, [], ...migrations);
}

function pathThatAllows(started: StartedMigrations[] | undefined, more: PolicyStatement[], ...migrations: Migration[]): PathToLive {
  return new PathToLive(testApp(), 'Payments', {
    hub: env,
    workload: new LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler' }),
    environments: [new Environment('Production', { env, firebreak: Firebreak.none({ reason }), goNoGo: GoNoGo.none({ reason }), plannedOutage })],
    sharedState: new Payments(started, more),
    migrations,
  });
}

function slotOf(made: PathToLive): Template {
  const release = made.node.findChild('Release') as Stage;
  return Template.fromJSON(release.synth().stacks.find(({ stackName }) => stackName === 'Payments-Production-Blue')?.template);
}

const both = [FARGATE_TASKS, CODEBUILD_BUILDS];
const contentOf = (template: Template) =>
  (template.toJSON().Metadata as Record<string, SlotMetadata>)['path-to-live:slot']?.migrations?.map(({ content }) => content);
const ROLE = 'arn:aws:iam::111111111111:role/Payments-Production-migration';

beforeAll(bundled, 120_000);

/** The output as CloudFormation has it, with `<…>` for what it fills in. */
function runnerOf(template: Template) {
  const [{ Value: value }] = Object.values(template.findOutputs('Migration0')) as [{ Value: { 'Fn::Join': [string, unknown[]] } }];
  const filled = value['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : `<${JSON.stringify(part).replace(/[^\w:,.-]/g, '')}>`)).join('');
  return JSON.parse(filled).runner;
}

describe('a migration that is a task', () => {
  let template: Template;

  beforeAll(() => {
    template = slotOf(
      path(
        both,
        task({
          command: ['up'],
          environment: { TABLE: SharedValue.named('TableName') },
          secrets: { TOKEN: ServiceSecret.fromSecretsManager(SharedValue.named('SecretArn')) },
          securityGroupIds: [SharedValue.named('GroupId')],
          timeout: Duration.minutes(100),
        }),
      ),
    );
  });

  test('runs as the environment’s role for migrations, writes its log, and knows which it is', () => {
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: 'Payments-Production-Blue-SlotMigrations-a-task',
      TaskRoleArn: ROLE,
      ExecutionRoleArn: ROLE,
      ContainerDefinitions: [
        {
          Name: 'migration',
          Command: ['up'],
          Environment: Match.arrayWith([
            { Name: 'TABLE', Value: { 'Fn::ImportValue': 'Payments-Production-Shared:TableName' } },
            { Name: 'PATH_TO_LIVE', Value: 'Payments' },
            { Name: 'PATH_TO_LIVE_ENVIRONMENT', Value: 'Production' },
            { Name: 'PATH_TO_LIVE_MIGRATION', Value: 'a-task' },
          ]),
          Secrets: [{ Name: 'TOKEN', ValueFrom: { 'Fn::ImportValue': 'Payments-Production-Shared:SecretArn' } }],
          LogConfiguration: {
            LogDriver: 'awslogs',
            Options: Match.objectLike({ 'awslogs-group': '/path-to-live/Payments/Production/migrations', 'awslogs-stream-prefix': 'migration' }),
          },
        },
      ],
    });
    template.hasResourceProperties('AWS::ECS::Cluster', { ClusterName: { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, '-SlotMigrations-a-task']] } });
  });

  const foreign = '222222222222.dkr.ecr.eu-west-2.amazonaws.com/payments/migrate';
  const pulling = (...resources: string[]) =>
    new PolicyStatement({ actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources });

  test.each<[string, string, PolicyStatement[], RegExp | undefined]>([
    [
      'of another account',
      foreign,
      [],
      /"ecr:eu-west-2:222222222222:repository\/payments\/migrate".*Production, in 111111111111\/eu-west-2, does not let.*ecr:BatchGetImage.*let account 111111111111 in/,
    ],
    ['of another region', '111111111111.dkr.ecr.eu-west-1.amazonaws.com/migrate', [], /"ecr:eu-west-1:111111111111:repository\/migrate"/],
    ['of another account that is half allowed', foreign, [new PolicyStatement({ actions: ['ecr:BatchGetImage'], resources: ['*'] })], /does not let/],
    ['of another account whose other repository is allowed', foreign, [pulling('arn:aws:ecr:eu-west-2:222222222222:repository/refunds')], /does not let/],
    ['of another account that is allowed', foreign, [pulling('arn:aws:ecr:eu-west-2:222222222222:repository/payments/*')], undefined],
    ['of its own', '111111111111.dkr.ecr.eu-west-2.amazonaws.com/migrate', [], undefined],
    ['that is public', 'public.ecr.aws/docker/library/node', [], undefined],
  ])('whose image is in a registry %s', (_, repository, statements, warned) => {
    const made = pathThatAllows(both, statements, task({ image: ServiceImage.fromRegistry(`${repository}@sha256:${'0a'.repeat(32)}`) }));
    const warnings = Annotations.fromStack(made.node.findChild('Release').node.findChild('Production').node.findChild('blue') as Stack)
      .findWarning('*', Match.stringLikeRegexp('its image is in'))
      .map(({ entry }) => String(entry.data));
    expect(warnings).toEqual(warned === undefined ? [] : [expect.stringMatching(warned)]);
  });

  test('says in an output how it is started, in the front door’s network', () => {
    expect(runnerOf(template)).toEqual({
      kind: 'fargateTask',
      cluster: expect.stringMatching(/^<Ref:Slot/),
      taskDefinition: expect.stringMatching(/^<Ref:Slot/),
      container: 'migration',
      subnetIds: expect.stringContaining('SubnetIds'),
      securityGroupIds: '<Fn::ImportValue:Payments-Production-Shared:GroupId>',
      assignPublicIp: '<Ref:PublicAddresses>',
      timeoutSeconds: 6_000,
    });
    template.hasParameter('PublicAddresses', { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/path-to-live/Payments/Production/public-addresses' });
  });

  test('is told from others by its image and its command', () => {
    const other = ServiceImage.fromRegistry(`payments@sha256:${'0b'.repeat(32)}`);
    const contents = [{}, { cpu: 512, memoryLimitMiB: 1024 }, { command: ['down'] }, { image: other }].map(
      (props) => contentOf(slotOf(path(both, task(props))))?.[0],
    );
    expect(contents[1]).toBe(contents[0]);
    expect(new Set(contents).size).toBe(3);
  });

  test.each([
    [{ timeout: Duration.seconds(6_001) }, 'MigrationTimeout'],
    [{ timeout: Duration.seconds(0) }, 'MigrationTimeout'],
    [{ memoryLimitMiB: 100 }, 'FargateSize'],
    [{ environment: { PATH_TO_LIVE_RUN: 'x' } }, 'FargateEnvironment'],
  ])('is refused with %j', (props, code) => {
    expect(refusal(() => task(props)).code).toBe(code);
  });
});

describe('a migration that is a build', () => {
  test('runs its commands in its source as the environment’s role for migrations, within its time', () => {
    const template = slotOf(path(both, build({ environment: { TABLE: SharedValue.named('TableName') }, timeout: Duration.seconds(601) })));
    template.hasResourceProperties('AWS::CodeBuild::Project', {
      Name: { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, '-SlotMigrations-a-build']] },
      ServiceRole: ROLE,
      Source: { Type: 'S3', BuildSpec: '{"version":"0.2","phases":{"build":{"commands":["npm run migrate"]}}}', Location: Match.anyValue() },
      Artifacts: { Type: 'NO_ARTIFACTS' },
      TimeoutInMinutes: 11,
      QueuedTimeoutInMinutes: 11,
      LogsConfig: { CloudWatchLogs: { Status: 'ENABLED', GroupName: '/path-to-live/Payments/Production/migrations' } },
      Environment: {
        Image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
        PrivilegedMode: false,
        EnvironmentVariables: Match.arrayWith([{ Name: 'PATH_TO_LIVE_MIGRATION', Type: 'PLAINTEXT', Value: 'a-build' }]),
      },
    });
    expect(runnerOf(template)).toEqual({ kind: 'codeBuildProject', project: expect.stringMatching(/^<Ref:Slot/), timeoutSeconds: 601 });
  });

  test('is told from others by its source and its commands', () => {
    const contents = [{}, { computeType: 'BUILD_GENERAL1_LARGE' }, { commands: ['make'] }, { source: 'examples/existing-alb/service' }].map(
      (props) => contentOf(slotOf(path(both, build(props))))?.[0],
    );
    expect(contents[1]).toBe(contents[0]);
    expect(new Set(contents).size).toBe(3);
  });

  test.each([
    [{ commands: [] }, 'BuildCommands'],
    [{ image: 'payments:latest' }, 'BuildImage'],
    [{ timeout: Duration.seconds(6_001) }, 'MigrationTimeout'],
    [{ environment: { PATH_TO_LIVE: 'x' } }, 'BuildEnvironment'],
  ])('is refused with %j', (props, code) => {
    expect(refusal(() => build(props)).code).toBe(code);
  });
});

test('what takes one back has names of its own beside it, in the same slot', () => {
  const made = (by: string) => [new FargateMigration({ image, command: [by] }), new CodeBuildMigration({ source: SOURCE, commands: [by] })] as const;
  const [[task1, build1], [task2, build2]] = [made('up'), made('down')];
  const migrations = [Migration.breaking('a-task', task1, { undo: task2 }), Migration.breaking('a-build', build1, { undo: build2 })];
  const resources = Object.values(slotOf(path(both, ...migrations)).toJSON().Resources as Record<string, { Properties?: Record<string, unknown> }>);
  const namesOf = (...given: string[]) =>
    resources.flatMap(({ Properties = {} }) => given.flatMap((name) => (name in Properties ? [JSON.stringify(Properties[name])] : [])));
  const names = [namesOf('ClusterName'), namesOf('Family'), namesOf('Name').filter((name) => name.includes('SlotMigrations'))];
  expect(names.map((each) => [each.length, new Set(each).size])).toEqual([
    [2, 2],
    [2, 2],
    [2, 2],
  ]);
  expect(names.flat().every((name) => /-SlotMigrations-(Undo-)?a-/.test(name))).toBe(true);
});

describe('shared state whose migrations are started', () => {
  const statementsOf = (made: PathToLive) =>
    [...made.sharedStacks, ...made.frontDoors].flatMap((stack) =>
      Object.values({
        ...Template.fromStack(stack).findResources('AWS::IAM::Policy'),
        ...Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'),
      }).flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Sid?: string }[]),
    );
  const sidsOf = (...started: StartedMigrations[]) => new Set(statementsOf(path(started)).map(({ Sid }) => Sid));
  const TASKS = ['StartTasks', 'FollowTasks', 'FindTasks', 'TaskRole', 'MigrationClusters', 'MigrationTasks', 'MigrationTaskRole', 'Images'];
  const BUILDS = ['Builds', 'Sources', 'MigrationProjects', 'MigrationBuildRole'];

  test.each([
    [[], [], [...TASKS, ...BUILDS]],
    [[FARGATE_TASKS], TASKS, BUILDS],
    [[CODEBUILD_BUILDS], BUILDS, TASKS],
  ])('%j gives what that takes, and nothing else', (started, given, not) => {
    const sids = sidsOf(...started);
    expect(given.filter((sid) => !sids.has(sid))).toEqual([]);
    expect(not.filter((sid) => sids.has(sid))).toEqual([]);
  });

  test('lets the services it names run as the role for migrations', () => {
    const services = (started: StartedMigrations[]) =>
      JSON.stringify(Template.fromStack(path(started).sharedStacks[0] as never).findResources('AWS::IAM::Role')).match(/[a-z-]+\.amazonaws\.com/g);
    expect(services([])).toEqual(['lambda.amazonaws.com']);
    expect(services(both)).toEqual(['lambda.amazonaws.com', 'ecs-tasks.amazonaws.com', 'codebuild.amazonaws.com']);
  });

  test.each([
    ['a task on Fargate', task, [CODEBUILD_BUILDS], 'FARGATE_TASKS'],
    ['a build of CodeBuild', build, undefined, 'CODEBUILD_BUILDS'],
  ])('refuses %s at synth where it does not say so', (what, migration, started, member) => {
    const refused = refusal(() => path(started, migration()));
    expect([refused.code, refused.message]).toEqual([
      'MigrationNotStarted',
      expect.stringContaining(`it is ${what}, and the shared state of Production does not say`),
    ]);
    expect(refused.message).toContain(`startsMigrations = [StartedMigrations.${member}]`);
  });

  test('refuses what is none of them', () => {
    expect(refusal(() => path(['lambda' as StartedMigrations])).code).toBe('WrongType');
  });
});

test('a call of a function takes at most 840 seconds', () => {
  expect(refusal(() => MigrationRunner.lambdaFunction({ functionName: 'f', timeout: Duration.seconds(841) })).code).toBe('MigrationTimeout');
  expect(() => MigrationRunner.lambdaFunction({ functionName: 'f', timeout: Duration.seconds(840) })).not.toThrow();
});
