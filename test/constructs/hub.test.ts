import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { HUB_FUNCTIONS, type HubFunctionEntry } from '../../constructs/hub/hub-functions-table';
import { PathToLiveError } from '../../constructs/private/errors';
import { ROUTES } from '../../lambda/domain/commands/routes';
import { step, stepAfterOutage } from '../../lambda/domain/steps/step';
import { examplePlan } from '../lambda/example-path';
import { testApp } from '../test-app';
import {
  hubOf,
  inWaves,
  machinesOf,
  threeEnvironments,
  withCapacity,
  withOutages,
  withPauses,
  withSharedState,
  withTargetAsked,
  withTestsBeside,
} from '../workflow/machines';

const template = Template.fromStack(hubOf(threeEnvironments()));
const only = (type: string, properties: object = {}) => Object.values(template.findResources(type, { Properties: properties }));

/** Every statement of the policies that belong to the role of this name, or of this function. */
function statementsOf(role: { readonly name: string } | { readonly description: string }): { Action: string | string[]; Resource: unknown }[] {
  const id =
    'name' in role
      ? Object.keys(template.findResources('AWS::IAM::Role', { Properties: { RoleName: role.name } }))[0]
      : only('AWS::Lambda::Function', { Description: role.description })[0]?.Properties.Role['Fn::GetAtt'][0];
  return only('AWS::IAM::Policy', { Roles: Match.arrayWith([{ Ref: id }]) }).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}
const actionsOf = (role: Parameters<typeof statementsOf>[0]) => [...new Set(statementsOf(role).flatMap(({ Action }) => Action))].sort();

test.each(['Ledger', 'Api', 'Live', 'Done', 'Stopped'])('an environment may be named %s, as something of the hub is', (name) => {
  expect(() => hubOf([examplePlan('First'), examplePlan(name)])).not.toThrow();
});

describe('functions', () => {
  const handlers = join(__dirname, '../../lambda/handlers');

  test.each(Object.entries<HubFunctionEntry>(HUB_FUNCTIONS))('%s has rights for the ports its handler declares', (name, { ports }) => {
    const source = readFileSync(join(handlers, `${name}.ts`), 'utf8');
    const declared = /^export const handler = task\(\w+, \{ (.*) \}\);$/m.exec(source)?.[1]?.split(', ');
    expect(declared?.sort()).toEqual([...ports].sort());
  });

  test('state machines call published versions, which outlive the next deployment', () => {
    template.allResources('AWS::Lambda::Version', { DeletionPolicy: 'Retain' });
    const definitions = JSON.stringify(only('AWS::StepFunctions::StateMachine').map(({ Properties }) => Properties.DefinitionString));
    const called = new Set([...definitions.matchAll(/FunctionName\\?\\":\\?\\"",\{"Ref":"(\w+)"/g)].map(([, id]) => id));
    const versions = Object.keys(template.findResources('AWS::Lambda::Version'));
    expect(called.size).toBe(12);
    for (const id of called) expect(versions).toContain(id);
  });

  test('only the traffic function may write a live rule, only the deployer may deploy', () => {
    const assumed = (name: string) => statementsOf({ name }).filter(({ Action }) => Action === 'sts:AssumeRole');
    const roles = (name: string) => assumed(name).flatMap(({ Resource }) => Resource as string[]);
    expect(roles('Payments-hub-traffic').filter((arn) => !arn.endsWith('-operator') && !arn.endsWith('-observer'))).toEqual([]);
    expect(roles('Payments-hub-observer').filter((arn) => !arn.endsWith('-observer'))).toEqual([]);
    expect(roles('Payments-hub-deployer').filter((arn) => !arn.endsWith('-deploy') && !arn.endsWith('-observer'))).toEqual([]);
    expect(roles('Payments-hub-deployer')).toHaveLength(6);
    const inTheHub = only('AWS::IAM::Policy').filter(({ Properties }) => JSON.stringify(Properties).includes('sts:AssumeRole'));
    expect(inTheHub).toHaveLength(3);
  });

  test('only the functions that take submissions start releases; the API and the safety net ask for roll backs', () => {
    const holders = (action: string) => only('AWS::IAM::Policy').filter(({ Properties }) => JSON.stringify(Properties).includes(`"${action}"`));
    const starters = holders('states:StartExecution').map(({ Properties }) => Properties.Roles[0].Ref as string);
    // the second is the rule's, which starts the machine that submits
    expect(starters.sort()).toEqual([expect.stringMatching(/^FunctionsObserver/), expect.stringMatching(/^SubmissionsWorkflowMachineEventsRole/)]);
    expect(actionsOf({ description: HUB_FUNCTIONS.reconcile.description })).toContain('lambda:InvokeFunction');
    expect(holders('lambda:InvokeFunction')).toHaveLength(2);
  });

  test('a function that only records may do nothing but that', () => {
    expect(actionsOf({ description: HUB_FUNCTIONS.finish.description })).toEqual([
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'events:PutEvents',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test('lists are for who shows them, answers for who has them to give', () => {
    const may = (action: string, resource = '') =>
      only('AWS::IAM::Policy')
        .filter(({ Properties }) =>
          Properties.PolicyDocument.Statement.some((one: object) => [action, resource].every((part) => JSON.stringify(one).includes(part))),
        )
        .map(({ Properties }) => (Properties.Roles[0].Ref as string).replace(/^Functions|(Role)?[0-9A-F]{8}$/g, ''));
    expect(may('dynamodb:Query', '/index/')).toEqual(['Observer']);
    expect(may('states:SendTaskSuccess').sort()).toEqual(['Observer', 'OpenGate', 'Reconcile', 'Sweep']);
    expect(may('states:SendTaskFailure').sort()).toEqual(['AlarmRaised', 'Observer', 'Sweep']);
    expect(may('states:SendTaskFailure', 'stateMachine:Payments-path')).toEqual([]);
    expect(may('dynamodb:PutItem').sort()).not.toContain('Sweep');
  });

  test('tokens are answered for the machines of this path only', () => {
    const [statement] = statementsOf({ description: HUB_FUNCTIONS['open-gate'].description }).filter(({ Action }) => String(Action).includes('SendTask'));
    const machines = (statement?.Resource as { 'Fn::Join': [string, string[]] }[]).map((arn) => arn['Fn::Join'][1].at(-1));
    expect(machines).toEqual(
      ['path', 'Integration', 'Preproduction', 'Production'].map((name) => `:states:eu-west-2:111111111111:stateMachine:Payments-${name}`),
    );
  });

  test('the alarm topic of each environment, wherever it is, may call the hub, and no other topic', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'Payments-hub-alarm-raised' });
    const permissions = only('AWS::Lambda::Permission', { Principal: 'sns.amazonaws.com' }).map(({ Properties }) => Properties.SourceArn['Fn::Join'][1].at(-1));
    expect(permissions.sort()).toEqual(
      ['Integration', 'Preproduction', 'Production'].map((environment) => `:sns:eu-west-2:222222222222:Payments-${environment}-alarms`),
    );
  });

  test('a handler that was not bundled is named, with what to do', () => {
    const nowhere = { handler: 'nowhere', description: '', timeout: undefined as never };
    const { HandlerFunction } = jest.requireActual<typeof import('../../constructs/private/handler-function')>('../../constructs/private/handler-function');
    expect(() => new HandlerFunction(new Stack(testApp(), 'S'), 'F', nowhere)).toThrow(
      /S\/F: the handler "nowhere" has not been bundled, there is no dist\/lambda\/nowhere\/index.js; run the app with npx cdk, which bundles before, or run npm run build:lambda first/,
    );
  });
});

describe('ledger', () => {
  test('is restorable, protected and kept', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      },
    });
  });

  test('loses nothing but what was delivered: whoever may delete may delete from the outbox only', () => {
    const statements = only('AWS::IAM::Policy').flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[]; Condition?: object }[],
    );
    const deleting = statements.filter(({ Action }) => [Action].flat().some((action) => /^dynamodb:(Delete|BatchWrite|PartiQLDelete|\*)/.test(action)));
    expect(deleting.length).toBeGreaterThan(0);
    for (const { Action, Condition } of deleting) {
      expect([Action, Condition]).toEqual([
        'dynamodb:DeleteItem',
        { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['OUTBOX'] }, Null: { 'dynamodb:LeadingKeys': 'false' } },
      ]);
    }
  });

  test('can be thrown away where that is said', () => {
    const thrownAway = hubOf([examplePlan()], RemovalPolicy.DESTROY);
    Template.fromStack(thrownAway).hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete', Properties: { DeletionProtectionEnabled: false } });
  });
});

describe('plan', () => {
  test('is one parameter an environment, with all of it', () => {
    const [parameter] = only('AWS::SSM::Parameter', { Name: '/path-to-live/Payments/plan/Production' });
    expect(JSON.parse(parameter?.Properties.Value)).toEqual(JSON.parse(JSON.stringify(threeEnvironments()[2])));
    expect(parameter?.Properties.Tier).toBe('Standard');
  });

  const crowded = (members: number) => {
    const party = {
      name: 'Everybody',
      members: Array.from({ length: members }, (_, n) => `arn:aws:iam::111111111111:user/person-${String(n).padStart(4, '0')}`),
    };
    return [examplePlan('Production', { goNoGo: { party, timeoutSeconds: 60 } })];
  };

  test('of more than 4 kB is an advanced parameter', () => {
    Template.fromStack(hubOf(crowded(100))).hasResourceProperties('AWS::SSM::Parameter', { Name: '/path-to-live/Payments/plan/Production', Tier: 'Advanced' });
  });

  test('of more than 8 kB is refused, with what to change', () => {
    expect(() => hubOf(crowded(200))).toThrow(PathToLiveError);
    expect(() => hubOf(crowded(200))).toThrow(
      /Plan\/Production: the plan of the environment has \d+ bytes, at most 8192 fit .* \(a role instead of its users\)/,
    );
  });
});

describe('API', () => {
  test('has the routes the handler answers, every one for signed calls only', () => {
    const routes = only('AWS::ApiGatewayV2::Route');
    expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual(Object.keys(ROUTES).sort());
    expect(new Set(routes.map(({ Properties }) => Properties.AuthorizationType))).toEqual(new Set(['AWS_IAM']));
  });

  const invocable = (policy: string): string[] => {
    const [found] = only('AWS::IAM::ManagedPolicy', { ManagedPolicyName: policy });
    const invoke = found?.Properties.PolicyDocument.Statement[0];
    expect(invoke.Action).toBe('execute-api:Invoke');
    return invoke.Resource.map((arn: { 'Fn::Join': [string, unknown[]] }) => String(arn['Fn::Join'][1].at(-1)).replace('/$default/', ''));
  };
  const read = ['GET/releases', 'GET/releases/*', 'GET/status', 'GET/tickets', 'GET/retirement', 'GET/doctor', 'GET/doctor/*'];

  test.each([
    ['Payments-read', []],
    ['Payments-submit', ['POST/releases']],
    ['Payments-decide', ['POST/releases/*/decisions']],
    [
      'Payments-manage',
      [
        ...['resume', 'abort'].map((what) => `POST/releases/*/${what}`),
        ...['roll-back', 'recover', 'contract', 'freeze', 'unfreeze'].map((what) => `POST/environments/*/${what}`),
      ],
    ],
    ['Payments-retire', ['POST/retirement']],
  ])('%s allows looking, and %j', (policy, more) => {
    expect(invocable(policy)).toEqual([...read, ...more]);
  });
});

describe('submissions without ptl', () => {
  test('come by an event from anybody but the path itself, as it is', () => {
    const [rule] = only('AWS::Events::Rule', { EventPattern: { 'detail-type': ['SubmitRelease'] } });
    expect(rule?.Properties).toMatchObject({
      EventBusName: { Ref: expect.stringMatching(/^Bus/) },
      EventPattern: { source: [{ 'anything-but': ['path-to-live'] }] },
      Targets: [{ InputPath: '$.detail' }],
    });
  });

  test('are what the pipelines’ policy allows: that machine, and that event, which cannot pass for one of the path', () => {
    const [policy] = only('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'Payments-submit' });
    const statements = policy?.Properties.PolicyDocument.Statement as { Sid?: string; Action: string; Resource: unknown; Condition?: unknown }[];
    const bySid = (sid: string) => statements.find(({ Sid }) => Sid === sid);
    expect(bySid('SubmitByStateMachine')).toMatchObject({ Action: 'states:StartExecution', Resource: { Ref: expect.stringMatching(/^SubmissionsWorkflow/) } });
    expect(JSON.stringify(bySid('LookWhatBecameOfIt')?.Resource)).toContain(':execution:');
    expect(bySid('SubmitByEvent')).toMatchObject({
      Action: 'events:PutEvents',
      Condition: { StringEquals: { 'events:detail-type': 'SubmitRelease' }, StringNotEquals: { 'events:source': 'path-to-live' } },
    });
  });
});

describe('safety net', () => {
  test('hears of every machine of the path that ends without an outcome, and keeps what it could not handle', () => {
    const [rule] = only('AWS::Events::Rule', { EventPattern: { source: ['aws.states'] } });
    expect(rule?.Properties.EventPattern).toMatchObject({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: { length: 5 } },
    });
    expect(rule?.Properties.Targets[0].DeadLetterConfig.Arn).toBeDefined();
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { DestinationConfig: { OnFailure: Match.anyValue() }, MaximumRetryAttempts: 2 });
  });

  test('sweeps the outbox every minute', () => {
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
  });
});

describe('looking after the path', () => {
  test('is done every hour, by a function that writes nothing but the ledger', () => {
    const [doctor] = Object.keys(template.findResources('AWS::Lambda::Function', { Properties: { Description: HUB_FUNCTIONS.doctor.description } }));
    const [rule] = only('AWS::Events::Rule', { ScheduleExpression: 'rate(1 hour)' });
    expect(rule?.Properties.Targets).toEqual([expect.objectContaining({ Arn: { 'Fn::GetAtt': [doctor, 'Arn'] }, Input: '{}' })]);
  });

  test('looks at executions of the machines of this path, and asks the two functions whose roles may look further', () => {
    const observer = statementsOf({ name: 'Payments-hub-observer' });
    const [executions] = observer.filter(({ Action }) => Action === 'states:DescribeExecution');
    const names = (executions?.Resource as { 'Fn::Join': [string, string[]] }[]).map((arn) => arn['Fn::Join'][1].at(-1)?.split(':execution:')[1]);
    expect(names).toEqual(['path', 'Integration', 'Preproduction', 'Production', 'retire'].map((name) => `Payments-${name}:*`));
    const asked = observer.filter(({ Action }) => Action === 'lambda:InvokeFunction').flatMap(({ Resource }) => Resource);
    expect(JSON.stringify(asked)).toMatch(/FunctionsMoveTraffic.*FunctionsRetire/);
  });
});

describe('capacity', () => {
  const scaled = Template.fromStack(hubOf(withCapacity(threeEnvironments())));
  const CAPACITY = /^Functions(Match|Keep)?Capacity|^Capacity/;

  test('is nothing of a hub whose slots have none', () => {
    expect(Object.keys(template.toJSON().Resources).filter((id) => CAPACITY.test(id))).toEqual([]);
    expect(Object.keys(scaled.toJSON().Resources).filter((id) => CAPACITY.test(id)).length).toBeGreaterThan(5);
  });

  test('is raised and lowered by one role, which may not deploy, and writes no live rule', () => {
    const [id] = Object.keys(scaled.findResources('AWS::IAM::Role', { Properties: { RoleName: 'Payments-hub-capacity' } }));
    const policies = Object.values(scaled.findResources('AWS::IAM::Policy', { Properties: { Roles: Match.arrayWith([{ Ref: id }]) } }));
    const assumed = policies
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Action: string; Resource: string[] }[])
      .filter(({ Action }) => Action === 'sts:AssumeRole')
      .flatMap(({ Resource }) => Resource);
    expect([...new Set(assumed.map((arn) => arn.split('-').at(-1)))].sort()).toEqual(['capacity', 'observer']);
    const others = Object.values(scaled.findResources('AWS::IAM::Policy')).filter(({ Properties }) => !JSON.stringify(Properties.Roles).includes(id ?? '?'));
    expect(JSON.stringify(others)).not.toContain('Production-capacity');
  });

  test('is looked after every minute, by a function the API asks for a roll back to a slot that was lowered', () => {
    const [keeper] = Object.keys(scaled.findResources('AWS::Lambda::Function', { Properties: { Description: HUB_FUNCTIONS['keep-capacity'].description } }));
    const rules = Object.values(scaled.findResources('AWS::Events::Rule', { Properties: { ScheduleExpression: 'rate(1 minute)' } }));
    expect(rules.map(({ Properties }) => Properties.Targets[0])).toContainEqual(
      expect.objectContaining({ Arn: { 'Fn::GetAtt': [keeper, 'Arn'] }, Input: '{}' }),
    );
    scaled.hasResourceProperties('AWS::Lambda::Function', {
      Description: HUB_FUNCTIONS.api.description,
      Environment: { Variables: { CAPACITY_FUNCTION: { Ref: keeper } } },
    });
  });
});

test('a failure names the state it is about by its name in the machine', () => {
  const all = withTargetAsked(withOutages(withPauses(withSharedState(withCapacity(threeEnvironments())))));
  const waves = inWaves('Live', [], [examplePlan('Production'), examplePlan('Dublin')]);
  const states = [all, withTestsBeside(all), waves].flatMap((plans) => Object.values(machinesOf(plans)).flatMap(({ States }) => Object.keys(States)));
  // Only where a team's own machine brings releases.
  const { register: _ofOwnPaths, ...ours } = step;
  const named = [...Object.values(ours).map((name) => name('Production', 50)), step.capacity('Production')];
  const after = Object.values(stepAfterOutage).map((name) => name('Production', 100));
  expect([...named, ...after].filter((name) => !states.includes(name))).toEqual([]);
});

test('state machines log every transition, without what they hand on: task tokens are in it', () => {
  template.allResourcesProperties('AWS::StepFunctions::StateMachine', {
    LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    TracingConfiguration: { Enabled: true },
  });
});

test.each([
  ['a hub', threeEnvironments()],
  ['a hub whose slots have a capacity', withCapacity(threeEnvironments())],
  ['a hub whose slots share state', withSharedState(threeEnvironments())],
])('cdk-nag has nothing to say of %s that is not answered, and every answer is to something it says', (_, plans) => {
  const app = testApp();
  const checks = new AwsSolutionsChecks(app);
  const stack = hubOf(plans, undefined, app);
  const { violations } = checks.validateScope(stack);
  const found = new Set(
    violations.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${constructPath} ${ruleName}`)),
  );
  const answered = stack.node
    .findAll()
    .flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.keys(data).map((id) => ({ path: construct.node.path, rule: id.replace(/^AwsSolutions::/, '') }))),
    );
  const answers = ({ path, rule }: (typeof answered)[number], finding: string) => finding.startsWith(path) && finding.endsWith(` ${rule}`);
  expect([...found].filter((finding) => !answered.some((answer) => answers(answer, finding)))).toEqual([]);
  expect(answered.filter((answer) => ![...found].some((finding) => answers(answer, finding)))).toEqual([]);
});
