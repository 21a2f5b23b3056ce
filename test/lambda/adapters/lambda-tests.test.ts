import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { LambdaTests } from '../../../lambda/adapters/lambda-tests';
import { TrafficWriter } from '../../../lambda/adapters/traffic-writer';
import type { TestRequest } from '../../../lambda/contract';
import { Retry } from '../../../lambda/domain/errors';
import { examplePlan } from '../example-path';

const lambda = mockClient(LambdaClient);
const plan = examplePlan();
const probe = { colour: 'green', path: '/health', timeoutSeconds: 10 };
const request: TestRequest = {
  release: '1.1.0',
  environment: 'Production',
  colour: 'green',
  slot: { url: 'http://production.example', headers: {}, secretHeaders: {}, access: 'the test key' },
};
const functionArn = 'arn:aws:lambda:eu-west-2:222222222222:function:performance-tests';
let patience: number | undefined;
const tests = new LambdaTests((_, seconds) => {
  patience = seconds;
  return new LambdaClient({});
});

function answers(payload: unknown, FunctionError?: string): void {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  lambda.on(InvokeCommand).resolves({ StatusCode: 200, FunctionError, Payload: Buffer.from(text) as never });
}

beforeEach(() => lambda.reset());

test("a probe is the environment's own function, asked for what is wanted", async () => {
  answers({ status: 200, milliseconds: 3, body: 'ok' });
  expect(await tests.probe(plan, probe)).toEqual({ status: 200, milliseconds: 3, body: 'ok' });
  const { FunctionName, Payload } = lambda.commandCalls(InvokeCommand)[0]?.args[0].input ?? {};
  expect(FunctionName).toBe('Payments-Production-probe');
  expect(JSON.parse(Buffer.from(Payload as Uint8Array).toString())).toEqual(probe);
  expect(patience).toBe(25);
});

test("a team's test function answers with its verdict", async () => {
  answers({ verdict: 'failed', expected: 'p99 below 300 ms', actual: '412 ms' });
  expect(await tests.invoke(plan, functionArn, request, 60)).toEqual({ verdict: 'failed', expected: 'p99 below 300 ms', actual: '412 ms' });
  expect(patience).toBe(75);
});

describe('no answer is a finding, not an exception', () => {
  test.each([
    ['a function that throws', () => answers({ errorType: 'TypeError', errorMessage: 'x is undefined' }, 'Unhandled'), 'TypeError: x is undefined'],
    [
      'a function that times out',
      () => answers({ errorMessage: 'Task timed out after 3.00 seconds' }, 'Unhandled'),
      'Error: Task timed out after 3.00 seconds',
    ],
    ['a function that dies', () => answers('not json', 'Unhandled'), 'Unhandled: not json'],
    ['no JSON', () => answers('<html>'), 'the function answered no JSON but "<html>"'],
    [
      'a function that is not there',
      () => lambda.on(InvokeCommand).rejects(Object.assign(new Error('Function not found'), { name: 'ResourceNotFoundException' })),
      'Function not found',
    ],
  ])('%s', async (_, happens, error) => {
    happens();
    expect(await tests.probe(plan, probe)).toEqual({ status: 0, milliseconds: 0, body: '', error });
    expect(await tests.invoke(plan, functionArn, request, 60)).toEqual({ verdict: 'error', expected: 'an answer', actual: error, logs: functionArn });
  });

  test('a function that takes too long', async () => {
    lambda.on(InvokeCommand).rejects(Object.assign(new Error('exceeded'), { name: 'TimeoutError' }));
    expect(await tests.invoke(plan, functionArn, request, 60)).toMatchObject({ verdict: 'error', actual: 'no answer within 75 seconds' });
  });

  test.each([{ verdict: 'fine' }, {}, null, 'passed'])('an answer without a verdict: %j', async (answer) => {
    answers(JSON.stringify(answer));
    const found = await tests.invoke(plan, functionArn, request, 60);
    expect(found).toMatchObject({
      verdict: 'error',
      expected: 'an answer with a verdict: passed, failed, inconclusive, error',
      actual: JSON.stringify(answer),
    });
  });
});

test('a service that is busy is thrown, for the machine to try again', async () => {
  lambda.on(InvokeCommand).rejects(Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' }));
  await expect(tests.probe(plan, probe)).rejects.toThrow('Rate exceeded');
});

describe('the writer of live rules', () => {
  const writer = new TrafficWriter(new LambdaClient({}), 'Payments-move-traffic');
  const rollBack = { environment: 'Production', who: 'arn:aws:iam::111111111111:role/Manager', reason: 'complaints' };

  test('answers with what became of the roll back', async () => {
    answers({ outcome: 'rolledBack' });
    expect(await writer.rollBack(rollBack)).toEqual({ outcome: 'rolledBack' });
    expect(lambda.commandCalls(InvokeCommand)[0]?.args[0].input.FunctionName).toBe('Payments-move-traffic');
  });

  test('one that fails is to be asked again', async () => {
    answers({ errorType: 'Retry', errorMessage: 'held' }, 'Unhandled');
    const asked = writer.rollBack(rollBack);
    await expect(asked).rejects.toThrow(Retry);
    await expect(asked).rejects.toThrow('did not roll back: Retry: held');
  });
});
