import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { findings, invalid } from './findings';
import { machinesOf, threeEnvironments, withTargetAsked } from './machines';

const plans = threeEnvironments();
const asking = machinesOf(withTargetAsked(plans));
const ASK = 'Ask about the roll-back target of Production';
const MAY = 'May the release take the roll-back target of Production?';

test.each(
  Object.entries(asking),
)('%s, where a party is asked about the roll-back target, is a definition AWS takes, and nothing in it waits for ever', (_, one) => {
  expect([...invalid(one), ...findings(one)]).toEqual([]);
});

test('is asked between entering and deploying; a refusal, silence and an error stop the release', () => {
  const graph = new Graph(asking['Payments-Production'] as DefinitionJson);
  expect([...graph.reachable(['Enter Production'], [ASK])]).not.toContain('Deploy to the shadow slot of Production');
  expect(graph.from(MAY).map(({ to }) => to)).toEqual(expect.arrayContaining(['Deploy to the shadow slot of Production']));
  expect([...graph.reachable([MAY], ['Deploy to the shadow slot of Production'])]).toContain('Stop the release in Production');
  expect(graph.state(ASK)).toMatchObject({ TimeoutSeconds: 3_600 });
});

test('costs a machine nothing where nobody is asked', () => {
  const refusing = plans.map((plan) => ({ ...plan, rollBackTarget: { kind: 'refuse', keepSeconds: 60 } as const }));
  expect(machinesOf(refusing)).toEqual(machinesOf(plans));
});
