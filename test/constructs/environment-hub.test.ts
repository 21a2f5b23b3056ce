import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { childExecutionName, type EnvironmentPlan } from '../../lambda/contract';
import { ROUTES } from '../../lambda/domain/commands/routes';
import {
  Environment,
  EnvironmentHub,
  type EnvironmentHubProps,
  EnvironmentStacks,
  Firebreak,
  GoNoGo,
  LambdaMigration,
  LambdaWorkload,
  Migration,
  Party,
  PathToLive,
  ThroughEnvironmentStep,
  type ThroughEnvironmentStepProps,
  TrafficStrategy,
} from '../../lib';
import { bundled } from '../bundles';
import { evaluate } from '../workflow/expressions';
import { findings, invalid } from '../workflow/findings';
import { definitionsIn } from '../workflow/machines';
import { refusal } from './refusal';

const env = { account: '111111111111', region: 'eu-west-2' };
const elsewhere = { account: '222222222222', region: 'eu-west-2' };
const security = Party.of('Security', { members: ['arn:aws:iam::111111111111:role/security'] });
const reason = 'nobody is asked in this test';
const environments = [
  new Environment('Integration', { env: elsewhere }),
  new Environment('Production', {
    env: elsewhere,
    firebreak: Firebreak.parties([security]),
    goNoGo: GoNoGo.none({ reason }),
    traffic: TrafficStrategy.allAtOnce(),
  }),
];
const workload = new LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler' });

beforeAll(() => bundled());

function stackIn(app = new App(), place: { account?: string; region?: string } = env): Stack {
  return new Stack(app, 'ShopPath', { env: place });
}

function hubIn(stack: Stack, given: Partial<EnvironmentHubProps> = {}): EnvironmentHub {
  return new EnvironmentHub(stack, 'Hub', { path: 'Shop', machineName: 'ShopPath', environments, workload, ...given });
}

/** Production first: the order is the team's. */
function ownPath(app: App, given: Partial<ThroughEnvironmentStepProps> = {}) {
  const stack = stackIn(app);
  const hub = hubIn(stack);
  const otherwise = sfn.Fail.jsonata(stack, 'NotLive', { cause: '{% $failure.actual %}' });
  const through = (environment: string) => new ThroughEnvironmentStep(stack, `Through${environment}`, { hub, environment, otherwise, ...given });
  const definitionBody = sfn.DefinitionBody.fromChainable(through('Production').next(sfn.Pass.jsonata(stack, 'Between')).next(through('Integration')));
  new sfn.StateMachine(stack, 'Machine', { stateMachineName: hub.machineName, definitionBody, queryLanguage: sfn.QueryLanguage.JSONATA });
  return { stack, hub };
}

describe('a team’s own machine that goes through environments', () => {
  const app = new App();
  const { stack, hub } = ownPath(app);
  const stacks = new EnvironmentStacks(app, 'Shop', { hub });
  const template = Template.fromStack(stack);
  const definitions = definitionsIn(template);
  const graph = new Graph(definitions.ShopPath as DefinitionJson);
  const policies = JSON.stringify(Object.values(template.findResources('AWS::IAM::Policy')));

  test('and those of the environments are definitions AWS takes; there is no path machine, and nothing that submits', () => {
    expect(Object.keys(definitions).sort()).toEqual(['Shop-Integration', 'Shop-Production', 'Shop-retire', 'ShopPath']);
    expect(Object.values(definitions).flatMap(invalid)).toEqual([]);
    // How long it may run is the team's to say.
    const { ShopPath, ...ours } = definitions;
    expect([...findings({ ...(ShopPath as DefinitionJson), TimeoutSeconds: 60 }), ...Object.values(ours).flatMap(findings)]).toEqual([]);
  });

  test('has one state an environment, a question, and an end that it can have; in the order of the team', () => {
    expect(graph.straight).toEqual([
      'Take the release through Production',
      'Is the release live in Production?',
      'The release is live in Production',
      'Between',
      'Take the release through Integration',
      'Is the release live in Integration?',
      'The release is live in Integration',
    ]);
    for (const name of ['Production', 'Integration']) {
      expect(graph.from(`Take the release through ${name}`).map(({ to }) => to)).toContain('NotLive');
      expect(graph.from(`Is the release live in ${name}?`).map(({ to }) => to)).toContain('NotLive');
    }
  });

  test('hands on what the release is submitted with, and who takes it', async () => {
    const { Arguments } = graph.state('Take the release through Production') as unknown as { Arguments: { Input: Record<string, string>; Name: string } };
    const Input = { version: '1.4.2', digest: 'd', bundle: { stacks: [] } };
    const context = { Execution: { Id: 'arn:of:the:execution', Input, Name: 'x'.repeat(80) } };
    const given = (field: string) => evaluate(String(Arguments.Input[field]), { context });
    expect(Arguments.Input.contract).toBe(1);
    expect(await given('release')).toBe('1.4.2');
    expect(await given('path')).toBe('arn:of:the:execution');
    expect(await given('submission')).toEqual(Input);
    for (const Name of ['night-1', 'x'.repeat(80)]) {
      expect(await evaluate(Arguments.Name, { context: { Execution: { Name } } })).toBe(childExecutionName(Name, 'Production'));
    }
  });

  test('is told in words how the release has ended', async () => {
    const [choice] = graph.state('Is the release live in Production?').Choices ?? [];
    const input = { outcome: 'rolledBack', environment: 'Production', release: '1.4.2', ticket: 'ab12' };
    const { failure } = choice?.Assign as { failure: string };
    expect(await evaluate(failure, { input, context: { Execution: { Id: 'arn' } } })).toEqual({
      step: 'Take the release through Production',
      subject: 'the release in Production',
      expected: 'live in Production',
      actual: 'rolledBack, and the ticket ab12 says why',
      logs: 'arn',
    });
  });

  test('may start the environments’ machines, and no function of the hub', () => {
    const [role] = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => id.startsWith('MachineRole'));
    const statements = Object.values(template.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: role }] } })).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const started = statements.filter(({ Action }) => Action === 'states:StartExecution').map(({ Resource }) => Resource.Ref);
    expect(started.map((id: string) => id.slice(0, -8)).sort()).toEqual([
      'HubEnvironmentsIntegrationWorkflowMachine',
      'HubEnvironmentsProductionWorkflowMachine',
    ]);
    expect(JSON.stringify(statements)).not.toContain('lambda:InvokeFunction');
  });

  test('the environments’ machines register what it brings, and wait at the firebreak where there is one', () => {
    const straight = (name: string) => new Graph(definitions[name] as DefinitionJson).straight.filter((state) => !state.endsWith('?'));
    expect(straight('Shop-Production').slice(0, 3)).toEqual([
      'Register the release for Production',
      'Wait at the firebreak in front of Production',
      'Enter Production',
    ]);
    expect(straight('Shop-Integration').slice(0, 2)).toEqual(['Register the release for Integration', 'Enter Integration']);
    const production = new Graph(definitions['Shop-Production'] as DefinitionJson);
    for (const name of ['Register the release for Production', 'Wait at the firebreak in front of Production']) {
      expect(production.from(name).map(({ to }) => to)).toContain('Stop the release in Production');
    }
    // What is live there already has passed.
    const question = (name: string) => new Graph(definitions[`Shop-${name}`] as DefinitionJson).state(`Is the release registered for ${name}?`);
    expect(question('Production').Choices?.[0]).toMatchObject({ Condition: '{% $states.input.live = true %}', Next: 'Enter Production' });
    expect(question('Integration').Choices).toHaveLength(1);
    const [without, waits] = ['Shop-Integration', 'Shop-Production'].map((name) => definitions[name]?.TimeoutSeconds ?? 0);
    expect(Number(waits) - Number(without)).toBe(14 * 24 * 60 * 60);
  });

  test('is watched by its name, whatever its end, and what the net gave up is in its queue', () => {
    const watching = Object.values(template.findResources('AWS::Events::Rule', { Properties: { EventPattern: { source: ['aws.states'] } } }));
    const [own] = watching.filter(({ Properties }) => JSON.stringify(Properties).includes(':stateMachine:ShopPath'));
    expect(own?.Properties.EventPattern.detail.status).toEqual(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);
    expect(own?.Properties.Targets[0]).toMatchObject({ Arn: { 'Fn::GetAtt': [expect.stringMatching(/^HubFunctionsPathEnded/), 'Arn'] }, DeadLetterConfig: {} });
    const others = watching.filter((rule) => rule !== own);
    expect(others.map(({ Properties }) => Properties.EventPattern.detail.status)).toEqual([['FAILED', 'TIMED_OUT', 'ABORTED']]);
    expect(JSON.stringify(others)).toMatch(/HubEnvironmentsProductionWorkflowMachine.*HubRetireWorkflowMachine|HubRetire.*HubEnvironmentsProduction/);
  });

  test('is started by nobody here, and asked no question: people are asked in the environments', () => {
    expect(policies).not.toContain(':stateMachine:ShopPath');
    expect(policies).toContain(':stateMachine:Shop-Production');
    expect(template.findResources('AWS::Lambda::Function', { Properties: { Description: 'Records how a release ended' } })).toEqual({});
  });

  test('has an API with every route but the one that submits', () => {
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties.RouteKey);
    expect(routes.sort()).toEqual(
      Object.keys(ROUTES)
        .filter((route) => route !== 'POST /releases')
        .sort(),
    );
    const names = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).map(({ Properties }) => Properties.ManagedPolicyName);
    expect(names.sort()).toEqual(['Shop-decide', 'Shop-manage', 'Shop-read', 'Shop-retire']);
  });

  test('is known by its name in the plan of every environment', () => {
    const plans = Object.values(template.findResources('AWS::SSM::Parameter', { Properties: { Name: Match.stringLikeRegexp('/plan/') } }));
    const read = (value: unknown) =>
      JSON.parse((value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'aws')).join(''));
    const machines = plans.map(({ Properties }) => (read(Properties.Value) as EnvironmentPlan).ownMachine);
    expect(machines).toEqual(['ShopPath', 'ShopPath']);
  });

  test('has in its environments what a path to live has there, after the hub', () => {
    const path = new PathToLive(new App(), 'Shop', { hub: env, environments, workload });
    const front = (doors: Stack[]) => doors.map((door) => Template.fromStack(door).toJSON());
    expect(front(stacks.frontDoors)).toEqual(front(path.frontDoors));
    const slots = (all: { release: { node: { findAll(): unknown[] } } }) =>
      all.release.node.findAll().flatMap((each) => (each instanceof Stack ? each.stackName : []));
    expect(slots(stacks)).toEqual(slots(path));
    for (const door of stacks.frontDoors) expect(door.dependencies).toContain(stack);
    expect(app.node.tryFindChild('Shop')?.node.tryFindChild('Alarms')).toBeInstanceOf(Stack);
  });
});

test('what is submitted may be a variable of the machine', async () => {
  const { stack } = ownPath(new App(), { submission: '{% $built.submission %}' });
  const state = new Graph(definitionsIn(Template.fromStack(stack)).ShopPath as DefinitionJson).state('Take the release through Production');
  const { Input } = (state as unknown as { Arguments: { Input: Record<string, string> } }).Arguments;
  const built = { submission: { version: '1.4.2' } };
  expect([await evaluate(String(Input.release), {}, { built }), await evaluate(String(Input.submission), {}, { built })]).toEqual(['1.4.2', built.submission]);
});

describe('an environment hub is refused', () => {
  test.each<[string, Partial<EnvironmentHubProps>, RegExp]>([
    ['with a machine that has no name', { machineName: 'Shop path' }, /machineName is "Shop path"; it must be 1-80 letters/],
    ['with a path that names no role', { path: 'shop' }, /the id of the path is "shop"/],
    ['with no environment', { environments: [] }, /environments is \[\]/],
    ['where the users are and nothing is said', { environments: [new Environment('Production', { env })] }, /is the last of the path and has no firebreak/],
    [
      'with an environment that is named as a part of it',
      { environments: [new Environment('Hub', { env }), ...environments] },
      /an environment is named "Hub"/,
    ],
  ])('%s', (_, given, why) => {
    expect(refusal(() => hubIn(stackIn(), given)).message).toMatch(why);
  });

  test('in a stack that is anywhere', () => {
    expect(refusal(() => hubIn(stackIn(new App(), {}))).code).toBe('HubPlace');
  });

  test('beside another hub of the name', () => {
    const stack = stackIn();
    hubIn(stack);
    expect(refusal(() => new PathToLive(stack.node.root as App, 'Shop', { hub: env, environments, workload })).code).toBe('NamesTaken');
  });
});

describe('a step through an environment is refused', () => {
  const step = (given: Partial<ThroughEnvironmentStepProps>) => () => {
    const stack = stackIn();
    const otherwise = sfn.Fail.jsonata(stack, 'NotLive');
    new ThroughEnvironmentStep(stack, 'Through', { hub: hubIn(stack), environment: 'Production', otherwise, ...given });
  };

  test.each<[string, Partial<ThroughEnvironmentStepProps>, RegExp]>([
    ['that is none', { environment: 'Staging' }, /ShopPath\/Through: environment is "Staging"; the hub ShopPath\/Hub has Integration, Production/],
    ['with what is no expression', { submission: '$submission' }, /submission is "\$submission"; it must be a JSONata expression/],
  ])('%s', (_, given, why) => {
    expect(refusal(step(given)).message).toMatch(why);
  });
});

test('stacks of environments are refused in another app than their hub', () => {
  expect(refusal(() => new EnvironmentStacks(new App(), 'Shop', { hub: hubIn(stackIn()) })).code).toBe('HubElsewhere');
});

test('environments without shared state have no migrations', () => {
  const app = new App();
  const hub = hubIn(stackIn(app));
  const migrations = [Migration.expand('2026-11-add-currency', new LambdaMigration({ code: Code.fromInline('x'), handler: 'index.handler' }))];
  expect(refusal(() => new EnvironmentStacks(app, 'Shop', { hub, migrations })).message).toMatch(/shared state/);
});
