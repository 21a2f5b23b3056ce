import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { evaluate } from './expressions';
import { machinesOf, threeEnvironments, withSharedState } from './machines';

const machines = machinesOf(withSharedState(threeEnvironments()));
const graph = new Graph(machines['Payments-Production'] as DefinitionJson);
const ENTERED = 'May the release enter Production?';
const ASK = 'Ask for the contract in Production';
const AGREED = 'Is the contract in Production agreed to?';
const BEGIN = 'Begin the contract in Production';
const BEGUN = 'May the contract in Production begin?';
const RUN = 'Contract the shared state of Production';
const DONE = 'Is the shared state of Production contracted?';
const STOP = 'Stop the contract in Production';
const ways = (from: string) => graph.from(from).map(({ kind, to }) => `${kind}: ${to}`);

test('reads as the story of a contract: asked about, begun, run', () => {
  expect(ways(ENTERED)).toContain(`rule: ${ASK}`);
  expect(ways(ASK).sort()).toEqual([`catch: ${STOP}`, `next: ${AGREED}`]);
  expect(ways(AGREED).sort()).toEqual([`default: ${BEGIN}`, `rule: ${STOP}`]);
  expect(ways(BEGIN).sort()).toEqual([`catch: ${STOP}`, `next: ${BEGUN}`]);
  expect(ways(BEGUN).sort()).toEqual([`default: ${RUN}`, `rule: ${STOP}`]);
  expect(ways(RUN).sort()).toEqual([`catch: ${STOP}`, `next: ${DONE}`]);
  expect(ways(DONE).sort()).toEqual(['default: The shared state of Production is contracted', `rule: ${RUN}`, `rule: ${STOP}`]);
});

test('no traffic moves, nothing is deployed, and no release ends on it', () => {
  const reached = [...graph.reachable([ASK])];
  expect(reached.filter((name) => graph.isEnd(name)).sort()).toEqual([
    'Leave Production to the safety net',
    'The contract in Production is stopped',
    'The shared state of Production is contracted',
  ]);
  expect(reached.filter((name) => /Shift|Deploy|Roll back|Accept|Stop the release|Migrate/.test(name))).toEqual([]);
});

test('a release comes to it from nowhere but the answer that it is no release', () => {
  for (const state of [ASK, BEGIN, RUN]) {
    const before = graph.edges.filter(({ to, from }) => to === state && !graph.reachable([ASK]).has(from)).map(({ from }) => from);
    expect(before).toEqual(state === ASK ? [ENTERED] : []);
  }
});

test('where nobody is asked about going live it begins at once, and where there is no shared state there is none', () => {
  const integration = new Graph(machines['Payments-Integration'] as DefinitionJson);
  expect(integration.from('May the release enter Integration?').map(({ to }) => to)).toContain('Begin the contract in Integration');
  expect(integration.names).not.toContain('Ask for the contract in Integration');
  const plain = new Graph(machinesOf(threeEnvironments())['Payments-Production'] as DefinitionJson);
  expect(plain.names.filter((name) => /contract/i.test(name))).toEqual([]);
});

describe('what comes after an answer', () => {
  type Rule = { readonly Condition: string; readonly Next: string };
  const next = async (question: string, answer: object, runs: number) => {
    const { Choices, Default } = graph.definition.States[question] as unknown as { Choices: Rule[]; Default: string };
    for (const { Condition, Next } of Choices) {
      if (await evaluate(Condition, { input: answer }, { runs, looks: 0 })) return Next;
    }
    return Default;
  };

  test.each<[string, object, string, number?]>([
    [ENTERED, { outcome: 'contract' }, ASK],
    [ENTERED, { outcome: 'entered', colour: 'green' }, 'Deploy to the shadow slot of Production'],
    [ENTERED, { outcome: 'stopped' }, 'Stop the release in Production'],
    [ENTERED, { outcome: 'live' }, 'The release is live in Production'],
    [AGREED, { outcome: 'passed' }, BEGIN],
    [AGREED, { outcome: 'refused' }, STOP],
    [AGREED, {}, STOP],
    [BEGUN, { outcome: 'entered', colour: 'green' }, RUN],
    [BEGUN, { outcome: 'stopped' }, STOP],
    [DONE, { outcome: 'migrated' }, 'The shared state of Production is contracted'],
    [DONE, { outcome: 'migrating' }, RUN, 7],
    [DONE, { outcome: 'migrating' }, STOP, 8],
    [DONE, { outcome: 'failed' }, STOP],
  ])('%s %j: %s', async (question, answer, expected, runs = 1) => {
    expect(await next(question, answer, runs)).toBe(expected);
  });
});
