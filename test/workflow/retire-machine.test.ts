import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { machinesOf, threeEnvironments } from './machines';

const graph = new Graph(machinesOf(threeEnvironments())['Payments-retire'] as DefinitionJson);
const NAMES = ['Integration', 'Preproduction', 'Production'];
const GIVE_BACK = NAMES.map((name) => `Give the users of ${name} back to what served before`);
const REMOVE = NAMES.map((name) => `Remove the slots of ${name}`);

test('reads as what it does: every environment’s users have what served before, and only then slots are removed', () => {
  expect(graph.straight).toEqual([
    ...NAMES.flatMap((name, index) => [GIVE_BACK[index], `Have the users of ${name} what served before?`]),
    ...NAMES.flatMap((name, index) => [REMOVE[index], `Are the slots of ${name} removed?`]),
    'The path is retired',
  ]);
});

test('no slot is removed before the users of every environment were given back', () => {
  for (const name of NAMES) {
    const without = graph.reachable([graph.definition.StartAt], [`Have the users of ${name} what served before?`]);
    expect(REMOVE.filter((state) => without.has(state))).toEqual([]);
  }
});

test('whatever goes wrong ends in a ticket, and where even that fails in the safety net', () => {
  const before = [...GIVE_BACK, ...REMOVE, ...NAMES.flatMap((name) => [`Have the users of ${name} what served before?`, `Are the slots of ${name} removed?`])];
  const into = (target: string) => graph.edges.filter(({ to }) => to === target).map(({ from }) => from);
  expect(into('Stop retiring the path').sort()).toEqual(before.sort());
  expect(into('Leave the path to the safety net')).toEqual(['Stop retiring the path']);
  expect(graph.names.filter((name) => graph.isEnd(name)).sort()).toEqual([
    'Leave the path to the safety net',
    'The path is not retired',
    'The path is retired',
  ]);
});
