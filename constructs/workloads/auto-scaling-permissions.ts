import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnsOf, marked, NETWORK_READS, passRoles, securityGroups, serviceLinkedRole, TARGET_GROUP_READS, tagging, targetGroups } from './deploy-statements';
import type { WorkloadPlace } from './workload';

const actions = (service: string, ...names: string[]) => names.map((name) => `${service}:${name}`);

/** The schema of a group says `Describe*`: what its properties and its state are read by. */
const READS = actions(
  'autoscaling',
  'DescribeAutoScalingGroups',
  'DescribeInstanceRefreshes',
  'DescribeLifecycleHooks',
  'DescribeLoadBalancerTargetGroups',
  'DescribeNotificationConfigurations',
  'DescribeScalingActivities',
  'DescribeTags',
  'DescribeTrafficSources',
);

/** What CloudFormation needs to make, change and remove an Auto Scaling group and what belongs to it. */
export function autoScalingDeployStatements(place: WorkloadPlace): PolicyStatement[] {
  const arn = arnsOf(place);
  const templates = [arn.here('ec2', 'launch-template/*')];
  return [
    new PolicyStatement({
      sid: 'Groups',
      actions: actions('autoscaling', 'CreateAutoScalingGroup', 'CreateOrUpdateTags', 'DeleteAutoScalingGroup', 'DeleteTags', 'UpdateAutoScalingGroup'),
      resources: groupsOf(place),
    }),
    new PolicyStatement({
      sid: 'LaunchTemplatesToMake',
      actions: actions('ec2', 'CreateLaunchTemplate'),
      resources: templates,
      conditions: { StringEquals: marked('aws:RequestTag', place) },
    }),
    new PolicyStatement({
      sid: 'LaunchTemplatesMade',
      actions: actions('ec2', 'CreateLaunchTemplateVersion', 'CreateTags', 'DeleteLaunchTemplate', 'DeleteTags'),
      resources: templates,
      conditions: { StringEquals: marked('aws:ResourceTag', place) },
    }),
    tagging(place, 'LaunchTemplatesToMark', 'CreateLaunchTemplate', 'launch-template'),
    tagging(place, 'InstancesToMark', 'RunInstances', 'instance', 'volume'),
    // Whoever makes a group that starts from a launch template must be allowed to start what is in it:
    // https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
    new PolicyStatement({
      sid: 'InstancesOfTheTemplates',
      actions: ['ec2:RunInstances'],
      resources: [
        ...['instance', 'network-interface', 'volume', 'subnet', 'security-group', 'launch-template', 'key-pair'].map((kind) => arn.here('ec2', `${kind}/*`)),
        arn.of(`ec2:${place.region}::image/*`),
      ],
      conditions: { ArnLike: { 'ec2:LaunchTemplate': templates } },
    }),
    new PolicyStatement({
      sid: 'InstanceProfiles',
      actions: actions(
        'iam',
        'AddRoleToInstanceProfile',
        'CreateInstanceProfile',
        'DeleteInstanceProfile',
        'GetInstanceProfile',
        'RemoveRoleFromInstanceProfile',
      ),
      resources: [arn.of(`iam::${place.account}:instance-profile${place.rolePath}*`)],
    }),
    passRoles(place, 'InstanceRoles', 'ec2.amazonaws.com'),
    serviceLinkedRole(place, 'autoscaling.amazonaws.com', 'AWSServiceRoleForAutoScaling'),
    ...targetGroups(place),
    ...securityGroups(place),
    new PolicyStatement({
      sid: 'ReadsThatKnowNoResource',
      actions: [
        ...TARGET_GROUP_READS,
        ...READS,
        ...NETWORK_READS,
        ...actions('ec2', 'DescribeLaunchTemplates', 'DescribeLaunchTemplateVersions', 'DescribeSubnets'),
      ],
      resources: ['*'],
    }),
  ];
}

/** What starting an instance takes: telling the slot's stack that it has started. */
export function autoScalingRunStatements(place: WorkloadPlace): PolicyStatement[] {
  const resources = arnsOf(place).generated((prefix) => `cloudformation:${place.region}:${place.account}:stack/${prefix}*/*`);
  return [new PolicyStatement({ sid: 'Signal', actions: ['cloudformation:SignalResource'], resources })];
}

/** What the hub needs to read and set how many instances a slot runs, and no more: not the sizes, not what is started. */
export function autoScalingCapacityStatements(place: WorkloadPlace): PolicyStatement[] {
  return [
    new PolicyStatement({ sid: 'ReadGroups', actions: actions('autoscaling', 'DescribeAutoScalingGroups', 'DescribeScalingActivities'), resources: ['*'] }),
    new PolicyStatement({ sid: 'NumberOfInstances', actions: actions('autoscaling', 'SetDesiredCapacity'), resources: groupsOf(place) }),
  ];
}

/** CloudFormation makes up their names. */
function groupsOf(place: WorkloadPlace): string[] {
  return arnsOf(place).generated((prefix) => `autoscaling:${place.region}:${place.account}:autoScalingGroup:*:autoScalingGroupName/${prefix}*`);
}
