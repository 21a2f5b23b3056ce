import {
  type Capability,
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  type StackResource,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { until } from './executions';
import type { Integ } from './integ';

const CAPABILITIES: Capability[] = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'];
/** Made as soon as somebody says so. */
const WAITING = {
  Resources: {
    Signal: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    Waits: { Type: 'AWS::CloudFormation::WaitCondition', Properties: { Handle: { Ref: 'Signal' }, Timeout: '300' } },
  },
};

/** What somebody does to the stacks of slots who goes past the workflow. */
export class SlotsByHand {
  private readonly cloudFormation: CloudFormationClient;

  constructor(private readonly integ: Integ) {
    this.cloudFormation = new CloudFormationClient(integ.emulator.client);
  }

  /** Creates a stack that is being created until it is told. @returns what tells it */
  async createSlowly(StackName: string): Promise<() => Promise<void>> {
    await this.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(WAITING) }));
    const signal = await until(
      async () => (await this.resources(StackName)).find(({ LogicalResourceId }) => LogicalResourceId === 'Signal')?.PhysicalResourceId,
      (url) => url !== undefined,
    );
    return async () => {
      // As bytes: a text has a content type, which CloudFormation refuses.
      const body = Buffer.from(JSON.stringify({ Status: 'SUCCESS', Reason: 'done', UniqueId: 'one', Data: '' }));
      const { ok, status } = await fetch(signal ?? '', { method: 'PUT', body });
      if (!ok) throw new Error(`the stack could not be told: ${status}`);
      await this.ended(StackName, 'CREATE_COMPLETE');
    };
  }

  /** Deploys what is in a slot once more, under another version. */
  async deploy(StackName: string, version: string, other: string): Promise<void> {
    const { TemplateBody = '' } = await this.cloudFormation.send(new GetTemplateCommand({ StackName }));
    await this.cloudFormation.send(
      new UpdateStackCommand({
        StackName,
        TemplateBody: TemplateBody.replaceAll(`"${version}"`, `"${other}"`),
        Parameters: [{ ParameterKey: 'ReleaseVersion', ParameterValue: other }],
        Capabilities: CAPABILITIES,
      }),
    );
    await this.ended(StackName, 'UPDATE_COMPLETE');
  }

  async remove(StackName: string): Promise<void> {
    await this.cloudFormation.send(new DeleteStackCommand({ StackName }));
    await this.ended(StackName, undefined);
  }

  /** Has its function say that it is not well. */
  async breakFunction(StackName: string, version: string): Promise<void> {
    const functions = (await this.resources(StackName)).filter(({ ResourceType }) => ResourceType === 'AWS::Lambda::Function');
    const Variables = { PATH_TO_LIVE_VERSION: version, BROKEN: 'true' };
    for (const { PhysicalResourceId: FunctionName } of functions) {
      await new LambdaClient(this.integ.emulator.client).send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    }
  }

  private async resources(StackName: string): Promise<StackResource[]> {
    return (await this.cloudFormation.send(new DescribeStackResourcesCommand({ StackName }))).StackResources ?? [];
  }

  private async ended(name: string, wanted: string | undefined): Promise<void> {
    const status = async () => (await this.cloudFormation.send(new DescribeStacksCommand({}))).Stacks?.find((stack) => stack.StackName === name)?.StackStatus;
    await until(status, (seen) => seen === wanted);
  }
}
