import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnsOf, LOG_GROUP_READS, logGroups, logWriting, passRoles, TARGET_GROUP_READS, targetGroups } from './deploy-statements';
import type { WorkloadPlace } from './workload';

/** What CloudFormation needs to make, change and remove a function, its log group and its target group. */
export function lambdaDeployStatements(place: WorkloadPlace): PolicyStatement[] {
  return [
    ...functions(place),
    logGroups(place, 'FunctionLogs'),
    ...targetGroups(place),
    new PolicyStatement({ sid: 'ReadsThatKnowNoResource', actions: [...TARGET_GROUP_READS, ...LOG_GROUP_READS], resources: ['*'] }),
  ];
}

/** Functions, which are known by their names, and handing them their roles. */
export function functions(place: WorkloadPlace): PolicyStatement[] {
  return [
    new PolicyStatement({ sid: 'Functions', actions: [...PERMISSION_ACTIONS, ...FUNCTION_ACTIONS].sort(), resources: functionArns(place) }),
    passRoles(place, 'FunctionRoles', 'lambda.amazonaws.com'),
  ];
}

/** What CloudFormation calls to make, change and remove a function. */
export const FUNCTION_ACTIONS = [
  'lambda:CreateFunction',
  'lambda:DeleteFunction',
  'lambda:GetFunction',
  'lambda:GetFunctionCodeSigningConfig',
  'lambda:GetFunctionRecursionConfig',
  'lambda:GetRuntimeManagementConfig',
  'lambda:ListTags',
  'lambda:TagResource',
  'lambda:UntagResource',
  'lambda:UpdateFunctionCode',
  'lambda:UpdateFunctionConfiguration',
];

/** What it calls to say who may invoke one. */
const PERMISSION_ACTIONS = ['lambda:AddPermission', 'lambda:GetPolicy', 'lambda:RemovePermission'];

/**
 * ARNs of functions in slots, by what CloudFormation names them.
 *
 * @param rest of the name, behind that of the slot's stack
 */
export function functionArns(place: WorkloadPlace, rest = '*'): string[] {
  return arnsOf(place).generated((prefix) => `lambda:${place.region}:${place.account}:function:${prefix}${rest}`);
}

/** What a function needs to write its log and its traces. */
export function lambdaRunStatements(place: WorkloadPlace): PolicyStatement[] {
  return [
    logWriting(place, 'FunctionLogs'),
    new PolicyStatement({ sid: 'Traces', actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] }),
  ];
}
