import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import type { HubFunctionEntry } from '../../constructs/hub/hub-functions-table';
import { DECISION_FUNCTIONS, TRAFFIC_FUNCTIONS } from '../../constructs/pieces/functions-table';
import { DECISION_ROUTES } from '../../lambda/domain/commands/routes-decisions';
import {
  AcceptStep,
  Colour,
  DecisionHub,
  EnterStep,
  Firebreak,
  FirebreakStep,
  Party,
  RollBackStep,
  ShiftStep,
  TrafficHub,
  type TrafficHubProps,
  TrafficSwitch,
} from '../../lib';
import { bundled } from '../bundles';
import { testApp } from '../test-app';
import { findings, invalid } from '../workflow/findings';
import { definitionsIn } from '../workflow/machines';
import { refusal } from './refusal';

const env = { account: '111111111111', region: 'eu-west-2' };
const arn = (what: string) => `arn:aws:elasticloadbalancing:eu-west-2:111111111111:${what}`;
const slots = [
  { colour: Colour.blue(), targetGroupArn: arn('targetgroup/blue/1') },
  { colour: Colour.green(), targetGroupArn: arn('targetgroup/green/1'), alarms: ['green-errors'] },
];
const security = Party.of('Security', { members: ['arn:aws:iam::111111111111:role/security'] });

beforeAll(() => bundled());

function trafficHub(stack: Stack, given: Partial<TrafficHubProps> = {}): TrafficHub {
  const place = { path: 'Shop', environment: 'Production' };
  const trafficSwitch = new TrafficSwitch(stack, 'Switch', { ...place, listenerArn: arn('listener/app/shop/1/2'), priority: 200 });
  return new TrafficHub(stack, 'Traffic', { ...place, trafficSwitch, slots, machineName: 'ShopRelease', ...given });
}

function machine(stack: Stack, stateMachineName: string, definition: sfn.IChainable): void {
  const definitionBody = sfn.DefinitionBody.fromChainable(definition);
  new sfn.StateMachine(stack, 'Machine', { stateMachineName, definitionBody, queryLanguage: sfn.QueryLanguage.JSONATA });
}

function switching(): Stack {
  const stack = new Stack(testApp(), 'Shop', { env });
  const hub = trafficHub(stack);
  const rollBack = new RollBackStep(stack, 'RollBack', { hub });
  rollBack.next(sfn.Fail.jsonata(stack, 'WentBack'));
  const steps = new EnterStep(stack, 'Enter', { hub, otherwise: sfn.Fail.jsonata(stack, 'NotLetIn') })
    .next(new ShiftStep(stack, 'ShiftTo10', { hub, percent: 10, otherwise: rollBack }))
    .next(new ShiftStep(stack, 'ShiftTo100', { hub, percent: 100, otherwise: rollBack }))
    .next(new AcceptStep(stack, 'Accept', { hub, otherwise: rollBack }));
  machine(stack, hub.machineName, steps);
  return stack;
}

function deciding(): Stack {
  const stack = new Stack(testApp(), 'Shop', { env });
  const hub = new DecisionHub(stack, 'Decisions', { path: 'Shop', machineName: 'ShopPipeline' });
  machine(stack, 'ShopPipeline', new FirebreakStep(stack, 'Firebreak', { hub, environment: 'Production', firebreak: Firebreak.parties([security]) }));
  return stack;
}

/** Statements of the policies of the function with this description, its own role's or a shared one's. */
function statementsOf(template: Template, { description }: HubFunctionEntry): { Action: string | string[]; Resource: unknown }[] {
  const [found] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Description: description } }));
  const role = found?.Properties.Role['Fn::GetAtt'][0];
  const policies = Object.values(template.findResources('AWS::IAM::Policy', { Properties: { Roles: Match.arrayWith([{ Ref: role }]) } }));
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}
const actionsOf = (template: Template, entry: HubFunctionEntry) => [...new Set(statementsOf(template, entry).flatMap(({ Action }) => Action))];

describe('a team’s own machine that switches', () => {
  const template = Template.fromStack(switching());
  const definitions = definitionsIn(template);
  const graph = new Graph(definitions.ShopRelease as DefinitionJson);

  test('and the one that rolls back what is live are definitions AWS takes', () => {
    expect(Object.keys(definitions).sort()).toEqual(['Shop-roll-back', 'ShopRelease']);
    expect(Object.values(definitions).flatMap(invalid)).toEqual([]);
    // How long it may run is the team's to say.
    const found = [...findings({ ...graph.definition, TimeoutSeconds: 60 }), ...findings(definitions['Shop-roll-back'] as DefinitionJson)];
    expect(found).toEqual([]);
  });

  test('reads as what a release goes through', () => {
    expect(graph.straight.filter((name) => !name.endsWith('?'))).toEqual([
      'Enter Production',
      'Shift Production to 10 percent',
      'Shift Production to 100 percent',
      'Accept in Production',
      'The release is live in Production',
    ]);
  });

  test('goes back from every step after the entrance, and from the entrance never', () => {
    const ways = (name: string) => graph.from(name).map(({ to }) => to);
    for (const step of ['Shift Production to 10 percent', 'Shift Production to 100 percent', 'Accept in Production']) {
      expect(ways(step)).toContain('Roll back Production');
    }
    expect([...graph.reachable(['NotLetIn'])]).not.toContain('Roll back Production');
    expect([...ways('Enter Production'), ...ways('May the release enter Production?')]).not.toContain('Roll back Production');
  });

  test('may call every version of the functions its steps call, and no other function', () => {
    const [role] = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => id.startsWith('MachineRole'));
    const policies = Object.values(template.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: role }] } }));
    const resources = JSON.stringify(policies.map(({ Properties }) => Properties.PolicyDocument));
    const called = new Set([...resources.matchAll(/"(TrafficFunctions\w+?Function[0-9A-F]{8})","Arn"\]\},":\*"/g)].map(([, id]) => id?.slice(0, -16)));
    expect([...called].sort()).toEqual(['TrafficFunctionsAccept', 'TrafficFunctionsMoveTraffic', 'TrafficFunctionsTakeSlot']);
  });

  test('has a net under it, by its name', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: Match.arrayWith(['SUCCEEDED']), stateMachineArn: [Match.anyValue()] },
      },
    });
    const [rule] = Object.values(template.findResources('AWS::Events::Rule', { Properties: { EventPattern: { source: ['aws.states'] } } }));
    expect(JSON.stringify(rule?.Properties.EventPattern)).toContain(':states:eu-west-2:111111111111:stateMachine:ShopRelease');
  });

  test('has one writer: one role may write the live rule, and only the writer’s functions may act as it', () => {
    const writing = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) => {
      return JSON.stringify(Properties.PolicyDocument).includes('"elasticloadbalancing:ModifyRule"');
    });
    expect(writing.flatMap(({ Properties }) => Properties.Roles[0].Ref).sort()).toEqual([
      expect.stringMatching(/^SwitchOwnerRole/), // which may not change what it does, see TrafficSwitch
      expect.stringMatching(/^TrafficRolesOperatorRole/),
    ]);
    const assumes = (entry: HubFunctionEntry) => statementsOf(template, entry).flatMap(({ Action, Resource }) => (Action === 'sts:AssumeRole' ? Resource : []));
    const names = (entry: HubFunctionEntry) =>
      [...new Set([assumes(entry)].flat().map((each) => JSON.stringify(each).match(/Shop-Production-(\w+)/)?.[1]))].sort();
    expect(names(TRAFFIC_FUNCTIONS['move-traffic'])).toEqual(['observer', 'operator']);
    expect(names(TRAFFIC_FUNCTIONS['take-slot'])).toEqual(['observer']);
    expect([names(TRAFFIC_FUNCTIONS['machine-ended']), names(TRAFFIC_FUNCTIONS.sweep)]).toEqual([[], []]);
  });

  test('may read alarms where a slot is watched by some, and nowhere else', () => {
    const plain = new Stack(testApp(), 'Shop', { env });
    trafficHub(plain, { slots: slots.map(({ colour, targetGroupArn }) => ({ colour, targetGroupArn })) });
    const reading = [template, Template.fromStack(plain)].map((each) => JSON.stringify(each.toJSON()).includes('cloudwatch:DescribeAlarms'));
    expect(reading).toEqual([true, false]);
  });

  test('answers no token, starts no execution: there is nothing that waits', () => {
    const policies = JSON.stringify(Object.values(template.findResources('AWS::IAM::Policy')));
    expect(policies).not.toMatch(/states:(SendTask|StartExecution)/);
  });
});

describe('a traffic hub is refused', () => {
  const stack = () => new Stack(testApp(), 'Shop', { env });
  test.each<[string, Partial<TrafficHubProps>, RegExp]>([
    ['with one slot', { slots: slots.slice(0, 1) }, /Shop\/Traffic: slots has 1, got: \["blue"\]; give at least two/],
    ['with two slots of a name', { slots: [slots[0] as (typeof slots)[0], slots[0] as (typeof slots)[0]] }, /two slots are named "blue"/],
    ['with a machine that has no name', { machineName: 'Shop release' }, /machineName is "Shop release"; it must be 1-80 letters/],
    ['with a path that names no role', { path: 'shop' }, /the id of the path is "shop"/],
  ])('%s', (_, given, why) => {
    expect(refusal(() => trafficHub(stack(), given)).message).toMatch(why);
  });

  test('with a share that is none, for its step', () => {
    const scope = stack();
    const hub = trafficHub(scope);
    const otherwise = sfn.Fail.jsonata(scope, 'Fail');
    for (const percent of [0, 101, 1.5]) expect(refusal(() => new ShiftStep(scope, `S${percent}`, { hub, percent, otherwise })).code).toBe('StepPercent');
  });
});

describe('a team’s own pipeline with a firebreak', () => {
  const template = Template.fromStack(deciding());
  const definition = definitionsIn(template).ShopPipeline as DefinitionJson;
  const graph = new Graph(definition);
  const wait = 'Wait at the firebreak in front of Production';

  test('is a definition AWS takes, and nothing in it waits for ever', () => {
    expect([...invalid(definition), ...findings({ ...definition, TimeoutSeconds: 60 })]).toEqual([]);
    expect(graph.state(wait)).toMatchObject({ TimeoutSeconds: 1_209_600, Resource: expect.stringMatching(/lambda:invoke\.waitForTaskToken$/) });
  });

  test('ends as data, whatever happens', () => {
    expect(graph.names.filter((name) => graph.isEnd(name)).sort()).toEqual([
      'The firebreak in front of Production is open',
      'The firebreak in front of Production stays closed',
    ]);
    const caught = graph.state(wait).Catch?.map(({ ErrorEquals, Assign }) => [ErrorEquals, (Assign as { firebreak: string }).firebreak]);
    expect(caught).toEqual([
      [['States.Timeout'], 'timedOut'],
      [['States.ALL'], 'refused'],
    ]);
  });

  test('is answered by functions that know it by name, and by no other', () => {
    const answering = (entry: HubFunctionEntry) => statementsOf(template, entry).filter(({ Action }) => [Action].flat().includes('states:SendTaskSuccess'));
    for (const handler of ['open-firebreak', 'decisions', 'sweep'] as const) {
      expect(JSON.stringify(answering(DECISION_FUNCTIONS[handler]))).toMatch(/:stateMachine:ShopPipeline"/);
    }
    expect([answering(DECISION_FUNCTIONS.finish), answering(DECISION_FUNCTIONS['pipeline-ended'])]).toEqual([[], []]);
  });

  test('is decided about by an API with the routes its handler answers, for signed calls only', () => {
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual(Object.keys(DECISION_ROUTES).sort());
    expect(new Set(routes.map(({ Properties }) => Properties.AuthorizationType))).toEqual(new Set(['AWS_IAM']));
  });

  test.each([
    ['Shop-read', []],
    ['Shop-decide', ['POST/releases/*/decisions']],
    ['Shop-manage', ['POST/releases/*/resume', 'POST/releases/*/abort']],
  ])('%s allows looking, and %j', (name, more) => {
    const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy', { Properties: { ManagedPolicyName: name } }));
    const resources = policy?.Properties.PolicyDocument.Statement[0].Resource.map((each: { 'Fn::Join': [string, unknown[]] }) => {
      return String(each['Fn::Join'][1].at(-1)).replace('/$default/', '');
    });
    expect(resources).toEqual(['GET/releases', 'GET/releases/*', 'GET/tickets', ...more]);
  });

  test('needs no right to a load balancer, a stack or a role', () => {
    for (const entry of Object.values<HubFunctionEntry>(DECISION_FUNCTIONS)) {
      expect(actionsOf(template, entry).filter((action) => !/^(dynamodb|events|logs|xray|states):/.test(action))).toEqual([]);
    }
  });

  test('is refused without parties, and with a name no environment has', () => {
    const stack = new Stack(testApp(), 'Shop', { env });
    const hub = new DecisionHub(stack, 'Decisions', { path: 'Shop', machineName: 'ShopPipeline' });
    const step = (id: string, environment: string, firebreak: Firebreak) => () => new FirebreakStep(stack, id, { hub, environment, firebreak });
    expect(refusal(step('None', 'Production', Firebreak.none({ reason: 'not needed' }))).code).toBe('FirebreakNone');
    expect(refusal(step('Name', 'in production', Firebreak.parties([security]))).code).toBe('EnvironmentName');
  });
});

test('two hubs of one name in an account are refused', () => {
  const stack = new Stack(testApp(), 'Shop', { env });
  trafficHub(stack);
  expect(refusal(() => new DecisionHub(stack, 'Decisions', { path: 'Shop', machineName: 'ShopPipeline' })).code).toBe('NamesTaken');
});
