import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { examplePlan } from '../lambda/example-path';
import { machinesOf, threeEnvironments } from './machines';

const graphOf = (plans = threeEnvironments()) => new Graph(machinesOf(plans)['Payments-Production'] as DefinitionJson);
const graph = graphOf();
const STOP = 'Stop the release in Production';
const ROLL_BACK = 'Roll back Production';
const ACCEPT = 'Accept in Production';

test('reads as the story of a release', () => {
  const step = (percent: number) => [
    `Shift Production to ${percent} percent`,
    `Is Production at ${percent} percent?`,
    `Bake Production at ${percent} percent`,
    `Read the health gates of Production at ${percent} percent`,
    `Is Production healthy at ${percent} percent?`,
  ];
  expect(graph.straight).toEqual([
    'Enter Production',
    'May the release enter Production?',
    'Deploy to the shadow slot of Production',
    'Is the shadow slot of Production deployed?',
    'Test the shadow of Production',
    'Run health in Production',
    'Did every test of Production pass?',
    'Ask for go/no-go in Production',
    'Is it a go in Production?',
    ...step(10),
    ...step(50),
    ...step(100),
    ACCEPT,
    'Is the release accepted in Production?',
    'The release is live in Production',
  ]);
});

/** Where a release can be once a shift has been started; a first shift that was refused has not written anything. */
function afterShifts(): string[] {
  const [first, ...later] = graph.named(/^Shift /);
  const question = 'Is Production at 10 percent?';
  const ways = [...graph.from(first as string), ...graph.from(question), ...later.flatMap((shift) => graph.from(shift))];
  return ways.map(({ to }) => to).filter((to) => to !== question && !(to === STOP));
}

test('from every state after a shift, every path ends in Accept or Roll back', () => {
  const reached = [...graph.reachable(afterShifts(), [ACCEPT, ROLL_BACK])];
  expect(reached).not.toContain(STOP);
  expect(reached.filter((name) => graph.isEnd(name))).toEqual([]);
  const accepted = [...graph.reachable([ACCEPT], [ROLL_BACK])];
  expect(accepted.filter((name) => graph.isEnd(name))).toEqual(['The release is live in Production']);
  const rolledBack = [...graph.reachable([ROLL_BACK])];
  expect(rolledBack.filter((name) => graph.isEnd(name)).sort()).toEqual(['Leave Production to the safety net', 'Production is rolled back']);
});

test('only a first shift that was refused leads to Stop; its error, and whatever comes later, to Roll back', () => {
  const leadingTo = (target: string) => graph.edges.filter(({ to }) => to === target).map(({ from, kind }) => `${kind}: ${from}`);
  expect(leadingTo(STOP)).toContain('rule: Is Production at 10 percent?');
  expect(leadingTo(STOP)).not.toContain('catch: Shift Production to 10 percent');
  expect(leadingTo(ROLL_BACK)).toEqual(
    expect.arrayContaining([
      'catch: Shift Production to 10 percent',
      'rule: Is Production at 50 percent?',
      'catch: Accept in Production',
      'rule: Is the release accepted in Production?',
    ]),
  );
});

test('ends are live, stopped and rolled back; it fails only when it could not even stop or roll back', () => {
  expect(graph.names.filter((name) => graph.isEnd(name)).sort()).toEqual([
    'Leave Production to the safety net',
    'Production is rolled back',
    'The release is live in Production',
    'The release is stopped in Production',
  ]);
  const failing = graph.edges.filter(({ to }) => to === 'Leave Production to the safety net').map(({ from }) => from);
  expect(failing.sort()).toEqual([ROLL_BACK, STOP]);
  expect(graph.from(ACCEPT).filter(({ kind }) => kind === 'next')).toHaveLength(1);
});

test('nothing but a shift lies between the tests, the go/no-go and live traffic', () => {
  const withoutQuestion = graph.reachable([graph.definition.StartAt], ['Is it a go in Production?']);
  expect([...withoutQuestion].filter((name) => name.startsWith('Shift'))).toEqual([]);
  const withoutTests = graph.reachable([graph.definition.StartAt], ['Did every test of Production pass?']);
  expect([...withoutTests].filter((name) => name.startsWith('Ask') || name.startsWith('Shift'))).toEqual([]);
});

test('a bake in which nothing happens is followed by the gates; anything else rolls back', () => {
  expect(graph.state('Bake Production at 50 percent')).toMatchObject({
    Resource: expect.stringMatching(/lambda:invoke\.waitForTaskToken$/),
    TimeoutSeconds: 300,
    Next: 'Read the health gates of Production at 50 percent',
    Catch: [
      { ErrorEquals: ['States.Timeout'], Next: 'Read the health gates of Production at 50 percent' },
      { ErrorEquals: ['States.ALL'], Next: ROLL_BACK },
    ],
  });
});

test('a go/no-go has as long as its plan says, and silence stops the release', () => {
  expect(graph.state('Ask for go/no-go in Production')).toMatchObject({
    TimeoutSeconds: 172_800,
    Catch: [{ ErrorEquals: ['States.ALL'], Next: STOP }],
  });
});

test('without tests, go/no-go and bake time there is no state for them', () => {
  const bare = graphOf([examplePlan('Production', { tests: [], goNoGo: undefined, steps: [{ percent: 100, bakeSeconds: 0 }], gates: [] })]);
  expect(bare.straight.filter((name) => !name.endsWith('?'))).toEqual([
    'Enter Production',
    'Deploy to the shadow slot of Production',
    'Shift Production to 100 percent',
    ACCEPT,
    'The release is live in Production',
  ]);
});

test('tests run beside each other, and one that breaks is a verdict', () => {
  const tests = ['one', 'two'].map((name) => ({ kind: 'http' as const, name, path: '/', expectStatus: 200, timeoutSeconds: 20 }));
  const two = graphOf([examplePlan('Production', { tests })]);
  expect(two.branches.map(({ names }) => names)).toEqual([
    ['Run one in Production', 'No verdict from one in Production'],
    ['Run two in Production', 'No verdict from two in Production'],
  ]);
  expect(two.branches[0]?.state('Run one in Production')).toMatchObject({
    TimeoutSeconds: 80,
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'No verdict from one in Production', Output: { verdict: 'error' } }],
  });
});
