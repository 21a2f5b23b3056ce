import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnsOf } from '../workloads/deploy-statements';
import type { WorkloadPlace } from '../workloads/workload';

/** ARNs of the functions in slots that are migrations: their logical ids begin with that of the construct that holds them. */
export function migrationFunctionArns(place: WorkloadPlace): string[] {
  return arnsOf(place).generated((prefix) => `lambda:${place.region}:${place.account}:function:${prefix}*SlotMigrations*`);
}

/** What CloudFormation needs to make, change and remove them, whatever the workload is. */
export function migrationDeployStatements(place: WorkloadPlace, migrationRole: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'MigrationFunctions',
      actions: [
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
      ],
      resources: migrationFunctionArns(place),
    }),
    new PolicyStatement({
      sid: 'MigrationRole',
      actions: ['iam:PassRole'],
      resources: [arnsOf(place).of(`iam::${place.account}:role/${migrationRole}`)],
      conditions: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    }),
  ];
}
