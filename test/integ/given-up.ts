import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { askAws } from './ask-aws';
import { until } from './executions';
import type { Integ } from './integ';

const DENIED = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' }] };
const POLICY = { PolicyName: 'NoLedger' };

/** What the safety net of a path's hub could not handle, and the commands of docs/runbook.md that lead to it: the calls that `aws` makes of them. */
export class GivenUp {
  private readonly alarms: CloudWatchClient;

  constructor(
    private readonly integ: Integ,
    private readonly path: string,
  ) {
    this.alarms = new CloudWatchClient(integ.emulator.client);
  }

  async whileWithoutLedger(mess: () => Promise<void>): Promise<void> {
    const iam = new IAMClient(this.integ.emulator.client);
    const RoleName = await this.roleOfTheSafetyNet();
    await iam.send(new PutRolePolicyCommand({ RoleName, ...POLICY, PolicyDocument: JSON.stringify(DENIED) }));
    try {
      await mess();
    } finally {
      await iam.send(new DeleteRolePolicyCommand({ RoleName, ...POLICY }));
    }
  }

  /** Its alarm, when it is in this state, or when nobody waits any longer. */
  alarmIs(wanted: 'ALARM' | 'OK'): Promise<{ readonly state?: string; readonly description: string }> {
    return until(
      async () => {
        const { MetricAlarms = [] } = await this.alarms.send(new DescribeAlarmsCommand({ AlarmNamePrefix: `${this.path}-Hub-SafetyNetAlarm` }));
        return { state: MetricAlarms[0]?.StateValue, description: MetricAlarms[0]?.AlarmDescription ?? '' };
      },
      ({ state }) => state === wanted,
    );
  }

  async messages(): Promise<string[]> {
    const QueueUrl = await this.queue();
    const asked = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
    const { Messages = [] } = await askAws<{ Messages?: { Body: string }[] }>(this.integ, 'sqs', 'ReceiveMessage', asked);
    return Messages.map(({ Body }) => Body);
  }

  async purge(): Promise<void> {
    await askAws(this.integ, 'sqs', 'PurgeQueue', { QueueUrl: await this.queue() });
  }

  /** What the function logged of it. */
  async errors(): Promise<string> {
    const asked = { logGroupNamePrefix: `${this.path}-Hub-FunctionsReconcileLog` };
    const { logGroups } = await askAws<{ logGroups: { logGroupName: string }[] }>(this.integ, 'logs', 'DescribeLogGroups', asked);
    const found = { logGroupName: logGroups[0]?.logGroupName, filterPattern: 'ERROR' };
    const { events } = await askAws<{ events: { message: string }[] }>(this.integ, 'logs', 'FilterLogEvents', found);
    return events.map(({ message }) => message).join('\n');
  }

  private async queue(): Promise<string | undefined> {
    const asked = { QueueNamePrefix: `${this.path}-Hub-SafetyNetGivenUp` };
    return (await askAws<{ QueueUrls?: string[] }>(this.integ, 'sqs', 'ListQueues', asked)).QueueUrls?.[0];
  }

  private async roleOfTheSafetyNet(): Promise<string | undefined> {
    const { client } = this.integ.emulator;
    const { StackResources = [] } = await new CloudFormationClient(client).send(new DescribeStackResourcesCommand({ StackName: `${this.path}-Hub` }));
    const found = StackResources.find(
      ({ LogicalResourceId, ResourceType }) => ResourceType === 'AWS::Lambda::Function' && /^FunctionsReconcile/.test(LogicalResourceId ?? ''),
    );
    const { Role } = await new LambdaClient(client).send(new GetFunctionConfigurationCommand({ FunctionName: found?.PhysicalResourceId }));
    return Role?.split('/').at(-1);
  }
}
