import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { assignAnswered, assignCaught } from '../../constructs/release/fragments/failure';
import { evaluate } from './expressions';
import { machinesOf, threeEnvironments } from './machines';

const expectation = { step: 'Test the shadow of "Production"', subject: "the team's test", expected: 'a verdict' };
const context = { Execution: { Id: 'arn:of:the:execution' } };

const caught = (errorOutput: object) => evaluate(String(assignCaught(expectation).failure.actual), { errorOutput, context });
const answered = (input: object) => evaluate(assignAnswered(expectation).failure, { input, context });

describe('of a caught error, the ticket holds', () => {
  test.each([
    [
      'what a handler said',
      '{"errorType":"Conflict","errorMessage":"the rule holds {\\"blue\\":100}, not 90","trace":["at x"]}',
      'the rule holds {"blue":100}, not 90',
    ],
    ['the same in another order, with spaces', '{"errorMessage": "two \\"blue\\", \\"green\\"", "errorType": "Conflict", "trace": []}', 'two "blue", "green"'],
    ['what was answered to a token', 'alarm Payments-Production-Blue-errors fires', 'alarm Payments-Production-Blue-errors fires'],
  ])('%s', async (_, Cause, said) => {
    expect(await caught({ Error: 'Conflict', Cause })).toBe(`Conflict: ${said}`);
  });

  test('at least its name, as with a time-out', async () => {
    expect(await caught({ Error: 'States.Timeout' })).toBe('States.Timeout: no cause given');
  });

  test('no more than a thousand characters', async () => {
    expect(await caught({ Error: 'E', Cause: 'x'.repeat(30_000) })).toHaveLength('E: '.length + 1_000);
  });
});

describe('of an answer, the ticket holds', () => {
  const failure = { step: 's', subject: 'u', expected: 'e', actual: 'a', logs: 'l' };

  test('the failure it carries', async () => {
    expect(await answered({ outcome: 'refused', failure })).toEqual(failure);
  });

  test('the answer itself when it carries none', async () => {
    expect(await answered({ verdict: 'inconclusive' })).toEqual({ ...expectation, actual: '{"verdict":"inconclusive"}', logs: 'arn:of:the:execution' });
  });
});

describe('the verdicts of several tests', () => {
  const plans = threeEnvironments();
  const tests = ['one', 'two', 'three'].map((name) => ({ kind: 'http' as const, name, path: '/', expectStatus: 200, timeoutSeconds: 20 }));
  const graph = new Graph(machinesOf([{ ...(plans[0] as (typeof plans)[0]), tests }])['Payments-Integration'] as DefinitionJson);
  const rule = graph.state('Did every test of Integration pass?').Choices?.[0];
  const failure = (subject: string) => ({ step: 's', subject, expected: 'e', actual: 'a', logs: 'l' });
  const failed = (...input: object[]) => evaluate(String(rule?.Condition), { input, context });

  test('let the release go on only when all of them passed', async () => {
    const passed = { verdict: 'passed' };
    expect(await failed(passed, passed, passed)).toBe(false);
    expect(await failed(passed, passed)).toBe(true);
    for (const verdict of ['failed', 'inconclusive', 'error']) expect(await failed(passed, { verdict }, passed)).toBe(true);
    expect(await failed(passed, passed, {})).toBe(true);
  });

  test('give the failure of the first that did not pass', async () => {
    const input = [{ verdict: 'passed' }, { verdict: 'inconclusive', failure: failure('two') }, { verdict: 'failed', failure: failure('three') }];
    expect(await evaluate(String(rule?.Assign?.failure), { input, context })).toEqual(failure('two'));
  });

  test('give the verdict itself when it comes without a failure', async () => {
    const input = [{ verdict: 'passed' }, { verdict: 'error' }, { verdict: 'passed' }];
    expect(await evaluate(String(rule?.Assign?.failure), { input, context })).toMatchObject({ subject: 'one, two, three', actual: '{"verdict":"error"}' });
  });
});

describe('a slot that is not ready after the last look', () => {
  const graph = new Graph(machinesOf(threeEnvironments())['Payments-Production'] as DefinitionJson);
  const [again, notDeployed] = graph.state('Is the shadow slot of Production deployed?').Choices ?? [];
  const failure = { step: 's', subject: 'alarm errors', expected: 'e', actual: 'a', logs: 'l' };
  const input = { outcome: 'deploying', failure };

  test('is called for again until then', async () => {
    expect(await Promise.all([1, 7, 8].map((looks) => evaluate(String(again?.Condition), { input, context }, { looks })))).toEqual([true, true, false]);
  });

  test('stops the release with why it was not', async () => {
    expect(await evaluate(String(notDeployed?.Condition), { input, context }, { looks: 8 })).toBe(true);
    expect(await evaluate(String(notDeployed?.Assign?.failure), { input, context })).toEqual(failure);
  });
});

test('an answer nobody foresaw is no yes', async () => {
  const graph = new Graph(machinesOf(threeEnvironments())['Payments-Production'] as DefinitionJson);
  for (const question of graph.named(/\?$/)) {
    const rules = graph.state(question).Choices ?? [];
    for (const input of [{}, { outcome: 'surprise' }, []]) {
      const matched = await Promise.all(rules.map(({ Condition }) => evaluate(Condition, { input, context }, { looks: 1 })));
      expect([question, matched.at(-1)]).toEqual([question, true]);
    }
  }
});
