import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { prove } from '../../cli/review/machines/proof';
import { evaluate } from './expressions';
import { findings, invalid } from './findings';
import { machinesOf, threeEnvironments, withCapacity, withOutages, withSharedState } from './machines';

const shared = withSharedState(threeEnvironments());
const machines = machinesOf(withOutages(shared));
const graph = new Graph(machines['Payments-Production'] as DefinitionJson);
const STOP = 'Stop the release in Production';
const ROLL_BACK = 'Roll back Production';
const BEGIN = 'Begin the outage of Production';
const BEGUN = 'Are the users of Production out?';
const KEEP = 'Keep the users of Production out';
const UNDO = 'Undo the migration of Production';
const UNDONE = 'Is the migration of Production undone, as far as it can be?';
const leadingTo = (target: string) => graph.edges.filter(({ to }) => to === target).map(({ from, kind }) => `${kind}: ${from}`);

test.each(Object.entries(machines))('%s, where outages may be planned, is a definition AWS takes, and nothing in it waits for ever', (_, one) => {
  expect([...invalid(one), ...findings(one)]).toEqual([]);
});

test('reads as the story of an outage', () => {
  const story: string[] = [];
  for (let name: string | undefined = 'Ask for an outage of Production'; name !== undefined; name = graph.state(name).Default ?? graph.state(name).Next) {
    story.push(name);
  }
  expect(story.filter((name) => !name.endsWith('?'))).toEqual([
    'Ask for an outage of Production',
    BEGIN,
    'Migrate the shared state of Production in the outage',
    'Test the shadow of Production in the outage',
    'Shift Production to 100 percent after the outage',
    'Bake Production at 100 percent after the outage',
    'Read the health gates of Production at 100 percent after the outage',
    'Accept in Production after the outage',
    'The release is live in Production',
  ]);
});

test('from every state after it began, every path ends in Accept or Roll back; and each way back keeps users out, and undoes, first', () => {
  const ways = [...graph.from(BEGIN), ...graph.from(BEGUN).filter(({ to }) => to !== STOP)].map(({ to }) => to).filter((to) => to !== BEGUN);
  const accept = 'Accept in Production after the outage';
  const reached = [...graph.reachable(ways, [accept, ROLL_BACK])];
  expect(reached).not.toContain(STOP);
  expect(reached.filter((name) => graph.isEnd(name))).toEqual([]);
  expect([...graph.reachable(ways, [KEEP])]).not.toContain(ROLL_BACK);
  expect([...graph.reachable([KEEP], [UNDO])].sort()).toEqual([KEEP, UNDO].sort());
  expect(
    graph
      .from(UNDO)
      .map(({ kind, to }) => `${kind}: ${to}`)
      .sort(),
  ).toEqual([`catch: ${ROLL_BACK}`, `next: ${UNDONE}`]);
  expect(
    graph
      .from(UNDONE)
      .map(({ kind, to }) => `${kind}: ${to}`)
      .sort(),
  ).toEqual([`default: ${ROLL_BACK}`, `rule: ${UNDO}`]);
});

test('the review proves the same, and names both first shifts that may be refused', () => {
  const act = (state: string) =>
    /^(Shift|Begin the outage)/.test(state) ? 'shift' : /^Accept/.test(state) ? 'accept' : /^Roll back/.test(state) ? 'rollBack' : undefined;
  const proof = prove(machines['Payments-Production'] as DefinitionJson, act);
  expect(proof.problems).toEqual([]);
  expect(proof.refused).toEqual([
    { first: 'Shift Production to 10 percent', from: 'Is Production at 10 percent?', to: STOP },
    { first: 'Begin the outage of Production', from: BEGUN, to: STOP },
  ]);
  const bad = structuredClone(machines['Payments-Production']) as DefinitionJson;
  (bad.States[UNDONE] as { Default: string }).Default = STOP;
  expect(prove(bad, act).holds).toBe(false);
});

test('nothing breaks the live version before users are out, and no other way leads there', () => {
  const before = [...graph.reachable([graph.definition.StartAt], [BEGIN])];
  expect(before.filter((name) => / in the outage| after the outage/.test(name))).toEqual([]);
  expect(leadingTo('Ask for an outage of Production')).toEqual([
    'rule: Is the shadow slot of Production deployed?',
    'rule: Is the shared state of Production migrated?',
  ]);
  expect(leadingTo(BEGIN)).toEqual(['default: Is an outage of Production agreed to?']);
});

test('where nobody is asked it begins at once; the shadow gets the capacity of live before', () => {
  const integration = new Graph(machines['Payments-Integration'] as DefinitionJson);
  expect(integration.from('Is the shadow slot of Integration deployed?').map(({ to }) => to)).toContain('Begin the outage of Integration');
  const withNumber = new Graph(machinesOf(withOutages(withCapacity(shared)))['Payments-Production'] as DefinitionJson);
  expect(withNumber.from('Is an outage of Production agreed to?').map(({ to }) => to)).toContain('Match the capacity of Production for the outage');
});

test('where no outage may be planned the machine is what it was', () => {
  const without = machinesOf(shared)['Payments-Production'];
  expect(Object.keys((without as DefinitionJson).States).filter((name) => /outage|Undo|Keep/.test(name))).toEqual([]);
  const states = Object.keys((machines['Payments-Production'] as DefinitionJson).States).length - Object.keys((without as DefinitionJson).States).length;
  expect(states).toBe(18);
});

describe('what comes after an answer', () => {
  type Rule = { readonly Condition: string; readonly Next: string };
  const next = async (question: string, answer: object, runs = 1) => {
    const { Choices, Default } = graph.definition.States[question] as unknown as { Choices: Rule[]; Default: string };
    for (const { Condition, Next } of Choices) {
      if (await evaluate(Condition, { input: answer }, { looks: 1, runs })) return Next;
    }
    return Default;
  };
  const DEPLOYED = 'Is the shadow slot of Production deployed?';
  const MIGRATED = 'Is the shared state of Production migrated?';
  const BROKEN = 'Is the shared state of Production migrated in the outage?';

  test.each<[string, object, string, number?]>([
    [DEPLOYED, { outcome: 'deployed', outage: true }, 'Ask for an outage of Production'],
    [DEPLOYED, { outcome: 'deployed', outage: true, migrates: true }, 'Migrate the shared state of Production'],
    [DEPLOYED, { outcome: 'deployed' }, 'Test the shadow of Production'],
    [DEPLOYED, { outcome: 'failed', outage: true }, STOP],
    [MIGRATED, { outcome: 'migrated', outage: true }, 'Ask for an outage of Production'],
    [MIGRATED, { outcome: 'migrated' }, 'Test the shadow of Production'],
    [MIGRATED, { outcome: 'failed', outage: true }, STOP],
    [BEGUN, { outcome: 'shifted' }, 'Migrate the shared state of Production in the outage'],
    [BEGUN, { outcome: 'refused' }, STOP],
    [BEGUN, {}, STOP],
    [BROKEN, { outcome: 'migrated' }, 'Test the shadow of Production in the outage'],
    [BROKEN, { outcome: 'migrating' }, 'Migrate the shared state of Production in the outage', 7],
    [BROKEN, { outcome: 'migrating' }, KEEP, 8],
    [BROKEN, { outcome: 'failed' }, KEEP],
    [UNDONE, { outcome: 'migrating' }, UNDO, 7],
    [UNDONE, { outcome: 'migrating' }, ROLL_BACK, 8],
    [UNDONE, { outcome: 'failed' }, ROLL_BACK],
    [UNDONE, { outcome: 'migrated' }, ROLL_BACK],
  ])('%s %j: %s', async (question, answer, expected, runs = 1) => {
    expect(await next(question, answer, runs)).toBe(expected);
  });
});
