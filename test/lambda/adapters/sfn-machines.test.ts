import { DescribeExecutionCommand, SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { SfnMachines } from '../../../lambda/adapters/sfn-machines';

const sfn = mockClient(SFNClient);
const machine = 'arn:aws:states:eu-west-2:111111111111:stateMachine:Payments-path';
const execution = 'arn:aws:states:eu-west-2:111111111111:execution:Payments-path:1-0-0-1';
const machines = new SfnMachines(
  new SFNClient({}),
  machine,
  async () => ({ outcome: 'rolledBack' }),
  async () => undefined,
  () => 'arn:aws:states:eu-west-2:111111111111:stateMachine:Payments-retire',
  () => 'arn:aws:states:eu-west-2:111111111111:stateMachine:Payments-',
);

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

beforeEach(() => {
  sfn.reset();
  sfn.onAnyCommand().resolves({});
});

test('starts the path machine by name', async () => {
  expect(await machines.start('1-0-0-1', { contract: 1, release: '1.0.0' })).toBe(execution);
  expect(sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
    stateMachineArn: machine,
    name: '1-0-0-1',
    input: '{"contract":1,"release":"1.0.0"}',
  });
});

test('the same name again is the same execution', async () => {
  sfn.on(StartExecutionCommand).rejects(named('ExecutionAlreadyExists'));
  expect(await machines.start('1-0-0-1', { contract: 1, release: '1.0.0' })).toBe(execution);
});

test('starts the machine of an environment by name to contract its state', async () => {
  const contracting = 'arn:aws:states:eu-west-2:111111111111:execution:Payments-Production:contract-1';
  expect(machines.contractArn('Production', 'contract-1')).toBe(contracting);
  await machines.contract('Production', 'contract-1', { contract: 1, release: '1.0.0' });
  expect(sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
    stateMachineArn: 'arn:aws:states:eu-west-2:111111111111:stateMachine:Payments-Production',
    name: 'contract-1',
    input: '{"contract":1,"release":"1.0.0"}',
  });
});

test('a machine that cannot be started is an error', async () => {
  sfn.on(StartExecutionCommand).rejects(named('StateMachineDoesNotExist'));
  await expect(machines.start('1-0-0-1', { contract: 1, release: '1.0.0' })).rejects.toThrow('StateMachineDoesNotExist');
});

test('answers a token with a result', async () => {
  expect(await machines.answer('t', { success: { outcome: 'passed' } })).toBe(true);
  expect(sfn.commandCalls(SendTaskSuccessCommand)[0]?.args[0].input).toEqual({ taskToken: 't', output: '{"outcome":"passed"}' });
  expect(await machines.answer('t', { success: undefined })).toBe(true);
  expect(sfn.commandCalls(SendTaskSuccessCommand)[1]?.args[0].input.output).toBe('null');
});

test('answers a token with an error, as long as the service takes', async () => {
  expect(await machines.answer('t', { error: 'E'.repeat(300), cause: 'c'.repeat(40_000) })).toBe(true);
  const { error, cause } = sfn.commandCalls(SendTaskFailureCommand)[0]?.args[0].input ?? {};
  expect([error?.length, cause?.length]).toEqual([256, 32_768]);
});

test.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])('%s: nobody waits for it any more', async (name) => {
  sfn.on(SendTaskSuccessCommand).rejects(named(name));
  expect(await machines.answer('t', { success: {} })).toBe(false);
});

test('another failure is not an answer', async () => {
  sfn.on(SendTaskSuccessCommand).rejects(named('AccessDeniedException'));
  await expect(machines.answer('t', { success: {} })).rejects.toThrow('AccessDeniedException');
});

test('starts the machine that takes the path out, and says which execution that is', async () => {
  await machines.retire('retire-1', { contract: 1, environments: ['Production'] });
  expect(sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
    stateMachineArn: 'arn:aws:states:eu-west-2:111111111111:stateMachine:Payments-retire',
    name: 'retire-1',
    input: '{"contract":1,"environments":["Production"]}',
  });
  expect(machines.retireArn('retire-1')).toBe('arn:aws:states:eu-west-2:111111111111:execution:Payments-retire:retire-1');
});

describe('how an execution ended', () => {
  test('is nothing while it runs', async () => {
    sfn.on(DescribeExecutionCommand, { executionArn: execution }).resolves({ status: 'RUNNING' });
    expect(await machines.ended(execution)).toBeUndefined();
  });

  test.each([
    [
      'with why and when',
      { status: 'ABORTED', error: 'Stopped', cause: 'by hand', stopDate: new Date(0) },
      { how: 'ABORTED, Stopped: by hand', at: '1970-01-01T00:00:00.000Z' },
    ],
    ['also well', { status: 'SUCCEEDED' }, { how: 'SUCCEEDED' }],
    ['with no more than people read', { status: 'FAILED', cause: 'x'.repeat(9_000) }, { how: `FAILED, ${'x'.repeat(500)}` }],
  ] as const)('%s', async (_, found, ended) => {
    sfn.on(DescribeExecutionCommand).resolves(found);
    expect(await machines.ended(execution)).toEqual(ended);
  });

  test('is the same where it is forgotten by now; any other error is one', async () => {
    sfn.on(DescribeExecutionCommand).rejects(named('ExecutionDoesNotExist'));
    expect(await machines.ended(execution)).toEqual({ how: 'it is not there any more' });
    sfn.on(DescribeExecutionCommand).rejects(named('AccessDeniedException'));
    await expect(machines.ended(execution)).rejects.toThrow('AccessDeniedException');
  });
});
