import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnsOf } from '../workloads/deploy-statements';
import { FUNCTION_ACTIONS, functionArns } from '../workloads/lambda-permissions';
import type { WorkloadPlace } from '../workloads/workload';

/** ARNs of the functions in slots that are migrations: their logical ids begin with that of the construct that holds them. */
export function migrationFunctionArns(place: WorkloadPlace): string[] {
  return functionArns(place, '*SlotMigrations*');
}

/**
 * What CloudFormation needs to make, change and remove them.
 *
 * @param workload what it is allowed already: a workload of functions brings most of it
 */
export function migrationDeployStatements(place: WorkloadPlace, migrationRole: string, workload: readonly PolicyStatement[]): PolicyStatement[] {
  const everyFunction = functionArns(place);
  const allowed = workload.filter(
    ({ effect, conditions, resources }) =>
      effect === Effect.ALLOW && Object.keys(conditions).length === 0 && everyFunction.every((arn) => resources.includes(arn)),
  );
  const actions = FUNCTION_ACTIONS.filter((action) => !allowed.some((statement) => statement.actions.includes(action)));
  return [
    ...(actions.length > 0 ? [new PolicyStatement({ sid: 'MigrationFunctions', actions, resources: migrationFunctionArns(place) })] : []),
    new PolicyStatement({
      sid: 'MigrationRole',
      actions: ['iam:PassRole'],
      resources: [arnsOf(place).of(`iam::${place.account}:role/${migrationRole}`)],
      conditions: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    }),
  ];
}
