import { bundled } from '../bundles';
import { type Checked, checked } from './checked';

const PIECES = { 'only-the-switch': 'ShopRelease', 'only-the-firebreak': 'InvoicesPipeline' } as const;
type Piece = keyof typeof PIECES;
const EXAMPLES = { ...PIECES, 'own-path-machine': 'BookingsPath' } as const;
type Name = keyof typeof EXAMPLES;
const examples = new Map<Name, Checked>();

beforeAll(() => {
  bundled();
  Object.assign(process.env, { CDK_DEFAULT_ACCOUNT: '111111111111', CDK_DEFAULT_REGION: 'eu-west-2' });
  for (const name of Object.keys(EXAMPLES) as Name[]) examples.set(name, checked(require(`../../examples/${name}/${name}`).app));
}, 240_000);

const example = (name: Name) => examples.get(name) as Checked;
const resources = (name: Name) =>
  example(name).assembly.stacks.flatMap(({ template }) =>
    Object.values(template.Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>),
  );

describe.each(Object.keys(EXAMPLES) as Name[])('the example %s', (name) => {
  test('has nothing that cdk-nag would object to, and no acknowledgement too many', () => {
    expect(example(name).open).toEqual([]);
    expect(example(name).unused).toEqual([]);
  });
});

describe.each(Object.keys(PIECES) as Piece[])('the example %s', (name) => {
  test('is one stack beside what the team has: no load balancer, listener, network or target group', () => {
    expect(example(name).assembly.stacks.map(({ stackName }) => stackName)).toEqual([PIECES[name]]);
    expect(resources(name).filter(({ Type }) => /::(LoadBalancer|Listener|VPC|Subnet|SecurityGroup|TargetGroup)$/.test(Type))).toEqual([]);
  });
});

test('only the switch has no API, and only the firebreak reaches no load balancer', () => {
  expect(resources('only-the-switch').filter(({ Type }) => Type.startsWith('AWS::ApiGateway'))).toEqual([]);
  expect(JSON.stringify(resources('only-the-firebreak'))).not.toContain('elasticloadbalancing');
});

test('the own path has the team’s stack first, a front door an environment, and slots that no deployment reaches', () => {
  const { stacks, stacksRecursively } = example('own-path-machine').assembly;
  expect(stacks.map(({ stackName }) => stackName).sort()).toEqual(['Bookings-Integration', 'Bookings-Production', 'BookingsPath']);
  expect(stacksRecursively.filter((stack) => !stacks.includes(stack)).map(({ stackName }) => stackName)).toHaveLength(4);
  const machines = resources('own-path-machine').filter(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
  expect(machines.map(({ Properties }) => Properties.StateMachineName)).not.toContain('Bookings-path');
});
