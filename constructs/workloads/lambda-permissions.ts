import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SLOT_TAGS } from '../private/names';
import type { WorkloadPlace } from './workload';

/**
 * What CloudFormation calls to make, change and remove a function, its log group and its target group, as the handlers' `permissions` of
 * those resource types' schemas have it.
 */
export function lambdaDeployStatements(place: WorkloadPlace): PolicyStatement[] {
  const arn = arnsOf(place);
  return [
    new PolicyStatement({
      sid: 'Functions',
      actions: [
        'lambda:AddPermission',
        'lambda:CreateFunction',
        'lambda:DeleteFunction',
        'lambda:GetFunction',
        'lambda:GetFunctionCodeSigningConfig',
        'lambda:GetFunctionConfiguration',
        'lambda:GetFunctionRecursionConfig',
        'lambda:GetPolicy',
        'lambda:GetRuntimeManagementConfig',
        'lambda:ListTags',
        'lambda:RemovePermission',
        'lambda:TagResource',
        'lambda:UntagResource',
        'lambda:UpdateFunctionCode',
        'lambda:UpdateFunctionConfiguration',
      ],
      resources: arn.generated((prefix) => `lambda:${place.region}:${place.account}:function:${prefix}*`),
    }),
    new PolicyStatement({
      sid: 'FunctionRoles',
      actions: ['iam:PassRole'],
      resources: [arn.of(`iam::${place.account}:role${place.rolePath}*`)],
      conditions: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    }),
    new PolicyStatement({
      sid: 'FunctionLogs',
      actions: [
        'logs:CreateLogGroup',
        'logs:DeleteLogGroup',
        'logs:DeleteRetentionPolicy',
        'logs:ListTagsForResource',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
        'logs:UntagResource',
      ],
      resources: arn.generated((prefix) => `logs:${place.region}:${place.account}:log-group:${prefix}*`),
    }),
    new PolicyStatement({
      sid: 'TargetGroupsToMake',
      actions: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:CreateTargetGroup'],
      resources: [arn.targetGroups],
      conditions: { StringEquals: marked('aws:RequestTag', place) },
    }),
    new PolicyStatement({
      sid: 'TargetGroupsMade',
      // CloudFormation keeps so little of a stack's name in theirs that only tags tell whose they are
      actions: [
        'elasticloadbalancing:DeleteTargetGroup',
        'elasticloadbalancing:DeregisterTargets',
        'elasticloadbalancing:ModifyTargetGroup',
        'elasticloadbalancing:ModifyTargetGroupAttributes',
        'elasticloadbalancing:RegisterTargets',
        'elasticloadbalancing:RemoveTags',
      ],
      resources: [arn.targetGroups],
      conditions: { StringEquals: marked('aws:ResourceTag', place) },
    }),
    new PolicyStatement({
      sid: 'ReadsThatKnowNoResource',
      actions: [
        'elasticloadbalancing:DescribeTags',
        'elasticloadbalancing:DescribeTargetGroupAttributes',
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeTargetHealth',
        'logs:DescribeLogGroups',
      ],
      resources: ['*'],
    }),
  ];
}

/** What a function needs to write its log and its traces. */
export function lambdaRunStatements(place: WorkloadPlace): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'FunctionLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: arnsOf(place).generated((prefix) => `logs:${place.region}:${place.account}:log-group:${prefix}*`),
    }),
    new PolicyStatement({ sid: 'Traces', actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] }),
  ];
}

function arnsOf(place: WorkloadPlace) {
  const of = (rest: string) => `arn:${place.partition}:${rest}`;
  return {
    of,
    generated: (rest: (prefix: string) => string) => place.generatedNamePrefixes.map((prefix) => of(rest(prefix))),
    targetGroups: of(`elasticloadbalancing:${place.region}:${place.account}:targetgroup/*/*`),
  };
}

/** Every resource of a slot carries these tags. */
function marked(key: 'aws:RequestTag' | 'aws:ResourceTag', place: WorkloadPlace): Record<string, string> {
  return { [`${key}/${SLOT_TAGS.path}`]: place.path, [`${key}/${SLOT_TAGS.environment}`]: place.environment };
}
