import jsonata from 'jsonata';
import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { prove } from '../../cli/review/machines/proof';
import { MOST_STEPS } from '../../constructs/environments/path-rules';
import { examplePlan } from '../lambda/example-path';
import { findings, invalid } from './findings';
import { machinesOf, threeEnvironments, withCapacity, withPauses } from './machines';

const machines = machinesOf(withPauses(threeEnvironments()));
const definition = machines['Payments-Production'] as DefinitionJson;
const graph = new Graph(definition);
const [ROLL_BACK, ACCEPT] = ['Roll back Production', 'Accept in Production'];
const leadingTo = (target: string) => graph.edges.filter(({ to }) => to === target).map(({ from, kind }) => `${kind}: ${from}`);

test.each(
  Object.entries({ ...machines, ...machinesOf(withCapacity(withPauses(threeEnvironments()))) }),
)('%s, which asks people once traffic has moved, is a definition AWS takes, and nothing in it waits for ever', (_, one) => {
  expect([...invalid(one), ...findings(one)]).toEqual([]);
});

test('a step that pauses asks once it has baked and is healthy, before the next shift', () => {
  expect(graph.straight.filter((name) => /10 percent/.test(name))).toEqual([
    'Shift Production to 10 percent',
    'Is Production at 10 percent?',
    'Bake Production at 10 percent',
    'Read the health gates of Production at 10 percent',
    'Is Production healthy at 10 percent?',
    'Pause Production at 10 percent',
    'Does Production go on from 10 percent?',
  ]);
  expect(graph.from('Does Production go on from 10 percent?').map(({ kind, to }) => [kind, to])).toEqual([
    ['rule', ROLL_BACK],
    ['default', 'Shift Production to 50 percent'],
  ]);
  expect(graph.from('Does Production go on from 100 percent?').map(({ to }) => to)).toEqual([ROLL_BACK, ACCEPT]);
});

test('inconclusive health gates ask, and a yes goes where health goes; without a question they roll back', () => {
  const healthy = 'Is Production healthy at 10 percent?';
  expect(graph.from(healthy).map(({ kind, to }) => [kind, to])).toEqual([
    ['rule', 'Ask about Production, inconclusive at 10 percent'],
    ['rule', ROLL_BACK],
    ['default', 'Pause Production at 10 percent'],
  ]);
  expect(graph.from('Does Production go on, inconclusive at 10 percent?').map(({ to }) => to)).toEqual([ROLL_BACK, 'Pause Production at 10 percent']);
  const usual = new Graph(machinesOf(threeEnvironments())['Payments-Production'] as DefinitionJson);
  expect(usual.from(healthy).map(({ to }) => to)).toEqual([ROLL_BACK, 'Shift Production to 50 percent']);
});

test.each([
  'Pause Production at 50 percent',
  'Ask about Production, inconclusive at 50 percent',
])('%s waits on a token, so long and no longer, and whatever ends it rolls back', (name) => {
  expect(graph.state(name)).toMatchObject({
    Resource: expect.stringMatching(/lambda:invoke\.waitForTaskToken$/),
    TimeoutSeconds: 3_600,
    Catch: [{ ErrorEquals: ['States.ALL'], Next: ROLL_BACK }],
  });
});

test('from every state after a shift, every path ends in Accept or Roll back', () => {
  const actOf = (state: string) => (state.startsWith('Shift ') ? 'shift' : state === ACCEPT ? 'accept' : state === ROLL_BACK ? 'rollBack' : undefined);
  const { holds, problems, states } = prove(definition, actOf);
  expect({ holds, problems }).toEqual({ holds: true, problems: [] });
  expect(states.map(({ state }) => state)).toEqual(
    expect.arrayContaining(['Pause Production at 100 percent', 'Ask about Production, inconclusive at 10 percent']),
  );
  expect(leadingTo(ROLL_BACK)).toContain('catch: Pause Production at 100 percent');
});

test('a machine may run as long as all of its pauses together', () => {
  const usual = machinesOf(threeEnvironments())['Payments-Production'] as DefinitionJson;
  expect(Number(definition.TimeoutSeconds) - Number(usual.TimeoutSeconds)).toBe(6 * 3_600);
});

test('a step without bake time may pause all the same', () => {
  const asked = { party: { name: 'QA', members: [] }, timeoutSeconds: 60 };
  const quick = new Graph(
    machinesOf([
      examplePlan('Production', {
        gates: [],
        steps: [
          { percent: 50, bakeSeconds: 0, pause: asked },
          { percent: 100, bakeSeconds: 0 },
        ],
      }),
    ])['Payments-Production'] as DefinitionJson,
  );
  expect(quick.straight.slice(-9, -3)).toEqual([
    'Shift Production to 50 percent',
    'Is Production at 50 percent?',
    'Pause Production at 50 percent',
    'Does Production go on from 50 percent?',
    'Shift Production to 100 percent',
    'Is Production at 100 percent?',
  ]);
});

test('as many steps with questions as a path may have fit into its template', () => {
  const count = Math.floor((MOST_STEPS * 5) / 9 / 3);
  const asked = { party: { name: 'QA', members: ['arn:aws:iam::111111111111:role/QA'] }, timeoutSeconds: 3_600 };
  const steps = Array.from({ length: count }, (_, index) => ({ percent: Math.ceil(((index + 1) * 100) / count), bakeSeconds: 600, pause: asked }));
  const plans = ['F', 'S', 'L'].map((letter) => examplePlan(letter.repeat(20), { steps, inconclusive: asked }));
  expect(JSON.stringify(machinesOf(plans)).length).toBeLessThan(900_000);
}, 30_000);

describe('tests beside a bake', () => {
  const tests = ['health', 'orders'].map((name) => ({ kind: 'http' as const, name, path: '/', expectStatus: 200, timeoutSeconds: 20 }));
  const steps = [
    { percent: 10, bakeSeconds: 300, tests },
    { percent: 100, bakeSeconds: 300 },
  ];
  const tested = machinesOf([examplePlan('Production', { tests, steps })])['Payments-Production'] as DefinitionJson;
  const all = new Graph(tested);
  const BAKES = 'Bake Production at 10 percent';

  test('make a definition AWS takes, in which every path after a shift ends in Accept or Roll back', () => {
    expect([...invalid(tested), ...findings(tested)]).toEqual([]);
    const actOf = (state: string) => (state.startsWith('Shift ') ? 'shift' : state === ACCEPT ? 'accept' : state === ROLL_BACK ? 'rollBack' : undefined);
    expect(prove(tested, actOf).problems).toEqual([]);
  });

  test('run once more as branches of their own, and whatever ends the bake but its time fails all of it', () => {
    const [baking, ...others] = all.branches.filter(({ names }) => names.some((name) => name.endsWith('at 10 percent')));
    expect(others.map(({ names }) => names[0])).toEqual(['Run health in Production at 10 percent', 'Run orders in Production at 10 percent']);
    expect(baking?.state(BAKES)).toMatchObject({
      TimeoutSeconds: 300,
      Catch: [
        { ErrorEquals: ['States.Timeout'], Next: 'Nothing ended the bake of Production at 10 percent' },
        { ErrorEquals: ['States.ALL'], Next: 'Something ended the bake of Production at 10 percent' },
      ],
    });
    expect(baking?.state('Something ended the bake of Production at 10 percent').Type).toBe('Fail');
    expect(all.from('Bake and test Production at 10 percent').map(({ kind, to }) => [kind, to])).toEqual([
      ['next', 'Did every test of Production at 10 percent pass?'],
      ['catch', ROLL_BACK],
    ]);
  });

  test('must each have passed before the health gates are read', async () => {
    const question = 'Did every test of Production at 10 percent pass?';
    expect(all.from(question).map(({ kind, to }) => [kind, to])).toEqual([
      ['rule', ROLL_BACK],
      ['default', 'Read the health gates of Production at 10 percent'],
    ]);
    const { Condition = '', Assign } = all.state(question).Choices?.[0] ?? {};
    const goesBack = (input: unknown) => jsonata(inner(Condition)).evaluate({}, { states: { input } });
    const failure = { subject: 'test orders', actual: 'status 500' };
    expect(await goesBack([{}, { verdict: 'passed' }, { verdict: 'passed' }])).toBe(false);
    expect(await goesBack([{}, { verdict: 'passed' }, { verdict: 'failed', failure }])).toBe(true);
    expect(await goesBack([{}, { verdict: 'passed' }])).toBe(true);
    const assigned = jsonata(inner(String(Assign?.failure))).evaluate({}, { states: { input: [{}, { verdict: 'passed' }, { verdict: 'failed', failure }] } });
    expect(await assigned).toEqual(failure);
  });
});

const inner = (expression: string) => expression.replace(/^\{%|%\}$/g, '');
