import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { RepairFunctions } from '../../../lambda/adapters/repair-functions';
import { Retry } from '../../../lambda/domain/errors';
import { examplePlan } from '../example-path';

const lambda = mockClient(LambdaClient);
const repairs = new RepairFunctions(new LambdaClient({}), 'move-traffic', 'retire');
const plan = examplePlan();
const asked = { plan, who: 'me', reason: 'INC0042' };

function answers(answer: unknown, FunctionError?: string): void {
  lambda.on(InvokeCommand).resolves({ Payload: Buffer.from(JSON.stringify(answer)) as never, FunctionError });
}
const sent = () =>
  lambda.commandCalls(InvokeCommand).map(({ args: [{ input }] }) => ({ ...input, Payload: JSON.parse(Buffer.from(input.Payload as never).toString()) }));

beforeEach(() => lambda.reset());

test('the writer is asked about the live rule, who removes slots about stacks', async () => {
  answers({ targets: { kind: 'gone' } });
  expect(await repairs.rule(plan)).toEqual({ targets: { kind: 'gone' } });
  answers([]);
  expect(await repairs.stacks(plan)).toEqual([]);
  expect(sent().map(({ FunctionName, Payload }) => [FunctionName, Payload])).toEqual([
    ['move-traffic', { look: 'rule', plan }],
    ['retire', { look: 'stacks', plan }],
  ]);
});

test('the writer is waited for, who removes slots is not', async () => {
  answers({ outcome: 'restored', serves: 'blue 100', was: 'green 100' });
  expect(await repairs.restore({ restore: 'accepted', original: '503', ...asked })).toMatchObject({ outcome: 'restored' });
  await repairs.removeSlot({ remove: 'stuck', colour: 'green', execution: 'e', ...asked });
  expect(sent().map(({ FunctionName, InvocationType }) => [FunctionName, InvocationType])).toEqual([
    ['move-traffic', undefined],
    ['retire', 'Event'],
  ]);
});

test('a function that could not look says why; one that found a service busy is to be asked again', async () => {
  answers({ errorType: 'AccessDenied', errorMessage: 'not authorized to perform: sts:AssumeRole' }, 'Unhandled');
  await expect(repairs.rule(plan)).rejects.toThrow('AccessDenied: not authorized to perform: sts:AssumeRole');
  await expect(repairs.rule(plan)).rejects.not.toBeInstanceOf(Retry);
  answers({ errorType: 'Retry', errorMessage: 'throttled' }, 'Unhandled');
  await expect(repairs.rule(plan)).rejects.toBeInstanceOf(Retry);
});
