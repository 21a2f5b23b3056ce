import type { Resource } from '../assembly/assembly';
import { type Reached, roleArn, roles, tagsOf, under } from './reached';

type Properties = Readonly<Record<string, unknown>>;
type Reaching = (action: string, resource: Resource, all: readonly Resource[]) => Reached[];

/** The roles that services of AWS have in every account that uses them. */
const SERVICE_LINKED: Readonly<Record<string, readonly [service: string, role: string]>> = {
  'AWS::AutoScaling::AutoScalingGroup': ['autoscaling.amazonaws.com', 'AWSServiceRoleForAutoScaling'],
  'AWS::ECS::Cluster': ['ecs.amazonaws.com', 'AWSServiceRoleForECS'],
};

const BY_TYPE: Readonly<Record<string, Reaching>> = {
  'AWS::AutoScaling::AutoScalingGroup': (action, resource, all) =>
    action.startsWith('ec2:') || action === 'iam:PassRole' ? started(action, resource, all) : one(resource, group(resource)),
  'AWS::CloudFormation::Stack': (_, resource) =>
    one(resource, regional(resource, 'cloudformation', `stack/${resource.stack.stackName}-${resource.logicalId}-made-up/made-up`)),
  'AWS::CodeBuild::Project': (action, resource) =>
    action === 'iam:PassRole'
      ? [[String(resource.properties.ServiceRole), { 'iam:PassedToService': 'codebuild.amazonaws.com' }]]
      : one(resource, regional(resource, 'codebuild', `project/${resource.id}`)),
  'AWS::EC2::LaunchTemplate': (action, resource) =>
    marked(action, regional(resource, 'ec2', `launch-template/${resource.id}`), 'CreateLaunchTemplate', tagsFor('launch-template', resource.properties)),
  'AWS::EC2::SecurityGroup': (action, resource) => [
    ...marked(action, regional(resource, 'ec2', `security-group/${resource.id}`), 'CreateSecurityGroup', tagsOf(resource.properties)),
    ...(action === 'ec2:CreateSecurityGroup' ? one(resource, regional(resource, 'ec2', 'vpc/vpc-1')) : []),
  ],
  'AWS::ECS::Cluster': (_, resource) => one(resource, resource.arn),
  'AWS::ECS::Service': (action, resource) =>
    one(resource, /Deployments?$/.test(action) && !action.includes(':List') ? `${resource.arn.replace(':service/', ':service-deployment/')}/1` : resource.arn),
  'AWS::ECS::TaskDefinition': (action, resource) => {
    const { TaskRoleArn, ExecutionRoleArn } = resource.properties;
    if (!action.startsWith('iam:')) return one(resource, resource.arn);
    return [TaskRoleArn, ExecutionRoleArn].filter(Boolean).map((role) => [String(role), { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }]);
  },
  'AWS::IAM::InstanceProfile': (action, resource, all) => {
    if (action === 'iam:PassRole') return roles(resource, all).map((role) => [roleArn(role), { 'iam:PassedToService': 'ec2.amazonaws.com' }]);
    return one(resource, `arn:aws:iam::${resource.stack.account}:instance-profile${resource.properties.Path ?? '/'}${resource.id}`);
  },
};

/** What a handler's action is asked for, of the resources that containers and instances are made of; undefined for any other. */
export function reachedOfCompute(action: string, resource: Resource, all: readonly Resource[]): Reached[] | undefined {
  const [service, role] = SERVICE_LINKED[resource.type] ?? [];
  if (action === 'iam:CreateServiceLinkedRole') {
    return [[`arn:aws:iam::${resource.stack.account}:role/aws-service-role/${service}/${role}`, { 'iam:AWSServiceName': String(service) }]];
  }
  return BY_TYPE[resource.type]?.(action, resource, all);
}

function one({ properties }: Resource, arn: string): Reached[] {
  return [[arn, { ...under('aws:ResourceTag', tagsOf(properties)), ...under('aws:RequestTag', tagsOf(properties)) }]];
}

/** Tags come with the making of something, by an action that is asked for beside it; afterwards it is known by them. */
function marked(action: string, arn: string, making: string, tags: Readonly<Record<string, string>>): Reached[] {
  const [asked, has] = [under('aws:RequestTag', tags), under('aws:ResourceTag', tags)];
  if (action === `ec2:${making}`) return [[arn, asked]];
  if (action === 'ec2:CreateTags')
    return [
      [arn, { ...asked, 'ec2:CreateAction': making }],
      [arn, { ...asked, ...has }],
    ];
  return [[arn, has]];
}

function tagsFor(kind: string, { TagSpecifications }: Properties): Readonly<Record<string, string>> {
  const all = (TagSpecifications ?? []) as { readonly ResourceType: string; readonly Tags: unknown }[];
  return tagsOf({ Tags: all.find(({ ResourceType }) => ResourceType === kind)?.Tags });
}

function group(resource: Resource): string {
  return regional(resource, 'autoscaling', `autoScalingGroup:1:autoScalingGroupName/${resource.id}`);
}

/** Who makes a group is asked whether it may start what its template starts, https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html. */
function started(action: string, resource: Resource, all: readonly Resource[]): Reached[] {
  const template = all.find(({ type }) => type === 'AWS::EC2::LaunchTemplate') as Resource;
  const data = template.properties.LaunchTemplateData as Properties;
  const context = { 'ec2:LaunchTemplate': regional(template, 'ec2', `launch-template/${template.id}`) };
  const ec2 = (kind: string) => regional(resource, 'ec2', `${kind}/${kind}-1`);
  if (action === 'iam:PassRole') {
    return all
      .filter(({ type }) => type === 'AWS::IAM::InstanceProfile')
      .flatMap((profile) => roles(profile, all))
      .map((role) => [roleArn(role), { 'iam:PassedToService': 'ec2.amazonaws.com' }]);
  }
  if (action === 'ec2:CreateTags') {
    return ['instance', 'volume'].map((kind) => [ec2(kind), { ...under('aws:RequestTag', tagsFor(kind, data)), 'ec2:CreateAction': 'RunInstances' }]);
  }
  const image = `arn:aws:ec2:${resource.stack.region}::image/${data.ImageId}`;
  return [context['ec2:LaunchTemplate'], image, ...['instance', 'volume', 'network-interface', 'subnet', 'security-group'].map(ec2)].map((arn) => [
    arn,
    context,
  ]);
}

function regional({ stack: { account, region } }: Resource, service: string, rest: string): string {
  return `arn:aws:${service}:${region}:${account}:${rest}`;
}
