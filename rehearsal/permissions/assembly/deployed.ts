import { type CloudFormationClient, DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { StackTemplate } from '../../../permissions';

type Template = StackTemplate['template'];

/** Somebody who has a role that no template makes. */
export interface PersonRole {
  readonly arn: string;
  readonly managedPolicyArns: readonly string[];
  /** Beside the managed policies. */
  readonly inline?: object;
}

/** What the templates leave open and a deployment settles. */
export interface Deployed {
  /** Stack -> logical id -> physical id. */
  readonly stacks: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Stack -> ARN of the live rule in it, which only the rule's own resource knows. */
  readonly liveRules: Readonly<Record<string, string>>;
  /** Template of the bootstrap stack, with the values its parameters were given. */
  readonly bootstrap: { readonly template: Template; readonly parameters: Readonly<Record<string, string>> };
  readonly people: readonly PersonRole[];
}

/** Name of the stack that `cdk bootstrap` makes. */
export const BOOTSTRAP = 'CDKToolkit';

/** Reads what stands in an account, from CloudFormation and not from IAM: what IAM holds is what is to be doubted. */
export async function readDeployed(
  client: CloudFormationClient,
  known: Pick<Deployed, 'liveRules' | 'people'> & { readonly bootstrapTemplate: Template },
): Promise<Deployed> {
  const { bootstrapTemplate: template, ...rest } = known;
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
  const stacks: Record<string, Record<string, string>> = {};
  for (const { StackName = '', StackStatus } of Stacks) {
    if (StackStatus !== 'DELETE_COMPLETE') stacks[StackName] = await physicalIds(client, StackName);
  }
  const parameters = Stacks.find(({ StackName }) => StackName === BOOTSTRAP)?.Parameters ?? [];
  const given = Object.fromEntries(parameters.map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]));
  return { ...rest, stacks, bootstrap: { template, parameters: given } };
}

async function physicalIds(client: CloudFormationClient, StackName: string): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName })) {
    for (const { LogicalResourceId = '', PhysicalResourceId } of StackResourceSummaries) ids[LogicalResourceId] = PhysicalResourceId ?? '';
  }
  return ids;
}
