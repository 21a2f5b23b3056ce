import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnsOf, GENERAL_READS, logGroups, logWriting, passRoles, targetGroups } from './deploy-statements';
import type { WorkloadPlace } from './workload';

/** What CloudFormation needs to make, change and remove a function, its log group and its target group. */
export function lambdaDeployStatements(place: WorkloadPlace): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Functions',
      actions: [
        'lambda:AddPermission',
        'lambda:CreateFunction',
        'lambda:DeleteFunction',
        'lambda:GetFunction',
        'lambda:GetFunctionCodeSigningConfig',
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
      resources: arnsOf(place).generated((prefix) => `lambda:${place.region}:${place.account}:function:${prefix}*`),
    }),
    passRoles(place, 'FunctionRoles', 'lambda.amazonaws.com'),
    logGroups(place, 'FunctionLogs'),
    ...targetGroups(place),
    new PolicyStatement({ sid: 'ReadsThatKnowNoResource', actions: GENERAL_READS, resources: ['*'] }),
  ];
}

/** What a function needs to write its log and its traces. */
export function lambdaRunStatements(place: WorkloadPlace): PolicyStatement[] {
  return [
    logWriting(place, 'FunctionLogs'),
    new PolicyStatement({ sid: 'Traces', actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] }),
  ];
}
