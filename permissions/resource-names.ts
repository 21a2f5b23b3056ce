import { partitionOf, type StackTemplate, type TemplateResource } from './stack';

/** What CloudFormation would answer for a resource: `Ref`, and `Fn::GetAtt` by attribute. */
export interface ResourceNames {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Properties = Readonly<Record<string, unknown>>;
/** @param name physical name @param properties resolved */
type Names = (arn: Arn, name: string, properties: Properties) => ResourceNames;

/** Makes `arn:<partition>:<service>:<region>:<account>:<rest>`. */
interface Arn {
  (service: string, rest: string): string;
  /** Without a region. */
  global(service: string, rest: string): string;
  /** Without region and account. */
  bare(service: string, rest: string): string;
}

/** Stands for the part of a name that is made up at deployment. */
export const MADE_UP = 'XXXXXXXXXXXX';

const arnRef = (arn: string, attribute: string, more: Record<string, string> = {}): ResourceNames => ({ ref: arn, attributes: { [attribute]: arn, ...more } });
const nameRef = (name: string, arn: string, more: Record<string, string> = {}): ResourceNames => ({ ref: name, attributes: { Arn: arn, ...more } });

/** Type -> the property that fixes its name, and its names. What `Ref` and `Fn::GetAtt` give is in each type's page of the CloudFormation template reference. */
const TYPES: Readonly<Record<string, { readonly property?: string; readonly names: Names }>> = {
  'AWS::IAM::Role': {
    property: 'RoleName',
    names: (arn, name, { Path = '/' }) => nameRef(name, arn.global('iam', `role${Path}${name}`), { RoleId: `AROA${MADE_UP}` }),
  },
  'AWS::IAM::ManagedPolicy': {
    property: 'ManagedPolicyName',
    names: (arn, name, { Path = '/' }) => arnRef(arn.global('iam', `policy${Path}${name}`), 'PolicyArn'),
  },
  'AWS::IAM::User': { property: 'UserName', names: (arn, name, { Path = '/' }) => nameRef(name, arn.global('iam', `user${Path}${name}`)) },
  'AWS::Lambda::Function': { property: 'FunctionName', names: (arn, name) => nameRef(name, arn('lambda', `function:${name}`)) },
  'AWS::Lambda::Version': { names: (arn, _, { FunctionName }) => arnRef(`${functionArn(arn, FunctionName)}:1`, 'FunctionArn', { Version: '1' }) },
  'AWS::Lambda::Alias': { names: (arn, _, { FunctionName, Name }) => arnRef(`${functionArn(arn, FunctionName)}:${Name}`, 'AliasArn') },
  'AWS::StepFunctions::StateMachine': {
    property: 'StateMachineName',
    names: (arn, name) => arnRef(arn('states', `stateMachine:${name}`), 'Arn', { Name: name }),
  },
  'AWS::DynamoDB::Table': { property: 'TableName', names: (arn, name) => nameRef(name, arn('dynamodb', `table/${name}`)) },
  'AWS::SQS::Queue': {
    property: 'QueueName',
    names: (arn, name) => ({ ref: `https://sqs/${name}`, attributes: { Arn: arn('sqs', name), QueueName: name } }),
  },
  'AWS::SNS::Topic': { property: 'TopicName', names: (arn, name) => arnRef(arn('sns', name), 'TopicArn', { TopicName: name }) },
  'AWS::Events::EventBus': { property: 'Name', names: (arn, name) => nameRef(name, arn('events', `event-bus/${name}`), { Name: name }) },
  'AWS::Events::Rule': { property: 'Name', names: (arn, name) => nameRef(name, arn('events', `rule/${name}`)) },
  'AWS::S3::Bucket': { property: 'BucketName', names: (arn, name) => nameRef(name, arn.bare('s3', name)) },
  'AWS::SecretsManager::Secret': { property: 'Name', names: (arn, name) => arnRef(arn('secretsmanager', `secret:${name}-XXXXXX`), 'Id') },
  'AWS::SSM::Parameter': { property: 'Name', names: (_, name) => ({ ref: name, attributes: {} }) },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', names: (arn, name) => nameRef(name, arn('logs', `log-group:${name}:*`)) },
  'AWS::KMS::Key': { names: (arn, name) => nameRef(name, arn('kms', `key/${name}`), { KeyId: name }) },
  'AWS::CloudWatch::Alarm': { property: 'AlarmName', names: (arn, name) => nameRef(name, arn('cloudwatch', `alarm:${name}`)) },
  'AWS::CodeBuild::Project': { property: 'Name', names: (arn, name) => nameRef(name, arn('codebuild', `project/${name}`)) },
  'AWS::ECS::Cluster': { property: 'ClusterName', names: (arn, name) => nameRef(name, arn('ecs', `cluster/${name}`)) },
  'AWS::ECS::TaskDefinition': { property: 'Family', names: (arn, name) => arnRef(arn('ecs', `task-definition/${name}:1`), 'TaskDefinitionArn') },
  'AWS::ECS::Service': {
    property: 'ServiceName',
    names: (arn, name, { Cluster }) => arnRef(arn('ecs', `service/${String(Cluster).split('/').at(-1)}/${name}`), 'ServiceArn', { Name: name }),
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    property: 'Name',
    names: (arn, name) => {
      const fullName = `app/${name}/${MADE_UP}`;
      const made = { LoadBalancerFullName: fullName, LoadBalancerName: name, DNSName: `${name}.elb.amazonaws.com` };
      return arnRef(arn('elasticloadbalancing', `loadbalancer/${fullName}`), 'LoadBalancerArn', made);
    },
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    names: (_, name, { LoadBalancerArn }) => arnRef(`${String(LoadBalancerArn).replace(':loadbalancer/', ':listener/')}/${name}`, 'ListenerArn'),
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': { names: (_, name, { ListenerArn }) => arnRef(ruleArn(ListenerArn, name), 'RuleArn') },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    property: 'Name',
    names: (arn, name) => {
      const fullName = `targetgroup/${name}/${MADE_UP}`;
      return arnRef(arn('elasticloadbalancing', fullName), 'TargetGroupArn', { TargetGroupFullName: fullName, TargetGroupName: name });
    },
  },
  // The project's own: the rule that its function makes on the listener it is given.
  'Custom::LiveRule': { names: (_, name, { ListenerArn }) => ({ ref: name, attributes: { RuleArn: ruleArn(ListenerArn, name) } }) },
  'AWS::ApiGatewayV2::Api': { names: (_, name) => ({ ref: name, attributes: { ApiId: name, ApiEndpoint: `https://${name}.execute-api` } }) },
};

/**
 * The names a resource would have, with {@link MADE_UP} for what is only known at deployment. ARNs have the shape of real ones, so that a
 * policy's wildcards match as they would there.
 *
 * @param properties resolved
 * @param settled the physical name, where a deployment has settled it
 */
export function resourceNames(stack: StackTemplate, logicalId: string, { Type }: TemplateResource, properties: Properties, settled?: string): ResourceNames {
  const { account, region } = stack;
  const start = `arn:${partitionOf(region)}`;
  const arn: Arn = Object.assign((service: string, rest: string) => `${start}:${service}:${region}:${account}:${rest}`, {
    global: (service: string, rest: string) => `${start}:${service}::${account}:${rest}`,
    bare: (service: string, rest: string) => `${start}:${service}:::${rest}`,
  });
  const known = TYPES[Type];
  const fixed = known?.property === undefined ? undefined : properties[known.property];
  const name = settled ?? (typeof fixed === 'string' ? fixed : generatedName(stack.stackName, logicalId, LONG_NAMES.has(Type)));
  return known?.names(arn, name, properties) ?? { ref: name, attributes: {} };
}

/** Types whose names may be so long that nothing is cut. */
const LONG_NAMES: ReadonlySet<string> = new Set(['AWS::CloudWatch::Alarm', 'AWS::Logs::LogGroup']);

/**
 * CloudFormation makes names of 64 characters at most of the beginning of the stack's name, the logical id and a part of its own, see
 * `generatedNamePrefix`. Here the rest of the stack's name is in that part, so that no two resources of an assembly get one name.
 */
function generatedName(stackName: string, logicalId: string, isLong: boolean): string {
  if (isLong) return `${stackName}-${logicalId}-${MADE_UP}`;
  const [start, rest] = [stackName.slice(0, 25), stackName.slice(25)];
  return `${start}-${logicalId}-${rest}${MADE_UP}`;
}

function functionArn(arn: Arn, nameOrArn: unknown): string {
  const given = String(nameOrArn);
  return given.startsWith('arn:') ? given : arn('lambda', `function:${given}`);
}

function ruleArn(listenerArn: unknown, name: string): string {
  return `${String(listenerArn).replace(':listener/', ':listener-rule/')}/${name}`;
}
