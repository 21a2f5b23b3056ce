import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { LambdaMigrations } from '../../../lambda/adapters/lambda-migrations';
import { examplePlan } from '../example-path';

const lambda = mockClient(LambdaClient);
let patience: number | undefined;
const migrations = new LambdaMigrations((_, seconds) => {
  patience = seconds;
  return new LambdaClient({});
});
const call = () =>
  migrations.call(
    examplePlan(),
    { kind: 'lambda', functionName: 'add-currency', timeoutSeconds: 300 },
    { migration: 'm', release: '1.1.0', environment: 'Production' },
  );

function answers(payload: unknown, FunctionError?: string): void {
  lambda.on(InvokeCommand).resolves({ StatusCode: 200, FunctionError, Payload: Buffer.from(JSON.stringify(payload)) as never });
}

beforeEach(() => lambda.reset());

test('a migration is called by the name its slot says, and waited for as long as it may take', async () => {
  answers({ done: true });
  expect(await call()).toEqual({ answer: { done: true } });
  expect(lambda.commandCalls(InvokeCommand)[0]?.args[0].input.FunctionName).toBe('add-currency');
  expect(patience).toBe(315);
});

test('one that throws, that is not there or that takes too long has failed, in words', async () => {
  answers({ errorType: 'Error', errorMessage: 'table is locked' }, 'Unhandled');
  expect(await call()).toEqual({ error: 'Error: table is locked' });
  lambda.on(InvokeCommand).rejects(Object.assign(new Error('Function not found'), { name: 'ResourceNotFoundException' }));
  expect(await call()).toEqual({ error: 'Function not found' });
  lambda.on(InvokeCommand).rejects(Object.assign(new Error('exceeded'), { name: 'TimeoutError' }));
  expect(await call()).toEqual({ error: 'no answer within 315 seconds' });
});

test('one that the service is too busy for is thrown, for the machine to try again', async () => {
  lambda.on(InvokeCommand).rejects(Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' }));
  await expect(call()).rejects.toThrow('Rate exceeded');
});
