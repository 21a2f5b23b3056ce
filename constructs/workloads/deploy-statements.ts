import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SLOT_TAGS } from '../private/names';
import type { WorkloadPlace } from './workload';

/**
 * What CloudFormation calls to make, change and remove what several workloads have, as the handlers' `permissions` of those resource types'
 * schemas have it.
 */

/** ARNs in the environment a workload is deployed to. */
export function arnsOf(place: WorkloadPlace) {
  const of = (rest: string) => `arn:${place.partition}:${rest}`;
  return {
    of,
    /** One for each slot, of what CloudFormation names after the slot's stack. */
    generated: (rest: (prefix: string) => string) => place.generatedNamePrefixes.map((prefix) => of(rest(prefix))),
    /** In this account and region. */
    here: (service: string, resource: string) => of(`${service}:${place.region}:${place.account}:${resource}`),
  };
}

/** Every resource of a slot carries these tags. */
export function marked(key: 'aws:RequestTag' | 'aws:ResourceTag', place: WorkloadPlace): Record<string, string> {
  return { [`${key}/${SLOT_TAGS.path}`]: place.path, [`${key}/${SLOT_TAGS.environment}`]: place.environment };
}

/** Handing the roles of a slot to the service that runs what is in it. */
export function passRoles(place: WorkloadPlace, sid: string, service: string): PolicyStatement {
  return new PolicyStatement({
    sid,
    actions: ['iam:PassRole'],
    resources: [arnsOf(place).of(`iam::${place.account}:role${place.rolePath}*`)],
    conditions: { StringEquals: { 'iam:PassedToService': service } },
  });
}

/** Log groups whose names CloudFormation makes up. */
export function logGroups(place: WorkloadPlace, sid: string): PolicyStatement {
  return new PolicyStatement({
    sid,
    actions: [
      'logs:CreateLogGroup',
      'logs:DeleteLogGroup',
      'logs:DeleteRetentionPolicy',
      'logs:ListTagsForResource',
      'logs:PutRetentionPolicy',
      'logs:TagResource',
      'logs:UntagResource',
    ],
    resources: logGroupArns(place),
  });
}

/** What writes to them. */
export function logWriting(place: WorkloadPlace, sid: string): PolicyStatement {
  return new PolicyStatement({ sid, actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: logGroupArns(place) });
}

function logGroupArns(place: WorkloadPlace): string[] {
  return arnsOf(place).generated((prefix) => `logs:${place.region}:${place.account}:log-group:${prefix}*`);
}

/** Target groups, of which CloudFormation keeps so little of a stack's name in theirs that only tags tell whose they are. */
export function targetGroups(place: WorkloadPlace): PolicyStatement[] {
  const resources = [arnsOf(place).here('elasticloadbalancing', 'targetgroup/*/*')];
  const actions = (...names: string[]) => names.map((name) => `elasticloadbalancing:${name}`);
  return [
    new PolicyStatement({
      sid: 'TargetGroupsToMake',
      actions: actions('AddTags', 'CreateTargetGroup'),
      resources,
      conditions: { StringEquals: marked('aws:RequestTag', place) },
    }),
    new PolicyStatement({
      sid: 'TargetGroupsMade',
      actions: actions('DeleteTargetGroup', 'DeregisterTargets', 'ModifyTargetGroup', 'ModifyTargetGroupAttributes', 'RegisterTargets', 'RemoveTags'),
      resources,
      conditions: { StringEquals: marked('aws:ResourceTag', place) },
    }),
  ];
}

/** What reads target groups: these actions know no resources. */
export const TARGET_GROUP_READS = [
  'elasticloadbalancing:DescribeTags',
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
];

/** What reads log groups: these actions know no resources. */
export const LOG_GROUP_READS = ['logs:DescribeLogGroups'];

/** What reads networks for target groups and security groups: these actions know no resources. */
export const NETWORK_READS = ['ec2:DescribeInstances', 'ec2:DescribeSecurityGroups', 'ec2:DescribeVpcs'];

/** Security groups; like target groups they are known by their tags. Reading them comes beside it. */
export function securityGroups(place: WorkloadPlace): PolicyStatement[] {
  const arn = arnsOf(place);
  const groups = [arn.here('ec2', 'security-group/*')];
  return [
    new PolicyStatement({
      sid: 'SecurityGroupsToMake',
      actions: ['ec2:CreateSecurityGroup'],
      resources: groups,
      conditions: { StringEquals: marked('aws:RequestTag', place) },
    }),
    tagging(place, 'SecurityGroupsToMark', 'CreateSecurityGroup', 'security-group'),
    new PolicyStatement({ sid: 'SecurityGroupsInTheVpc', actions: ['ec2:CreateSecurityGroup'], resources: [arn.here('ec2', 'vpc/*')] }),
    new PolicyStatement({
      sid: 'SecurityGroupsMade',
      actions: [
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:CreateTags',
        'ec2:DeleteSecurityGroup',
        'ec2:DeleteTags',
        'ec2:RevokeSecurityGroupEgress',
        'ec2:RevokeSecurityGroupIngress',
      ],
      resources: groups,
      conditions: { StringEquals: marked('aws:ResourceTag', place) },
    }),
  ];
}

/**
 * EC2 asks for the tags that something is made with by an action of their own,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html.
 */
export function tagging(place: WorkloadPlace, sid: string, making: string, ...kinds: string[]): PolicyStatement {
  const resources = kinds.map((kind) => arnsOf(place).here('ec2', `${kind}/*`));
  return new PolicyStatement({ sid, actions: ['ec2:CreateTags'], resources, conditions: { StringEquals: { 'ec2:CreateAction': making } } });
}

/** The role a service has in every account that uses it; made the first time, by whoever comes first. */
export function serviceLinkedRole(place: WorkloadPlace, service: string, roleName: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'ServiceLinkedRole',
    actions: ['iam:CreateServiceLinkedRole'],
    resources: [arnsOf(place).of(`iam::${place.account}:role/aws-service-role/${service}/${roleName}*`)],
    conditions: { StringEquals: { 'iam:AWSServiceName': service } },
  });
}
