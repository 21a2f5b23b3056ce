import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  arnsOf,
  LOG_GROUP_READS,
  logGroups,
  logWriting,
  NETWORK_READS,
  passRoles,
  securityGroups,
  serviceLinkedRole,
  TARGET_GROUP_READS,
  targetGroups,
} from './deploy-statements';
import type { WorkloadPlace } from './workload';

/** Whether a slot's service is in a cluster that is there already, by its name; undefined: each slot has its own. */
type Cluster = string | undefined;

/** What CloudFormation needs to make, change and remove a service on Fargate and what belongs to it. */
export function fargateDeployStatements(place: WorkloadPlace, cluster: Cluster): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Services',
      actions: [
        'ecs:CreateService',
        'ecs:DeleteService',
        'ecs:DescribeServiceDeployments',
        'ecs:DescribeServices',
        'ecs:ListServiceDeployments',
        'ecs:ListTagsForResource',
        'ecs:StopServiceDeployment',
        'ecs:TagResource',
        'ecs:UntagResource',
        'ecs:UpdateService',
      ],
      resources: [...servicesOf(place, 'service', cluster), ...servicesOf(place, 'service-deployment', cluster)],
    }),
    ...(cluster === undefined ? [clusters(place)] : []),
    new PolicyStatement({
      sid: 'TaskDefinitions',
      actions: ['ecs:ListTagsForResource', 'ecs:RegisterTaskDefinition', 'ecs:TagResource', 'ecs:UntagResource'],
      resources: arnsOf(place).generated((prefix) => `ecs:${place.region}:${place.account}:task-definition/${prefix}*`),
    }),
    passRoles(place, 'TaskRoles', 'ecs-tasks.amazonaws.com'),
    serviceLinkedRole(place, 'ecs.amazonaws.com', 'AWSServiceRoleForECS'),
    logGroups(place, 'TaskLogs'),
    ...targetGroups(place),
    ...securityGroups(place),
    new PolicyStatement({
      sid: 'WhatKnowsNoResource',
      actions: [...TARGET_GROUP_READS, ...LOG_GROUP_READS, ...NETWORK_READS, 'ecs:DeregisterTaskDefinition', 'ecs:DescribeTaskDefinition'],
      resources: ['*'],
    }),
  ];
}

/** What starting a container takes: its image and its log. */
export function fargateRunStatements(place: WorkloadPlace, repositories: string[]): PolicyStatement[] {
  return [logWriting(place, 'TaskLogs'), ...pulling(repositories)];
}

/** On a repository, to pull an image from it. */
export const PULLING_ACTIONS = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] as const;

/** What pulling an image of Amazon ECR takes, https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html. */
export function pulling(repositories: string[]): PolicyStatement[] {
  if (repositories.length === 0) return [];
  return [
    new PolicyStatement({ sid: 'Images', actions: [...PULLING_ACTIONS], resources: repositories }),
    new PolicyStatement({ sid: 'ImageRegistry', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
  ];
}

/**
 * What the hub needs to read and set how many tasks a slot runs. Updating a service could also change what it runs: not with these, since every
 * such call carries one of the keys, https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html.
 */
export function fargateCapacityStatements(place: WorkloadPlace, cluster: Cluster): PolicyStatement[] {
  const resources = servicesOf(place, 'service', cluster);
  const absent = ['task-definition', 'enable-execute-command', 'capacity-provider', 'subnet', 'auto-assign-public-ip', 'namespace'];
  return [
    new PolicyStatement({ sid: 'ReadServices', actions: ['ecs:DescribeServices'], resources }),
    new PolicyStatement({
      sid: 'NumberOfTasks',
      actions: ['ecs:UpdateService'],
      resources,
      conditions: { Null: Object.fromEntries(absent.map((key) => [`ecs:${key}`, 'true'])) },
    }),
  ];
}

/** ARNs of the slots' services, and of what is numbered below them: `<kind>/<cluster>/<service>`. CloudFormation makes up the names. */
function servicesOf(place: WorkloadPlace, kind: 'service' | 'service-deployment', cluster: Cluster): string[] {
  return arnsOf(place).generated((prefix) => `ecs:${place.region}:${place.account}:${kind}/${cluster ?? `${prefix}*`}/${prefix}*`);
}

function clusters(place: WorkloadPlace): PolicyStatement {
  return new PolicyStatement({
    sid: 'Clusters',
    actions: [
      'ecs:CreateCluster',
      'ecs:DeleteCluster',
      'ecs:DescribeClusters',
      'ecs:ListTagsForResource',
      'ecs:TagResource',
      'ecs:UntagResource',
      'ecs:UpdateCluster',
      'ecs:UpdateClusterSettings',
    ],
    resources: arnsOf(place).generated((prefix) => `ecs:${place.region}:${place.account}:cluster/${prefix}*`),
  });
}
