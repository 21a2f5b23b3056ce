import { CfnResource, Duration, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { SlotMetadata } from '../../lambda/contract';
import {
  Environment,
  type EnvironmentProps,
  Firebreak,
  GoNoGo,
  type IMigrationTask,
  type ISharedState,
  type IWorkload,
  LambdaMigration,
  type LambdaMigrationProps,
  LambdaWorkload,
  Migration,
  MigrationRunner,
  PathToLive,
  type PathToLiveProps,
  PlannedOutage,
  SharedStack,
  SharedValue,
  SlotStack,
} from '../../lib';
import { bundled } from '../bundles';
import { testApp } from '../test-app';
import { refusal } from './refusal';

const env = { account: '111111111111', region: 'eu-west-2' };
const reason = 'nobody is asked in this test';
const none = { firebreak: Firebreak.none({ reason }), goNoGo: GoNoGo.none({ reason }) };
const NAME = '2026-11-add-currency';
const lambda = (props: Partial<LambdaMigrationProps> = {}) => new LambdaMigration({ code: Code.fromInline('x'), handler: 'index.handler', ...props });
const reads = () => new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/key'] });
const sharedState: ISharedState = {
  bind: (scope) => {
    const table = new CfnResource(scope, 'Table', { type: 'AWS::DynamoDB::Table' });
    const migrations = [new PolicyStatement({ sid: 'Table', actions: ['dynamodb:Scan', 'dynamodb:UpdateItem'], resources: [table.getAtt('Arn').toString()] })];
    return { values: { TableName: table.ref }, migrations };
  },
};

const plannedOutage = PlannedOutage.allowed({ reason: 'agreed for Sunday mornings', longest: Duration.minutes(10), says: 'Back at 07:00.' });

beforeAll(bundled);

function path(props: Partial<PathToLiveProps> = {}, environment: Partial<EnvironmentProps> = {}): PathToLive {
  return new PathToLive(testApp(), 'Payments', {
    hub: env,
    workload: new LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler' }),
    environments: [new Environment('Integration', { env }), new Environment('Production', { env, ...none, ...environment })],
    sharedState,
    ...props,
  });
}

function slot(migrations: Migration[]): Template {
  const environment = new Environment('Production', { env });
  const workload = new LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler' });
  const colour = environment.colours[0] as (typeof environment.colours)[0];
  return Template.fromStack(new SlotStack(testApp(), 'Slot', { path: 'Payments', environment, colour, workload, version: '1.1.0', migrations }));
}

const outputsOf = (template: Template) => Object.keys(template.toJSON().Outputs).filter((name) => name.startsWith('Migration'));
const metadataOf = (template: Template) => (template.toJSON().Metadata as Record<string, SlotMetadata>)['path-to-live:slot'];

describe('a slot whose release brings a migration', () => {
  const template = slot([Migration.expand(NAME, lambda({ environment: { TABLE: SharedValue.named('TableName') }, timeout: Duration.minutes(10) }))]);

  test('has its function, which runs as the environment’s role for migrations and writes the environment’s log', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: `Migration ${NAME}`,
      FunctionName: Match.absent(),
      Timeout: 600,
      Role: 'arn:aws:iam::111111111111:role/Payments-Production-migration',
      LoggingConfig: { LogGroup: '/path-to-live/Payments/Production/migrations' },
      Environment: {
        Variables: { TABLE: { 'Fn::ImportValue': 'Payments-Production-Shared:TableName' }, PATH_TO_LIVE: 'Payments', PATH_TO_LIVE_ENVIRONMENT: 'Production' },
      },
    });
  });

  test('gives no role any right: what a migration may do is the shared state’s to say', () => {
    const policies = Object.keys(template.findResources('AWS::IAM::Policy'));
    expect(policies).toHaveLength(1);
    expect(policies[0]).toContain('Workload');
  });

  test('has a function by whose name the hub’s role knows it', () => {
    const [logicalId] = Object.entries(template.findResources('AWS::Lambda::Function')).find(([, { Properties }]) => Properties.Description) ?? [''];
    // CloudFormation keeps 24 characters of it at least.
    expect(logicalId.slice(0, 24)).toMatch(/^SlotMigrations/);
  });

  test('says so in an output, for who runs it, and in its metadata, for who decides about the release', () => {
    const [output] = Object.values(template.findOutputs('Migration0'));
    const [before, { Ref: logicalId }, after] = (output as { Value: { 'Fn::Join': [string, [string, { Ref: string }, string]] } }).Value['Fn::Join'][1];
    expect(JSON.parse(`${before}${logicalId}${after}`)).toEqual({
      name: NAME,
      kind: 'expand',
      content: expect.stringMatching(/^[0-9a-f]{32}$/),
      runner: { kind: 'lambda', functionName: logicalId, timeoutSeconds: 600 },
    });
    expect(metadataOf(template)?.migrations).toEqual([{ name: NAME, kind: 'expand', content: JSON.parse(`${before}${logicalId}${after}`).content }]);
  });

  test('says the same of a contract, with its kind', () => {
    const brings = slot([Migration.expand(NAME, lambda()), Migration.contract('2026-12-drop-amount', lambda())]);
    expect(metadataOf(brings)?.migrations?.map(({ name, kind }) => [name, kind])).toEqual([
      [NAME, 'expand'],
      ['2026-12-drop-amount', 'contract'],
    ]);
    expect(outputsOf(brings)).toEqual(['Migration0', 'Migration1']);
  });

  test('says nothing where the release brings none', () => {
    expect(metadataOf(slot([]))).not.toHaveProperty('migrations');
    expect(outputsOf(slot([]))).toEqual([]);
  });
});

test('content is told by the code and what is called in it, not by the name or the slot', () => {
  const contentOf = (...props: Partial<LambdaMigrationProps>[]) =>
    metadataOf(slot(props.map((given, index) => Migration.expand(`m${index}`, lambda(given)))))?.migrations?.map(({ content }) => content);
  const [same, again, other, elsewhere] = contentOf({}, { memorySize: 1024 }, { code: Code.fromInline('y') }, { handler: 'other.handler' }) ?? [];
  expect(again).toBe(same);
  expect(new Set([same, other, elsewhere]).size).toBe(3);
});

describe('shared state', () => {
  const template = Template.fromStack(
    new SharedStack(testApp(), 'Shared', { path: 'Payments', environment: new Environment('Production', { env }), sharedState }),
  );

  test('has the role that migrations run as, which may do what it says and write one log', () => {
    template.hasResourceProperties('AWS::IAM::Role', { RoleName: 'Payments-Production-migration' });
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/path-to-live/Payments/Production/migrations' });
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
    expect(policy?.Properties.PolicyDocument.Statement.map(({ Action }: { Action: unknown }) => Action)).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ['dynamodb:Scan', 'dynamodb:UpdateItem'],
    ]);
  });
});

describe('a path whose environments share state', () => {
  const made = path();
  const production = Template.fromStack(made.frontDoors[1] as (typeof made.frontDoors)[0]);
  const hub = Template.fromStack(made.hub);

  test('has a role the hub’s migrator alone may take on, to call migrations and nothing else', () => {
    production.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'Payments-Production-migrate',
      AssumeRolePolicyDocument: { Statement: [{ Condition: { ArnEquals: { 'aws:PrincipalArn': Match.anyValue() } } }] },
    });
    const policies = Object.entries(production.findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('RolesMigrate'));
    const statements = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
    expect(statements.map(({ Action }: { Action: string }) => Action)).toEqual(['lambda:InvokeFunction']);
    expect(JSON.stringify(statements)).toContain(':function:Payments-Production-Blue*SlotMigrations*');
  });

  test('lets CloudFormation make their functions, whatever the workload is, and says so once', () => {
    const executing = (workload: IWorkload) =>
      Object.values(Template.fromStack(path({ workload }).frontDoors[1] as (typeof made.frontDoors)[0]).findResources('AWS::IAM::Policy'))
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Sid?: string; Action: string | string[]; Resource: unknown }[])
        .filter(({ Action }) => [Action].flat().includes('lambda:CreateFunction'));
    const [own, ...more] = executing({
      bind: () => ({ targetGroupArn: 'arn', targetGroupFullName: 'targetgroup/x/1' }),
      permissions: () => ({ deploy: [], run: [reads()] }),
    });
    expect([own?.Sid, more.length]).toEqual(['MigrationFunctions', 1]);
    expect(JSON.stringify(own?.Resource)).toContain(':function:Payments-Production-Blue*SlotMigrations*');
    const functions = executing(new LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler' }));
    expect(functions.map(({ Sid }) => Sid)).toEqual(['Functions', 'NeverTheFrontDoor']);
  });

  test('hands migrations their role, and no other', () => {
    const statements = Object.values(production.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const pass = statements.find(({ Sid }: { Sid?: string }) => Sid === 'MigrationRole');
    expect(JSON.stringify(pass.Resource)).toContain(':iam::111111111111:role/Payments-Production-migration"');
    expect(pass.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } });
  });

  test('has the hub’s migrator, and says so in the plan of each environment', () => {
    hub.hasResourceProperties('AWS::IAM::Role', { RoleName: 'Payments-hub-migrator' });
    const plans = Object.values(hub.findResources('AWS::SSM::Parameter')).flatMap(({ Properties }) =>
      String(Properties.Name).includes('/plan/') ? [JSON.stringify(Properties.Value)] : [],
    );
    expect(plans).toHaveLength(2);
    for (const plan of plans) expect(plan).toMatch(/role\/Payments-\w+-migrate/);
  });

  test('has the API start their machines, for contracts, and no others of theirs', () => {
    const statements = Object.values(hub.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const starts = statements.filter(({ Action }: { Action: unknown }) => Action === 'states:StartExecution').map(({ Resource }) => JSON.stringify(Resource));
    expect(starts.filter((arns) => /stateMachine:Payments-Integration/.test(arns) && /stateMachine:Payments-Production/.test(arns))).toHaveLength(1);
    const told = Object.values(hub.findResources('AWS::Lambda::Function')).flatMap(
      ({ Properties }) => Properties.Environment?.Variables?.ENVIRONMENT_MACHINES ?? [],
    );
    expect(told.map((machines) => JSON.stringify(machines))).toEqual([expect.stringMatching(/:stateMachine:Payments-"/)]);
  });

  test('keeps in each plan how long early life support is, and users stay with a version, where it is said', () => {
    const plansOf = (environment: Partial<EnvironmentProps>) =>
      Object.values(Template.fromStack(path({}, environment).hub).findResources('AWS::SSM::Parameter')).map(({ Properties }) =>
        JSON.stringify(Properties.Value),
      );
    expect(plansOf({ stickySessions: Duration.hours(1) }).filter((plan) => /stickySeconds\\*":3600/.test(plan))).toHaveLength(1);
    expect(plansOf({}).filter((plan) => plan.includes('stickySeconds'))).toEqual([]);
    expect(plansOf({ earlyLifeSupport: Duration.days(14) }).filter((plan) => /earlyLifeSupportSeconds\\*":1209600/.test(plan))).toHaveLength(1);
    expect(plansOf({}).filter((plan) => /earlyLifeSupport/.test(plan))).toEqual([]);
  });

  test('without it there is none of all that', () => {
    const plain = path({ sharedState: undefined });
    const templates = [plain.hub, ...plain.frontDoors].map((stack) => JSON.stringify(Template.fromStack(stack).toJSON()));
    expect(templates.filter((template) => /igrat/.test(template))).toEqual([]);
  });
});

describe('is refused', () => {
  const expand = (name = NAME) => Migration.expand(name, lambda());

  test.each([
    ['', 'MigrationName'],
    ['Add-currency', 'MigrationName'],
    ['add currency', 'MigrationName'],
    ['-add', 'MigrationName'],
    ['x'.repeat(61), 'MigrationName'],
    [Token.asString({ Ref: 'Name' }), 'MigrationName'],
  ])('a migration named %j', (name, code) => {
    expect(refusal(() => expand(name)).code).toBe(code);
  });

  test.each(['a', 'x'.repeat(60), '2026-11'])('but not one named %j', (name) => {
    expect(() => expand(name)).not.toThrow();
  });

  test.each([
    [{ timeout: Duration.seconds(0) }, 'MigrationTimeout'],
    [{ timeout: Duration.seconds(841) }, 'MigrationTimeout'],
    [{ memorySize: 127 }, 'LambdaMemory'],
    [{ environment: { PATH_TO_LIVE_ENVIRONMENT: 'x' } }, 'LambdaEnvironment'],
  ])('a function with %j', (props, code) => {
    expect(refusal(() => lambda(props)).code).toBe(code);
  });

  test.each([Duration.seconds(1), Duration.seconds(840)])('but not one that takes %s', (timeout) => {
    expect(() => lambda({ timeout })).not.toThrow();
  });

  test('a name that two migrations have', () => {
    const refused = refusal(() => path({ migrations: [expand(), expand('other'), expand()] }));
    expect([refused.code, refused.message]).toEqual(['MigrationName', expect.stringContaining('two migrations are named "2026-11-add-currency"')]);
  });

  test('a thirty-first migration', () => {
    const many = (count: number) => () => path({ migrations: Array.from({ length: count }, (_, index) => expand(`m${index}`)) });
    expect(many(30)).not.toThrow();
    expect(refusal(many(31)).code).toBe('TooManyMigrations');
  });

  test('a migration where an environment has nothing to migrate', () => {
    const refused = refusal(() => path({ sharedState: undefined, migrations: [expand()] }, { sharedState }));
    expect([refused.code, refused.message]).toEqual(['NothingToMigrate', expect.stringContaining('"Integration" has no shared state')]);
  });

  test('one that is breaking, where an environment does not say that outages may be planned', () => {
    const refused = refusal(() => path({ migrations: [expand(), Migration.breaking('drop-amount', lambda())] }, { plannedOutage }));
    expect([refused.code, refused.message]).toEqual([
      'OutageNotPlanned',
      expect.stringMatching(/the migration "drop-amount" is breaking: .* in Integration none may be planned; say plannedOutage: PlannedOutage\.allowed/),
    ]);
  });

  test('an outage that is planned where there is no state that could be broken', () => {
    const refused = refusal(() => path({ sharedState: undefined }, { plannedOutage }));
    expect([refused.code, refused.message]).toEqual(['NothingToMigrate', expect.stringContaining('outages of "Production" may be planned')]);
  });

  test('a task that returns something else', () => {
    const nothing = { bind: () => ({}) } as unknown as IMigrationTask;
    expect(refusal(() => slot([Migration.expand(NAME, nothing)])).code).toBe('WrongType');
    const runner = MigrationRunner.lambdaFunction({ functionName: 'f', timeout: Duration.minutes(1) });
    const late: IMigrationTask = { bind: () => ({ runner, content: Token.asString({ Ref: 'Content' }) }) };
    expect(refusal(() => slot([Migration.expand(NAME, late)])).code).toBe('MigrationContent');
  });
});

describe('one that is breaking', () => {
  const environment = new Environment('Production', { env, plannedOutage });
  const slotOf = (...migrations: Migration[]) => {
    const workload = new LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler' });
    const colour = environment.colours[0] as (typeof environment.colours)[0];
    return Template.fromStack(new SlotStack(testApp(), 'Slot', { path: 'Payments', environment, colour, workload, version: '1.1.0', migrations }));
  };
  const inSlot = (template: Template) => JSON.stringify(template.findOutputs('Migration0').Migration0?.Value);

  test('brings a function more that takes it back, and says so in its metadata', () => {
    const template = slotOf(Migration.breaking('split-name', lambda(), { undo: lambda({ handler: 'index.undo' }) }));
    template.resourcePropertiesCountIs('AWS::Lambda::Function', { Description: 'Migration split-name' }, 2);
    expect(inSlot(template)).toMatch(/undoable.*undo/);
    const [declared] = (template.toJSON().Metadata['path-to-live:slot'] as SlotMetadata).migrations ?? [];
    expect(declared).toEqual({ name: 'split-name', kind: 'breaking', content: expect.any(String), undoable: true });
  });

  test('is another content when it is taken back by another one, or by none', () => {
    const contents = [undefined, lambda({ handler: 'index.undo' }), lambda({ handler: 'index.other' })].map((undo) => {
      const [declared] = (slotOf(Migration.breaking('split-name', lambda(), { undo })).toJSON().Metadata['path-to-live:slot'] as SlotMetadata).migrations ?? [];
      return declared?.content;
    });
    expect(new Set(contents).size).toBe(3);
  });

  test('is refused when one call of it may take longer than the outage', () => {
    const slow = lambda({ timeout: Duration.minutes(10) });
    const refused = refusal(() => slotOf(Migration.breaking('split-name', slow)));
    expect([refused.code, refused.message]).toEqual([
      'OutageLength',
      expect.stringMatching(/longest planned outage is 600 s, and one call of it may take 600 s/),
    ]);
    expect(() => slotOf(Migration.breaking('split-name', lambda({ timeout: Duration.seconds(599) })))).not.toThrow();
    const runner = MigrationRunner.codeBuildProject({ projectName: 'split', timeout: Duration.minutes(10) });
    const build = refusal(() => slotOf(Migration.breaking('split-name', { bind: () => ({ runner, content: 'one' }) })));
    expect(build.message).toMatch(/600 s, and it may take 600 s; give the outage longer, or the migration a shorter timeout(?!, doing less in one call)/);
  });
});
