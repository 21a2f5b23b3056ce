import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { isOfCurrentAttempt } from '../../lambda/domain/release/release';
import { exampleRelease } from '../lambda/example-path';
import { evaluate } from './expressions';
import { machinesOf, threeEnvironments } from './machines';

const definition = machinesOf(threeEnvironments())['Payments-path'] as DefinitionJson;
const graph = new Graph(definition);

test('reads as the path to live', () => {
  expect(graph.straight).toEqual([
    'Take the release through Integration',
    'Is the release live in Integration?',
    'Take the release through Preproduction',
    'Is the release live in Preproduction?',
    'Wait at the firebreak in front of Production',
    'Is the firebreak in front of Production open?',
    'Take the release through Production',
    'Is the release live in Production?',
    'Record that the release is live',
    'The release is live',
  ]);
});

test('an environment is a child execution, named after its parent, that is told what the release was started with', () => {
  expect(graph.state('Take the release through Integration')).toMatchObject({
    Resource: expect.stringMatching(/states:startExecution\.sync:2$/),
    Arguments: {
      Name: "{% $states.context.Execution.Name & '-Integration' %}",
      Input: { contract: '{% $states.context.Execution.Input.contract %}', release: '{% $states.context.Execution.Input.release %}' },
    },
    Output: '{% $states.result.Output %}',
  });
});

test('a child is known by its name to be of the release’s current attempt', async () => {
  const Name = String(graph.state('Take the release through Integration').Arguments?.Name);
  const named = await evaluate(Name, { context: { Execution: { Name: '1.1.0-1' } } });
  const task = { environment: 'Integration', release: '1.1.0', execution: `arn:aws:states:eu-west-2:111111111111:execution:Payments-Integration:${named}` };
  expect(isOfCurrentAttempt(exampleRelease('1.1.0'), task)).toBe(true);
});

test('a task has more time than the child it waits for, and the path more than all of them', () => {
  const machines = machinesOf(threeEnvironments());
  const tasks = graph.named(/^Take /).map((name) => Number(graph.state(name).TimeoutSeconds));
  const children = ['Integration', 'Preproduction', 'Production'].map((name) => Number(machines[`Payments-${name}`]?.TimeoutSeconds));
  tasks.forEach((seconds, index) => {
    expect(seconds).toBeGreaterThan(Number(children[index]));
  });
  const firebreak = Number(graph.state('Wait at the firebreak in front of Production').TimeoutSeconds);
  expect(firebreak).toBe(1_209_600);
  expect(Number(definition.TimeoutSeconds)).toBeGreaterThan(tasks.reduce((sum, seconds) => sum + seconds, firebreak));
});

test('an environment that is not live ends the release, and nothing after it is touched', () => {
  const rule = graph.from('Is the release live in Integration?').find(({ kind }) => kind === 'rule');
  const after = graph.reachable([String(rule?.to)]);
  expect([...after]).toEqual(expect.arrayContaining(['Record how the release ended', 'The release ended early']));
  expect([...after].filter((name) => name.startsWith('Take') || name.startsWith('Wait'))).toEqual([]);
});

test('a firebreak that is refused or runs out stops the release in front of its environment, with the failure', () => {
  const held = 'Record that the release stopped at a firebreak';
  expect(graph.edges.filter(({ to }) => to === held).map(({ kind, assigns }) => [kind, [...assigns].sort()])).toEqual([
    ['catch', ['environment', 'failure']],
    ['rule', ['environment', 'failure']],
  ]);
  expect(graph.state(held)).toMatchObject({ Arguments: { Payload: { outcome: 'stopped', environment: '{% $environment %}', failure: '{% $failure %}' } } });
});

test('a child that fails, and an ending that cannot be recorded, are left to the safety net', () => {
  const failing = graph.edges.filter(({ to }) => to === 'Leave the release of Payments to the safety net').map(({ from, kind }) => `${kind}: ${from}`);
  expect(failing).toHaveLength(6);
  expect(failing).toContain('catch: Take the release through Production');
  expect(failing).toContain('catch: Record that the release is live');
});

test('a year of waiting is the most a path can ask for', () => {
  const year = 364 * 86_400;
  const plans = threeEnvironments().map((plan) => ({ ...plan, goNoGo: { party: { name: 'P', members: [] }, timeoutSeconds: year } }));
  expect(machinesOf(plans)['Payments-path']?.TimeoutSeconds).toBe(365 * 86_400);
});
