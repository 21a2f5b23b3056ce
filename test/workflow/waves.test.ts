import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { evaluate } from './expressions';
import { findings, invalid } from './findings';
import { inWaves, machinesOf, threeEnvironments } from './machines';

const [integration, preproduction, production] = threeEnvironments();
const wave = (environment: string, given = {}) => ({ ...production, environment, ...given }) as NonNullable<typeof production>;
const plans = inWaves(
  'Production',
  [integration, preproduction].flatMap((plan) => plan ?? []),
  [wave('London'), wave('Dublin', { firebreak: undefined, goNoGo: undefined }), wave('Paris')],
);
const definition = machinesOf(plans)['Payments-path'] as DefinitionJson;
const graph = new Graph(definition);
const BACK = ['Roll back Dublin, an earlier wave', 'Roll back London, an earlier wave'] as const;
const RECORD = 'Record how the release ended in the waves of Production';
const ruleOf = (question: string) => graph.from(question).find(({ kind }) => kind === 'rule')?.to;

test('is a definition AWS takes, and nothing in it waits for ever', () => {
  expect([...invalid(definition), ...findings(definition)]).toEqual([]);
});

test('a failure in a wave leads past every wave before it, newest first, to one record of how it ended', () => {
  expect(ruleOf('Is the release live in Paris?')).toBe(BACK[0]);
  expect(ruleOf('Is the firebreak in front of Paris open?')).toBe(BACK[0]);
  expect(ruleOf('Is the release live in Dublin?')).toBe(BACK[1]);
  expect(graph.from(BACK[0]).map(({ kind, to }) => [kind, to])).toEqual(
    expect.arrayContaining([
      ['next', BACK[1]],
      ['catch', 'Leave the release of Payments to the safety net'],
    ]),
  );
  expect(graph.from(BACK[1]).find(({ kind }) => kind === 'next')?.to).toBe(RECORD);
  expect(graph.from(RECORD).find(({ kind }) => kind === 'next')?.to).toBe('The release ended early');
});

test('a failure in the first wave, and before the waves, takes nothing back', () => {
  for (const question of ['Is the release live in London?', 'Is the firebreak in front of London open?', 'Is the release live in Integration?']) {
    const reached = graph.reachable([String(ruleOf(question))]);
    expect([...reached].filter((name) => name.includes('an earlier wave'))).toEqual([]);
  }
});

test('from every failure behind the first wave, every path rolls all of them back or ends in the safety net', () => {
  for (const [question, waves] of [
    ['Is the release live in Dublin?', BACK.slice(1)],
    ['Is the release live in Paris?', BACK],
    ['Is the firebreak in front of Paris open?', BACK],
  ] as const) {
    for (const left of waves) {
      const past = [...graph.reachable([String(ruleOf(question))], [left])].filter((name) => graph.isEnd(name));
      expect(past.filter((name) => name !== 'Leave the release of Payments to the safety net')).toEqual([]);
    }
  }
});

test('nothing is shifted, entered or asked on the way back', () => {
  expect([...graph.reachable([BACK[0]])].sort()).toEqual(
    [...BACK, 'Leave the release of Payments to the safety net', RECORD, 'The release ended early'].sort(),
  );
});

test('a wave begins only when the release is live in the one before, which is behind its bake with all of the traffic', () => {
  const around = (of: Graph, past: string) => of.reachable([of.definition.StartAt], [past]);
  for (const [before, next] of [
    ['London', 'Dublin'],
    ['Dublin', 'Paris'],
  ]) {
    expect(graph.names).toContain(`Take the release through ${next}`);
    expect([...around(graph, `Is the release live in ${before}?`)]).not.toContain(`Take the release through ${next}`);
    expect(graph.from(`Is the release live in ${before}?`).map(({ kind, to }) => [kind, to])).toContainEqual([
      'default',
      expect.stringContaining(String(next)),
    ]);
    const machine = new Graph(machinesOf(plans)[`Payments-${before}`] as DefinitionJson);
    const [accept, live] = [`Accept in ${before}`, `The release is live in ${before}`];
    // But for one that was live there when it came.
    const ways = machine.edges.filter(({ to, from }) => to === live && from !== `May the release enter ${before}?`);
    expect(ways.map(({ from }) => from)).toEqual([`Is the release accepted in ${before}?`]);
    for (const baked of [`Bake ${before} at 100 percent`, `Read the health gates of ${before} at 100 percent`, `Is ${before} healthy at 100 percent?`]) {
      expect([machine.names.includes(accept), around(machine, baked).has(accept)]).toEqual([true, false]);
    }
  }
});

test('a wave is told where the release failed, and why', () => {
  expect(graph.state(BACK[0])).toMatchObject({
    Arguments: {
      Payload: {
        environment: 'Dublin',
        release: '{% $states.context.Execution.Input.release %}',
        execution: '{% $states.context.Execution.Id %}',
        failedIn: '{% $environment %}',
        failure: '{% $failure %}',
      },
    },
  });
  expect(graph.state(RECORD)).toMatchObject({
    Arguments: { Payload: { outcome: '{% $outcome %}', environment: '{% $environment %}', failure: '{% $failure %}' } },
  });
});

test.each([
  ['stopped', 'left', 'stopped'],
  ['stopped', 'stays', 'stopped'],
  ['stopped', 'rolledBack', 'rolledBack'],
  ['rolledBack', 'stays', 'rolledBack'],
])('%s in a wave, and %s in one before it, is %s', async (outcome, answered, expected) => {
  const { Assign } = graph.state(BACK[0]) as unknown as { Assign: { outcome: string } };
  expect(await evaluate(Assign.outcome, { result: { Payload: { outcome: answered } } }, { outcome })).toBe(expected);
});

test.each([
  ['Is the release live in Paris?', { outcome: 'rolledBack' }, 'rolledBack'],
  ['Is the release live in Paris?', { outcome: 'stopped' }, 'stopped'],
  ['Is the firebreak in front of Paris open?', { outcome: 'refused' }, 'stopped'],
  ['Is the firebreak in front of Paris open?', {}, 'stopped'],
])('%s %j leaves for the waves before that it was %s', async (question, input, expected) => {
  const { Choices } = graph.state(question) as unknown as { Choices: { Next: string; Assign: { outcome: string; environment: string } }[] };
  const { Assign } = Choices.find(({ Next }) => Next === BACK[0]) ?? {};
  expect(Assign?.environment).toBe('Paris');
  expect(await evaluate(String(Assign?.outcome), { input })).toBe(expected);
});

test('a release that goes straight through pays no state for it, and a path without waves is as it was', () => {
  const without = machinesOf(plans.map(({ wave: _wave, ...plan }) => plan))['Payments-path'] as DefinitionJson;
  expect(graph.straight).toEqual(new Graph(without).straight);
  expect(new Graph(without).names.filter((name) => /wave/.test(name))).toEqual([]);
});
