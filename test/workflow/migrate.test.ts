import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { evaluate } from './expressions';
import { findings, invalid } from './findings';
import { machinesOf, threeEnvironments, withSharedState } from './machines';

const machines = machinesOf(withSharedState(threeEnvironments()));
const graph = new Graph(machines['Payments-Production'] as DefinitionJson);
const TASK = 'Migrate the shared state of Production';
const QUESTION = 'Is the shared state of Production migrated?';
const leadingTo = (target: string) => graph.edges.filter(({ to }) => to === target).map(({ from, kind }) => `${kind}: ${from}`);

test.each(Object.entries(machines))('%s, whose slots share state, is a definition AWS takes, and nothing in it waits for ever', (_, one) => {
  expect([...invalid(one), ...findings(one)]).toEqual([]);
});

test('a release that brings something migrates after it was deployed and before it is tested', () => {
  expect(leadingTo(TASK)).toEqual(expect.arrayContaining(['rule: Is the shadow slot of Production deployed?', `rule: ${QUESTION}`]));
  expect(
    graph.edges
      .filter(({ from }) => from === QUESTION)
      .map(({ to }) => to)
      .sort(),
  ).toEqual([TASK, 'Stop the release in Production', 'Test the shadow of Production'].sort());
});

test('a migration that fails, or does not answer, stops the release before the first shift', () => {
  expect(leadingTo('Stop the release in Production')).toEqual(expect.arrayContaining([`rule: ${QUESTION}`, `catch: ${TASK}`]));
  expect(leadingTo('Roll back Production').filter((from) => /igrat/.test(from))).toEqual([]);
});

test('nothing is migrated once traffic was moved', () => {
  expect(graph.reachable(['Shift Production to 10 percent'])).not.toContain(TASK);
});

test('a release that brings nothing goes straight on, in as many states as without shared state', () => {
  const plain = new Graph(machinesOf(threeEnvironments())['Payments-Production'] as DefinitionJson);
  expect(graph.straight).toEqual(plain.straight);
});

describe('what comes after an answer', () => {
  type Rule = { readonly Condition: string; readonly Next: string };
  const next = async (question: string, answer: object, variables: Readonly<Record<string, number>>) => {
    const { Choices, Default } = graph.definition.States[question] as unknown as { Choices: Rule[]; Default: string };
    for (const { Condition, Next } of Choices) {
      if (await evaluate(Condition, { input: answer }, variables)) return Next;
    }
    return Default;
  };
  const DEPLOYED = 'Is the shadow slot of Production deployed?';

  test.each([
    [DEPLOYED, { outcome: 'deployed', migrates: true }, TASK],
    [DEPLOYED, { outcome: 'deployed' }, 'Test the shadow of Production'],
    [DEPLOYED, { outcome: 'failed' }, 'Stop the release in Production'],
    [DEPLOYED, { outcome: 'failed', migrates: true }, 'Stop the release in Production'],
    [QUESTION, { outcome: 'migrated' }, 'Test the shadow of Production'],
    [QUESTION, { outcome: 'migrating' }, TASK],
    [QUESTION, { outcome: 'failed' }, 'Stop the release in Production'],
    [QUESTION, {}, 'Stop the release in Production'],
  ])('%s %j: %s', async (question, answer, expected) => {
    expect(await next(question, answer, { looks: 1, runs: 7 })).toBe(expected);
  });

  test('one that is not done after eight runs stops the release', async () => {
    expect(await next(QUESTION, { outcome: 'migrating' }, { looks: 1, runs: 8 })).toBe('Stop the release in Production');
  });
});
