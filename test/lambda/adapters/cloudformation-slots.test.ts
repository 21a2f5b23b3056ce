import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { CloudFormationSlots } from '../../../lambda/adapters/cloudformation-slots';
import { Retry } from '../../../lambda/domain/errors';
import { examplePlan } from '../example-path';
import { FakeClock } from '../fake-engine';
import { FakeStack, stackEvent } from './fake-stack';

const cloudFormation = mockClient(CloudFormationClient);
const plan = examplePlan();
const request = {
  stackName: 'Payments-Production-Green',
  templateUrl: 'https://s3.eu-west-2.amazonaws.com/assets/1.1.0.json',
  version: '1.1.0',
  execution: 'arn:aws:states:eu-west-2:111111111111:execution:Payments-Production:1-1-0-1',
  isOurs: async () => true,
};
const outputs = { Version: '1.1.0', TargetGroupArn: 'arn:target-group', Alarms: 'errors,latency' };
const deployed = { state: 'deployed', targetGroupArn: 'arn:target-group', alarms: ['errors', 'latency'] };
const FOREIGN = stackEvent({ ClientRequestToken: 'somebody-else', ResourceStatus: 'UPDATE_COMPLETE' });

let stack: FakeStack;
let clock: FakeClock;
let slots: CloudFormationSlots;

/** A run with so many seconds left. */
function running(seconds: number) {
  const end = Date.parse(clock.now()) + seconds * 1000;
  return new CloudFormationSlots(
    () => new CloudFormationClient({}),
    clock,
    () => end - Date.parse(clock.now()),
  );
}

beforeEach(() => {
  cloudFormation.reset();
  stack = new FakeStack(cloudFormation);
  clock = new FakeClock();
  slots = running(780);
});

describe('a slot that became another release’s while it was deployed', () => {
  test('is not touched any more', async () => {
    let looks = 0;
    const isOurs = async () => {
      looks += 1;
      return looks < 2;
    };
    expect(await slots.deploy(plan, { ...request, isOurs })).toMatchObject({ state: 'failed', reason: expect.stringContaining('freed') });
    expect(cloudFormation.commandCalls(ExecuteChangeSetCommand)).toHaveLength(0);
  });

  test('when that cannot be found out, that is the error, not a failed deployment', async () => {
    const isOurs = async () => {
      throw new Retry('the ledger is busy');
    };
    await expect(slots.deploy(plan, { ...request, isOurs })).rejects.toThrow('the ledger is busy');
  });
});

describe('a slot that brings migrations', () => {
  const migration = (name: string, runner: object = { kind: 'lambda', functionName: `f-${name}`, timeoutSeconds: 300 }) => ({
    name,
    kind: 'expand',
    content: 'c1',
    runner,
  });
  const TASK = {
    kind: 'fargateTask',
    cluster: 'c',
    taskDefinition: 'd:1',
    container: 'm',
    subnetIds: 's-1,s-2',
    securityGroupIds: '',
    assignPublicIp: 'DISABLED',
  };
  const BUILD = { kind: 'codeBuildProject', project: 'p' };

  test('says which, in the order of its outputs', async () => {
    const brings = { Migration0: JSON.stringify(migration('b')), Migration1: JSON.stringify(migration('a')) };
    stack.onExecute = { statuses: ['CREATE_COMPLETE'], outputs: { ...outputs, ...brings } };
    expect(await slots.deploy(plan, request)).toEqual({ ...deployed, migrations: [migration('b'), migration('a')] });
  });

  test.each([[{ ...TASK, timeoutSeconds: 6_000 }], [{ ...BUILD, timeoutSeconds: 6_000 }]])('that are started says how: %j', async (runner) => {
    stack.onExecute = { statuses: ['CREATE_COMPLETE'], outputs: { ...outputs, Migration0: JSON.stringify(migration('a', runner)) } };
    expect(await slots.deploy(plan, request)).toEqual({ ...deployed, migrations: [migration('a', runner)] });
  });

  test.each([
    '{',
    'null',
    '{"name":"a"}',
    '{"name":"a","runner":{"kind":"toString","timeoutSeconds":1}}',
    JSON.stringify(migration('a', { ...TASK, timeoutSeconds: 6_001 })),
    JSON.stringify(migration('a', { ...TASK, subnetIds: '', timeoutSeconds: 60 })),
    JSON.stringify(migration('a', BUILD)),
    JSON.stringify(migration('a', { kind: 'codeBuildProject', timeoutSeconds: 60 })),
    '{"name":"a","runner":{"kind":"lambda","functionName":"f"}}',
    '{"name":"a","runner":{"kind":"lambda","functionName":"f","timeoutSeconds":841}}',
    '{"name":"a","runner":{"kind":"lambda","functionName":"f","timeoutSeconds":-1}}',
    '{"name":"a","runner":{"kind":"lambda","functionName":{},"timeoutSeconds":1}}',
    JSON.stringify({ ...migration('a'), undoable: true }),
    JSON.stringify({ ...migration('a'), undoable: true, undo: { kind: 'lambda', functionName: 'f' } }),
  ])('by an output that cannot be read has failed: %j', async (Migration0) => {
    stack.onExecute = { statuses: ['CREATE_COMPLETE'], outputs: { ...outputs, Migration0 } };
    expect(await slots.deploy(plan, request)).toMatchObject({ state: 'failed', reason: expect.stringContaining("the stack's output Migration0 is") });
  });
});

describe('a slot that is empty', () => {
  test('is created by a change set that names version, role and tags, and followed to its end', async () => {
    stack.onExecute = { statuses: ['REVIEW_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE'], outputs };
    expect(await slots.deploy(plan, request)).toEqual(deployed);
    const [created] = cloudFormation.commandCalls(CreateChangeSetCommand).map((call) => call.args[0].input);
    expect(created).toMatchObject({
      StackName: 'Payments-Production-Green',
      ChangeSetType: 'CREATE',
      TemplateURL: request.templateUrl,
      Parameters: [{ ParameterKey: 'ReleaseVersion', ParameterValue: '1.1.0' }],
      RoleARN: plan.roles.execution,
      Tags: [
        { Key: 'path-to-live:path', Value: 'Payments' },
        { Key: 'path-to-live:environment', Value: 'Production' },
      ],
    });
    expect(created?.ChangeSetName).toMatch(/^release-1-1-0-[0-9a-f]{16}$/);
    const executed = cloudFormation.commandCalls(ExecuteChangeSetCommand).map((call) => call.args[0].input.ClientRequestToken);
    expect(executed).toEqual([created?.ChangeSetName]);
  });

  test('a creation that fails: the first failed resource and its reason, not the ones cancelled for it', async () => {
    stack.onExecute = {
      statuses: ['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE'],
      failures: [
        { resource: 'Other', reason: 'Resource creation cancelled' },
        { resource: 'Function', reason: 'no such role' },
        { resource: 'Alarm', reason: 'no such metric' },
      ],
    };
    const failed = {
      state: 'failed',
      reason: 'Function: no such role (ROLLBACK_COMPLETE)',
      logs: expect.stringContaining(':stack/Payments-Production-Green/'),
    };
    expect(await slots.deploy(plan, request)).toEqual(failed);
    // Asked again by the same execution: the same answer, nothing tried again.
    expect(await slots.deploy(plan, request)).toEqual(failed);
    expect(cloudFormation.commandCalls(ExecuteChangeSetCommand)).toHaveLength(1);
  });

  test('a change set left in review by a run that died is executed', async () => {
    await running(0).deploy(plan, request);
    expect(stack.status).toBe('REVIEW_IN_PROGRESS');
    stack.onExecute = { statuses: ['CREATE_COMPLETE'], outputs };
    expect(await slots.deploy(plan, request)).toEqual(deployed);
    expect(cloudFormation.commandCalls(CreateChangeSetCommand)).toHaveLength(1);
  });

  test('a stack that disappears under way is a failure', async () => {
    stack.onExecute = { statuses: ['CREATE_IN_PROGRESS', 'gone'] };
    expect(await slots.deploy(plan, request)).toMatchObject({ state: 'failed', reason: 'the stack was removed while it was deployed' });
  });
});

describe('what a failed first deployment left behind', () => {
  test.each(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED'])('%s: is removed, and the slot created anew', async (status) => {
    stack.status = status;
    stack.events = [FOREIGN];
    stack.onExecute = { statuses: ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE'], outputs };
    expect(await slots.deploy(plan, request)).toEqual(deployed);
    expect(cloudFormation.commandCalls(DeleteStackCommand).map((call) => call.args[0].input)).toMatchObject([{ RoleARN: plan.roles.execution }]);
    expect(cloudFormation.commandCalls(CreateChangeSetCommand)[0]?.args[0].input.ChangeSetType).toBe('CREATE');
  });

  test('says so when it cannot be removed', async () => {
    Object.assign(stack, { status: 'ROLLBACK_COMPLETE', events: [FOREIGN], reason: 'bucket not empty' });
    stack.onDelete = { statuses: ['DELETE_IN_PROGRESS', 'DELETE_FAILED'] };
    expect(await slots.deploy(plan, request)).toMatchObject({
      state: 'failed',
      reason: 'what is left of an earlier failed creation cannot be removed: bucket not empty',
    });
    expect(cloudFormation.commandCalls(DeleteStackCommand)).toHaveLength(1);
  });
});

describe('a slot that holds another version', () => {
  beforeEach(() => {
    Object.assign(stack, { status: 'UPDATE_COMPLETE', events: [FOREIGN], outputs: { ...outputs, Version: '1.0.0', TargetGroupArn: 'arn:old' } });
  });

  test('is not mistaken for done: it is updated', async () => {
    stack.onExecute = { statuses: ['UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE'], outputs };
    expect(await slots.deploy(plan, request)).toEqual(deployed);
    expect(cloudFormation.commandCalls(CreateChangeSetCommand)[0]?.args[0].input.ChangeSetType).toBe('UPDATE');
  });

  test.each([
    "The submitted information didn't contain changes. Submit different information",
    'No updates are to be performed.',
  ])('"%s" is success when it holds the version, and the change set is removed', async (reason) => {
    stack.outputs = outputs;
    stack.onCreateChangeSet = { status: 'FAILED', reason };
    expect(await slots.deploy(plan, request)).toEqual(deployed);
    expect(cloudFormation.commandCalls(DeleteChangeSetCommand)).toHaveLength(1);
    expect(cloudFormation.commandCalls(ExecuteChangeSetCommand)).toHaveLength(0);
  });

  test('an update that is slow to begin is not asked for twice', async () => {
    stack.forgetful = true;
    stack.onExecute = { statuses: ['UPDATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'], outputs };
    expect(await slots.deploy(plan, request)).toEqual(deployed);
    expect(cloudFormation.commandCalls(CreateChangeSetCommand)).toHaveLength(1);
  });

  test('no changes, and yet another version: a failure', async () => {
    stack.onCreateChangeSet = { status: 'FAILED', reason: "didn't contain changes" };
    expect(await slots.deploy(plan, request)).toMatchObject({ state: 'failed', reason: 'the stack\'s output Version is "1.0.0", not "1.1.0"' });
  });

  test('another reason is a failure, with the reason', async () => {
    stack.onCreateChangeSet = { status: 'FAILED', reason: 'Template error: instance of Fn::GetAtt references undefined resource' };
    expect(await slots.deploy(plan, request)).toMatchObject({
      state: 'failed',
      reason: 'Template error: instance of Fn::GetAtt references undefined resource',
    });
    expect(cloudFormation.commandCalls(ExecuteChangeSetCommand)).toHaveLength(0);
  });

  test('a change set that the stack has outgrown is made anew', async () => {
    await running(0).deploy(plan, request);
    Object.assign(stack.changeSet ?? {}, { execution: 'OBSOLETE' });
    stack.onExecute = { statuses: ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'], outputs };
    expect(await slots.deploy(plan, request)).toEqual(deployed);
    expect(cloudFormation.commandCalls(CreateChangeSetCommand)).toHaveLength(2);
  });

  test('an update that is rolled back is a failure, and is not tried again by the same execution', async () => {
    stack.onExecute = { statuses: ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'], failures: [{ resource: 'Rule', reason: 'priority in use' }] };
    const failed = { state: 'failed', reason: 'Rule: priority in use (UPDATE_ROLLBACK_COMPLETE)' };
    expect(await slots.deploy(plan, request)).toMatchObject(failed);
    expect(await slots.deploy(plan, request)).toMatchObject(failed);
    expect(cloudFormation.commandCalls(ExecuteChangeSetCommand)).toHaveLength(1);
  });

  test('the next execution tries again after a rolled back update', async () => {
    stack.onExecute = { statuses: ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'], failures: [{ resource: 'Rule', reason: 'priority in use' }] };
    await slots.deploy(plan, request);
    stack.onExecute = { statuses: ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'], outputs };
    expect(await slots.deploy(plan, { ...request, execution: `${request.execution}-2` })).toEqual(deployed);
  });

  test('a stuck roll back: how to continue it, and no attempt to deploy over it', async () => {
    Object.assign(stack, { status: 'UPDATE_ROLLBACK_FAILED', reason: 'The following resource(s) failed to update: [Rule]' });
    const found = await slots.deploy(plan, request);
    expect(found).toMatchObject({ state: 'failed', reason: expect.stringContaining('failed to update: [Rule]') });
    expect(found).toMatchObject({ reason: expect.stringContaining('aws cloudformation continue-update-rollback --stack-name Payments-Production-Green') });
    expect(cloudFormation.commandCalls(CreateChangeSetCommand)).toHaveLength(0);
  });

  test("somebody else's operation is waited for, then ours begins", async () => {
    stack.status = 'UPDATE_IN_PROGRESS';
    clock.meanwhile = () => {
      if (clock.slept.length === 3) stack.status = 'UPDATE_COMPLETE';
    };
    stack.onExecute = { statuses: ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'], outputs };
    expect(await slots.deploy(plan, request)).toEqual(deployed);
  });
});

describe('a deployment that outlasts the run', () => {
  test('answers deploying in time, and the next call follows the same operation to its end', async () => {
    stack.onExecute = { statuses: ['CREATE_IN_PROGRESS'], outputs };
    expect(await running(120).deploy(plan, request)).toEqual({ state: 'deploying' });
    expect(clock.slept.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(90_000);
    expect(Math.max(...clock.slept)).toBe(5_000);
    stack.status = 'CREATE_COMPLETE';
    expect(await running(120).deploy(plan, request)).toEqual(deployed);
    expect(cloudFormation.commandCalls(ExecuteChangeSetCommand)).toHaveLength(1);
  });

  test('takes one step even when there is hardly any time', async () => {
    expect(await running(0).deploy(plan, request)).toEqual({ state: 'deploying' });
    expect(cloudFormation.commandCalls(CreateChangeSetCommand)).toHaveLength(1);
  });
});

describe('what cannot be deployed', () => {
  test.each([
    ['a slot without a target group', { Version: '1.1.0' }, 'the stack has no output TargetGroupArn; a slot must have one'],
    ['a slot of another version', { ...outputs, Version: '1.0.9' }, 'the stack\'s output Version is "1.0.9", not "1.1.0"'],
  ])('%s', async (_, found, reason) => {
    stack.onExecute = { statuses: ['CREATE_COMPLETE'], outputs: found };
    expect(await slots.deploy(plan, request)).toMatchObject({ state: 'failed', reason });
  });

  test('a slot without alarms is deployed with none', async () => {
    stack.onExecute = { statuses: ['CREATE_COMPLETE'], outputs: { ...outputs, Alarms: '' } };
    expect(await slots.deploy(plan, request)).toMatchObject({ state: 'deployed', alarms: [] });
  });

  test('a version that the template does not allow is a failure in words', async () => {
    cloudFormation
      .on(CreateChangeSetCommand)
      .rejects(Object.assign(new Error("Parameter 'ReleaseVersion' must be one of AllowedValues"), { name: 'ValidationError' }));
    expect(await slots.deploy(plan, request)).toEqual({
      state: 'failed',
      reason: "Parameter 'ReleaseVersion' must be one of AllowedValues",
      logs: request.stackName,
    });
  });

  test('a service that is busy is thrown, for the machine to try again', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(Object.assign(new Error('Rate exceeded'), { name: 'Throttling' }));
    await expect(slots.deploy(plan, request)).rejects.toThrow('Rate exceeded');
  });

  test('finds the first failure on a later page of events', async () => {
    cloudFormation.on(ExecuteChangeSetCommand).callsFake(({ ClientRequestToken }) => {
      stack.status = 'UPDATE_ROLLBACK_COMPLETE';
      const event = (LogicalResourceId: string, token: string) =>
        stackEvent({ LogicalResourceId, ResourceStatus: 'CREATE_FAILED', ResourceStatusReason: 'why', ClientRequestToken: token });
      cloudFormation
        .on(DescribeStackEventsCommand)
        .resolves({ StackEvents: [event('Second', ClientRequestToken)], NextToken: 'more' })
        .on(DescribeStackEventsCommand, { NextToken: 'more' })
        .resolves({ StackEvents: [event('First', ClientRequestToken), event('Older', 'older')] });
    });
    stack.status = 'UPDATE_COMPLETE';
    expect(await slots.deploy(plan, request)).toMatchObject({ reason: 'First: why (UPDATE_ROLLBACK_COMPLETE)' });
  });
});

describe('a slot that is retired', () => {
  const { stackName, execution, isOurs } = request;
  const removal = { stackName, execution, isOurs };
  const deletions = () => cloudFormation.commandCalls(DeleteStackCommand).map((call) => call.args[0].input);

  test('is removed as the environment’s execution role, and followed to its end', async () => {
    stack.status = 'UPDATE_COMPLETE';
    stack.onDelete = { statuses: ['DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'gone'] };
    expect(await slots.remove(plan, removal)).toEqual({ state: 'removed' });
    expect(deletions()).toEqual([
      { StackName: expect.stringMatching(/^arn:/), RoleARN: plan.roles.execution, ClientRequestToken: expect.stringMatching(/^retire-/) },
    ]);
  });

  test.each([['gone'], ['DELETE_COMPLETE']])('that is %s is removed, and nothing is asked', async (status) => {
    stack.status = status === 'gone' ? undefined : status;
    expect([await slots.remove(plan, removal), deletions()]).toEqual([{ state: 'removed' }, []]);
  });

  test('of which a change set only left its name is removed, too', async () => {
    stack.status = 'REVIEW_IN_PROGRESS';
    expect([await slots.remove(plan, removal), deletions().length]).toEqual([{ state: 'removed' }, 1]);
  });

  test('is not asked to go while something else is done to it', async () => {
    stack.status = 'UPDATE_IN_PROGRESS';
    expect([await running(60).remove(plan, removal), deletions()]).toEqual([{ state: 'removing' }, []]);
  });

  test('and cannot be: what is in the way is said, and a run after this one tries once more', async () => {
    stack.status = 'DELETE_FAILED';
    stack.onDelete = { statuses: ['DELETE_IN_PROGRESS', 'DELETE_FAILED'], failures: [{ resource: 'TargetGroup', reason: 'is currently in use' }] };
    const failed = {
      state: 'failed',
      reason: 'TargetGroup: is currently in use (DELETE_FAILED); remove what is in the way',
      logs: expect.stringMatching(/^arn:/),
    };
    expect(await slots.remove(plan, removal)).toEqual(failed);
    stack.onDelete = { statuses: ['DELETE_IN_PROGRESS', 'gone'] };
    expect([await slots.remove(plan, removal), deletions().length]).toEqual([{ state: 'removed' }, 2]);
  });

  test('takes longer than one run: the next one goes on, and asks for nothing twice', async () => {
    stack.status = 'UPDATE_COMPLETE';
    stack.onDelete = { statuses: ['DELETE_IN_PROGRESS'] };
    expect(await running(60).remove(plan, removal)).toEqual({ state: 'removing' });
    expect(await running(60).remove(plan, removal)).toEqual({ state: 'removing' });
    stack.status = undefined;
    expect([await running(60).remove(plan, removal), deletions().length]).toEqual([{ state: 'removed' }, 1]);
  });

  test('by a run that another has taken over from is left alone', async () => {
    stack.status = 'UPDATE_COMPLETE';
    expect(await slots.remove(plan, { ...removal, isOurs: async () => false })).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('not being retired by this run'),
    });
    expect(deletions()).toEqual([]);
  });
});

describe('a look at a stack', () => {
  test('says how it is, since when, and what it holds', async () => {
    cloudFormation.on(DescribeStacksCommand).resolves({
      Stacks: [
        {
          StackName: 'Payments-Production-Green',
          StackStatus: 'UPDATE_ROLLBACK_FAILED',
          StackStatusReason: 'no such role',
          CreationTime: new Date(0),
          LastUpdatedTime: new Date(1000),
          Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
        },
      ],
    });
    expect(await running(900).look(plan, 'Payments-Production-Green')).toEqual({
      status: 'UPDATE_ROLLBACK_FAILED',
      reason: 'no such role',
      version: '1.1.0',
      targetGroupArn: 'arn:target-group',
      since: '1970-01-01T00:00:01.000Z',
    });
  });

  test('finds none', async () => {
    expect(await running(900).look(plan, 'Payments-Production-Green')).toBeUndefined();
  });
});
