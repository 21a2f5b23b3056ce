import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { findings, invalid } from './findings';
import { machinesOf, threeEnvironments, withCapacity } from './machines';

const machines = machinesOf(withCapacity(threeEnvironments()));
const definition = machines['Payments-Production'] as DefinitionJson;
const graph = new Graph(definition);
const leadingTo = (target: string) => graph.edges.filter(({ to }) => to === target).map(({ from, kind }) => `${kind}: ${from}`);

test.each(Object.entries(machines))('%s, whose slots have a capacity, is a definition AWS takes, and nothing in it waits for ever', (_, one) => {
  expect([...invalid(one), ...findings(one)]).toEqual([]);
});

test('the capacity is matched before anybody tests or is asked, and again before every shift', () => {
  const around = graph.straight.filter((name) => /^(Deploy|Start|Has|Match|Test|Ask|Shift)/.test(name));
  expect(around).toEqual([
    'Deploy to the shadow slot of Production',
    'Start the shadow of Production with the capacity of live',
    'Has the shadow of Production the capacity of live?',
    'Test the shadow of Production',
    'Ask for go/no-go in Production',
    ...[10, 50, 100].flatMap((percent) => [
      `Match the capacity of Production for ${percent} percent`,
      `Has Production the capacity for ${percent} percent?`,
      `Shift Production to ${percent} percent`,
    ]),
  ]);
});

test('a slot that does not get it stops the release before the first shift, and rolls it back after', () => {
  expect(leadingTo('Stop the release in Production')).toEqual(
    expect.arrayContaining([
      'rule: Has the shadow of Production the capacity of live?',
      'catch: Start the shadow of Production with the capacity of live',
      'rule: Has Production the capacity for 10 percent?',
      'catch: Match the capacity of Production for 10 percent',
    ]),
  );
  expect(leadingTo('Roll back Production')).toEqual(
    expect.arrayContaining([
      'rule: Has Production the capacity for 50 percent?',
      'catch: Match the capacity of Production for 50 percent',
      'rule: Has Production the capacity for 100 percent?',
    ]),
  );
});

test('no shift comes before its capacity', () => {
  for (const percent of [10, 50, 100]) {
    const without = graph.reachable([graph.definition.StartAt], [`Has Production the capacity for ${percent} percent?`]);
    expect(without).not.toContain(`Shift Production to ${percent} percent`);
  }
});

test('a release that goes straight through three environments still takes fewer than 100 transitions', () => {
  const transitions = Object.values(machines).map((one) => new Graph(one).straight.length);
  expect(transitions.reduce((sum, states) => sum + states, 0)).toBeLessThan(100);
});

test('a machine whose slots have none is as it was', () => {
  const names = new Graph(machinesOf(threeEnvironments())['Payments-Production'] as DefinitionJson).names;
  expect(names.filter((name) => /capacity/.test(name))).toEqual([]);
});
