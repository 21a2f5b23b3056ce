import { resourcesOf } from './identities';
import { type Place, partitionOf, type StackTemplate } from './stack';
import { type Statement, statementsOf } from './statement';
import type { Values } from './values';

/** What a resource itself says about who may do what with it. */
export interface ResourcePolicy {
  /** ARN of the resource. */
  readonly resource: string;
  readonly account: string;
  readonly statements: readonly Statement[];
}

type Properties = Readonly<Record<string, unknown>>;
/** @returns ARNs of the resources and the document */
type Read = (properties: Properties, own: string, stack: StackTemplate) => { readonly resources: readonly string[]; readonly document: unknown };

const TYPES: Readonly<Record<string, Read>> = {
  'AWS::S3::BucketPolicy': ({ Bucket, PolicyDocument }, _, { region }) => ({
    resources: [`arn:${partitionOf(region)}:s3:::${Bucket}`],
    document: PolicyDocument,
  }),
  'AWS::SNS::TopicPolicy': ({ Topics, PolicyDocument }) => ({ resources: (Topics as string[]) ?? [], document: PolicyDocument }),
  'AWS::SQS::QueuePolicy': ({ Queues, PolicyDocument }, _, { account, region }) => ({
    resources: ((Queues as string[]) ?? []).map((url) => `arn:${partitionOf(region)}:sqs:${region}:${account}:${url.split('/').at(-1)}`),
    document: PolicyDocument,
  }),
  'AWS::KMS::Key': ({ KeyPolicy }, own) => ({ resources: [own], document: KeyPolicy }),
  'AWS::SecretsManager::ResourcePolicy': ({ SecretId, ResourcePolicy }) => ({ resources: [String(SecretId)], document: ResourcePolicy }),
  'AWS::Lambda::Permission': (properties, _, stack) => permission(properties, stack),
};

/** The resource policies of the stacks: buckets, topics, queues, keys, secrets, functions. One for each resource, whatever it is put together from. */
export function resourcePolicies(stacks: readonly StackTemplate[], values: Values): ResourcePolicy[] {
  const whole = new Map<string, ResourcePolicy>();
  for (const part of partsOfPolicies(stacks, values)) {
    const sofar = whole.get(part.resource);
    whole.set(part.resource, sofar === undefined ? part : { ...sofar, statements: [...sofar.statements, ...part.statements] });
  }
  return [...whole.values()];
}

function partsOfPolicies(stacks: readonly StackTemplate[], values: Values): ResourcePolicy[] {
  return Object.entries(TYPES).flatMap(([type, read]) =>
    resourcesOf(stacks, type).flatMap(({ stack, logicalId }) => {
      const { resources, document } = read(values.properties(stack, logicalId), values.arn(stack, logicalId), stack);
      const from: Place = { stackName: stack.stackName, logicalId };
      return resources.map((resource) => ({ resource, account: stack.account, statements: statementsOf(document, from) }));
    }),
  );
}

/** A permission of a function is a statement of its policy, https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html. */
function permission(properties: Properties, { account, region }: StackTemplate) {
  const { FunctionName, Principal, Action, SourceArn, SourceAccount } = properties as Record<string, string | undefined>;
  const name = String(FunctionName);
  const resource = name.startsWith('arn:') ? name : `arn:${partitionOf(region)}:lambda:${region}:${account}:function:${name}`;
  const statement = {
    Effect: 'Allow',
    Principal: /\.amazonaws\.com/.test(String(Principal)) ? { Service: Principal } : { AWS: Principal },
    Action,
    Resource: resource,
    Condition: {
      ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
    },
  };
  return { resources: [resource], document: { Statement: [statement] } };
}
