import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { migrationLogGroup } from '../../lambda/contract';
import { acknowledgeWildcards } from '../private/acknowledge';
import type { EnvironmentNames } from '../private/names';

export interface MigrationRoleProps {
  readonly names: EnvironmentNames;
  /** What the shared state allows to migrations. */
  readonly statements: iam.PolicyStatement[];
}

/** What every migration of an environment runs as, and where it writes its log: made with the state it changes, and by no release. */
export class MigrationRole extends Construct {
  constructor(scope: Construct, id: string, { names, statements }: MigrationRoleProps) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', {
      roleName: names.migrationRole,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Migrations of the shared state run as this role',
    });
    const log = new LogGroup(this, 'Log', {
      logGroupName: migrationLogGroup(names.path, names.environment),
      retention: RetentionDays.SIX_MONTHS,
      // A fixed name: kept, it would be in the way of the next such stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    log.grantWrite(role);
    for (const statement of statements) role.addToPolicy(statement);
    const wide = statements.flatMap(({ resources }) => resources).filter((resource) => resource.includes('*'));
    acknowledgeWildcards(role, 'what the shared state says that migrations may do with it', ...new Set(wide));
  }
}
