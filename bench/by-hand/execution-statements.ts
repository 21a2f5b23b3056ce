import { Fn } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ACCOUNT, parameter, REGION } from './environments';
import { ASSETS, type RolesProps } from './roles';

/** What CloudFormation may do when it deploys a slot. */
export function executionStatements(
  service: string,
  place: string,
  { listenerArn, liveRuleArn, keys, slots, boundaryArn }: RolesProps & { readonly slots: readonly string[]; readonly boundaryArn: string },
): PolicyStatement[] {
  const own = `/path-to-live/${service}/${place}/`;
  const roles = [`arn:aws:iam::${ACCOUNT}:role${own}*`];
  const rules = [`${Fn.join(':listener-rule/', Fn.split(':listener/', listenerArn, 2))}/*`];
  const targetGroups = [`arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/*/*`];
  const marked = (key: string) => ({ StringEquals: { [`aws:${key}/path-to-live:path`]: service, [`aws:${key}/path-to-live:environment`]: place } });
  const all = (prefix: string, ...names: string[]) => names.map((name) => `${prefix}:${name}`);
  const changing = all('elasticloadbalancing', 'ModifyRule', 'DeleteRule', 'SetRulePriorities', 'AddTags', 'RemoveTags');
  return [
    new PolicyStatement({
      sid: 'RolesWithinTheBoundary',
      actions: all('iam', 'CreateRole', 'PutRolePermissionsBoundary', 'PutRolePolicy', 'DeleteRolePolicy', 'AttachRolePolicy', 'DetachRolePolicy'),
      resources: roles,
      conditions: { StringEquals: { 'iam:PermissionsBoundary': boundaryArn } },
    }),
    new PolicyStatement({
      sid: 'Roles',
      actions: all(
        'iam',
        ...['GetRole', 'GetRolePolicy', 'ListRolePolicies', 'ListAttachedRolePolicies', 'UpdateRole'],
        ...['UpdateAssumeRolePolicy', 'TagRole', 'UntagRole', 'DeleteRole'],
      ),
      resources: roles,
    }),
    new PolicyStatement({ sid: 'RulesToMake', actions: ['elasticloadbalancing:CreateRule'], resources: [listenerArn] }),
    new PolicyStatement({ sid: 'RulesMade', actions: changing, resources: rules }),
    new PolicyStatement({ sid: 'NeverTheLiveRule', effect: Effect.DENY, actions: changing, resources: [liveRuleArn] }),
    new PolicyStatement({ sid: 'ReadRules', actions: all('elasticloadbalancing', 'DescribeRules', 'DescribeTags'), resources: ['*'] }),
    new PolicyStatement({
      sid: 'Alarms',
      actions: all('cloudwatch', 'PutMetricAlarm', 'DescribeAlarms', 'DeleteAlarms', 'ListTagsForResource', 'TagResource', 'UntagResource'),
      resources: slots.map((slot) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${slot}-*`),
    }),
    new PolicyStatement({ sid: 'Keys', actions: ['secretsmanager:GetSecretValue'], resources: keys.map(({ secretArn }) => secretArn) }),
    new PolicyStatement({
      sid: 'Parameters',
      actions: ['ssm:GetParameters'],
      resources: ['listener-arn', 'vpc-id', 'load-balancer-full-name', 'alarm-topic-arn'].map((name) => parameter(`${own}${name}`)),
    }),
    new PolicyStatement({ sid: 'Files', actions: ['s3:GetObject'], resources: [ASSETS] }),
    new PolicyStatement({
      sid: 'Functions',
      actions: all(
        'lambda',
        ...['AddPermission', 'CreateFunction', 'DeleteFunction', 'GetFunction', 'GetFunctionCodeSigningConfig', 'GetFunctionConfiguration'],
        ...['GetFunctionRecursionConfig', 'GetPolicy', 'GetRuntimeManagementConfig', 'ListTags', 'RemovePermission', 'TagResource', 'UntagResource'],
        ...['UpdateFunctionCode', 'UpdateFunctionConfiguration'],
      ),
      resources: slots.map((slot) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${slot}*`),
    }),
    new PolicyStatement({
      sid: 'FunctionRoles',
      actions: ['iam:PassRole'],
      resources: roles,
      conditions: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    }),
    new PolicyStatement({
      sid: 'FunctionLogs',
      actions: all(
        'logs',
        ...['CreateLogGroup', 'DeleteLogGroup', 'DeleteRetentionPolicy', 'ListTagsForResource', 'PutRetentionPolicy', 'TagResource', 'UntagResource'],
      ),
      resources: slots.map((slot) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${slot}*`),
    }),
    new PolicyStatement({
      sid: 'TargetGroupsToMake',
      actions: all('elasticloadbalancing', 'AddTags', 'CreateTargetGroup'),
      resources: targetGroups,
      conditions: marked('RequestTag'),
    }),
    new PolicyStatement({
      sid: 'TargetGroupsMade',
      actions: all(
        'elasticloadbalancing',
        ...['DeleteTargetGroup', 'DeregisterTargets', 'ModifyTargetGroup', 'ModifyTargetGroupAttributes', 'RegisterTargets', 'RemoveTags'],
      ),
      resources: targetGroups,
      conditions: marked('ResourceTag'),
    }),
    new PolicyStatement({
      sid: 'ReadsThatKnowNoResource',
      actions: [
        ...all('elasticloadbalancing', 'DescribeTags', 'DescribeTargetGroupAttributes', 'DescribeTargetGroups', 'DescribeTargetHealth'),
        'logs:DescribeLogGroups',
      ],
      resources: ['*'],
    }),
  ];
}
