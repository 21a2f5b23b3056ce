import { type App, CfnResource, Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { fixedName } from '../../constructs/blue-green/slot-resources';
import { requirePath } from '../../constructs/environments';
import { Colour, Environment, type EnvironmentProps, EnvironmentTest, Firebreak, GoNoGo, LambdaWorkload, Party, PathToLive } from '../../lib';
import { bundled } from '../bundles';
import { refusal } from '../constructs/refusal';
import { testApp } from '../test-app';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const PLACE = { account: '222222222222', region: 'eu-west-2' };
const party = Party.of('p'.repeat(40), { members: ['arn:aws:iam::111111111111:role/security'] });

const environment = (name: string, props: Partial<EnvironmentProps> = {}) =>
  new Environment(name, { env: PLACE, firebreak: Firebreak.parties([party]), goNoGo: GoNoGo.by(party), ...props });

function path(id: string, environments: Environment[], scope: App | Stage = testApp(), hub = HUB): PathToLive {
  return new PathToLive(scope, id, { hub, workload: new LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler' }), environments });
}

beforeAll(bundled);

describe('the longest names a team may give', () => {
  /** Type of resource -> what AWS takes as its name, from the service's own API reference. */
  const TAKEN: Record<string, RegExp> = {
    'AWS::Events::EventBus': /^[\w./-]{1,256}$/,
    'AWS::IAM::ManagedPolicy': /^[\w+=,.@-]{1,128}$/,
    'AWS::IAM::Role': /^[\w+=,.@-]{1,64}$/,
    'AWS::Lambda::Function': /^[\w-]{1,64}$/,
    'AWS::Logs::LogGroup': /^[\w./#-]{1,512}$/,
    'AWS::SNS::Topic': /^[\w-]{1,256}$/,
    'AWS::SSM::Parameter': /^(\/[\w.-]{1,100}){1,15}$/,
    'AWS::SecretsManager::Secret': /^[\w/+=.@-]{1,512}$/,
    'AWS::StepFunctions::StateMachine': /^[\w-]{1,80}$/,
  };

  const longest = path('P'.repeat(20), [
    environment('E'.repeat(20), {
      tests: [EnvironmentTest.http('/', { name: 't'.repeat(40) })],
      colours: [Colour.named('b'.repeat(10)), Colour.named('g'.repeat(10))],
      sharedState: { bind: (scope) => ({ values: { ['V'.repeat(40)]: new CfnResource(scope, 'Table', { type: 'AWS::DynamoDB::Table' }).ref } }) },
    }),
  ]);
  const { stacksRecursively: stacks } = (longest.node.root as App).synth();

  test('make stacks that CloudFormation takes', () => {
    expect(stacks).toHaveLength(6);
    for (const { stackName } of stacks) expect(stackName).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,127}$/);
  });

  test('make names that each service takes', () => {
    const named = stacks.flatMap(({ template }) =>
      Object.values(template.Resources as Record<string, { Type: string; Properties?: Record<string, unknown> }>).flatMap(({ Type, Properties = {} }) => {
        const name = fixedName(Type, Properties);
        return name === undefined ? [] : [[Type, Properties[name] as string] as const];
      }),
    );
    expect(named.filter(([type, name]) => !TAKEN[type]?.test(name))).toEqual([]);
    expect(Object.keys(TAKEN).filter((type) => !named.some(([one]) => one === type))).toEqual([]);
  });

  test('make state names of at most 80 characters, and one of exactly so many', () => {
    const lengths = stacks.flatMap(({ template }) =>
      [...JSON.stringify(template).matchAll(/(?:StartAt|Next|Default)\\+":\\+"(.*?)\\+"/g)].map(([, name]) => name?.length ?? 0),
    );
    expect(Math.max(...lengths)).toBe(80);
  });
});

describe('names of functions that CloudFormation makes up', () => {
  // What is kept of the stack's name ends within the environment's: PaymentsAndOrders-Integra.
  const one = environment('IntegrationOne');
  const two = environment('IntegrationTwo');

  test('are refused where two environments of an account could not be told apart by them', () => {
    const { code, message } = refusal(() => path('PaymentsAndOrders', [one, two]));
    expect(code).toBe('NamesTooAlike');
    expect(message).toBe(
      'PaymentsAndOrders: the environments "IntegrationOne" and "IntegrationTwo" are both in 222222222222/eu-west-2, and functions in their slots would have names that begin ' +
        'with "PaymentsAndOrders-Integra": CloudFormation keeps 25 characters of a stack’s name for that, and what deploys slots in one could change the functions of the ' +
        'other; shorten the id of the path or the names (23 characters together are always told apart), or give them accounts of their own (path-to-live:NamesTooAlike)',
    );
  });

  test.each([
    ['in two accounts', environment('IntegrationTwo', { env: { ...PLACE, account: '333333333333' } })],
    ['in two regions', environment('IntegrationTwo', { env: { ...PLACE, region: 'eu-west-1' } })],
  ])('may be alike %s', (_, elsewhere) => {
    expect(() => requirePath('App/PaymentsAndOrders', 'PaymentsAndOrders', [one, elsewhere])).not.toThrow();
  });

  test('are told apart up to 23 characters of path and environment', () => {
    const alike = ['Preproduction', 'Preproduction1', 'Preproduction12'].map((name) => environment(name));
    expect(() => requirePath('App/Payments', 'Payments', alike)).not.toThrow();
    expect(refusal(() => requirePath('App/PaymentsXY', 'PaymentsXY', alike)).code).toBe('NamesTooAlike');
  });
});

describe('names of roles, which are the account’s', () => {
  const stages = () => {
    const app = testApp();
    return [new Stage(app, 'Europe'), new Stage(app, 'Asia')] as const;
  };

  test('are refused when a path is in an app twice, with the same environment', () => {
    const [europe, asia] = stages();
    path('Payments', [environment('Production')], europe);
    const again = environment('Production', { env: { ...PLACE, region: 'ap-southeast-2' } });
    expect(refusal(() => path('Payments', [again], asia, { ...HUB, account: '999999999999' })).message).toBe(
      'Asia/Payments/Production: Europe/Payments/Production is an environment "Production" of a path "Payments" in the account 222222222222 already, and the names of its ' +
        'roles follow from that; give one of the paths another id, or one of the environments another account (path-to-live:NamesTaken)',
    );
  });

  test('are refused when a path is in an app twice, with the same hub', () => {
    const [europe, asia] = stages();
    path('Payments', [environment('Production')], europe);
    expect(refusal(() => path('Payments', [environment('Other')], asia)).message).toMatch(
      /^Asia\/Payments\/Hub: Europe\/Payments\/Hub is the hub of a path "Payments" in the account 111111111111 already.*another id, or its hub another account/,
    );
  });

  test('are nobody’s matter in accounts of their own', () => {
    const [europe, asia] = stages();
    path('Payments', [environment('Production')], europe);
    const elsewhere = { account: '333333333333', region: 'ap-southeast-2' };
    expect(() => path('Payments', [environment('Production', { env: elsewhere })], asia, elsewhere)).not.toThrow();
  });
});

test('an id that is taken is refused with what to do', () => {
  const app = testApp();
  path('Payments', [environment('Production')], app);
  expect(refusal(() => path('Payments', [environment('Other')], app)).message).toBe(
    'Payments: there is a construct of the id "Payments" in the same scope already; give one of them another id (path-to-live:IdTaken)',
  );
});

test('tests whose names differ only in what a construct id would lose are told apart', () => {
  const tests = ['a/b', 'a--b'].map((name) => EnvironmentTest.http('/', { name }));
  expect(() => path('Payments', [environment('Production', { tests })])).not.toThrow();
});
