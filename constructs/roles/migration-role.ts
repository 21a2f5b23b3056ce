import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { migrationLogGroup } from '../../lambda/contract';
import { StartedMigrations } from '../migrations/started-migrations';
import { acknowledgeWildcards } from '../private/acknowledge';
import type { EnvironmentNames } from '../private/names';
import { pulling } from '../workloads/fargate-permissions';

export interface MigrationRoleProps {
  readonly names: EnvironmentNames;
  /** What the shared state allows to migrations. */
  readonly statements: iam.PolicyStatement[];
  /** By what else than functions. */
  readonly started: readonly StartedMigrations[];
}

/** Who runs as it. */
const SERVICES: Readonly<Record<StartedMigrations, string>> = {
  [StartedMigrations.FARGATE_TASKS]: 'ecs-tasks.amazonaws.com',
  [StartedMigrations.CODEBUILD_BUILDS]: 'codebuild.amazonaws.com',
};

/** What every migration of an environment runs as, and where it writes its log: made with the state it changes, and by no release. */
export class MigrationRole extends Construct {
  constructor(scope: Construct, id: string, { names, statements, started }: MigrationRoleProps) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', {
      roleName: names.migrationRole,
      assumedBy: new iam.CompositePrincipal(
        ...['lambda.amazonaws.com', ...started.map((kind) => SERVICES[kind])].map((service) => new iam.ServicePrincipal(service)),
      ),
      description: 'Migrations of the shared state run as this role',
    });
    const log = new LogGroup(this, 'Log', {
      logGroupName: migrationLogGroup(names.path, names.environment),
      retention: RetentionDays.SIX_MONTHS,
      // A fixed name: kept, it would be in the way of the next such stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    log.grantWrite(role);
    if (started.includes(StartedMigrations.FARGATE_TASKS)) this.pullImages(role);
    for (const statement of statements) role.addToPolicy(statement);
    const wide = statements.flatMap(({ resources }) => resources).filter((resource) => resource.includes('*'));
    acknowledgeWildcards(role, 'what the shared state says that migrations may do with it', ...new Set(wide));
  }

  /** As a task's execution role; which of the account's repositories has a release's image only its synthesizer knows. */
  private pullImages(role: iam.Role): void {
    const repositories = Stack.of(this).formatArn({ service: 'ecr', resource: 'repository', resourceName: '*' });
    for (const statement of pulling([repositories])) role.addToPolicy(statement);
    acknowledgeWildcards(
      role,
      'images of releases are in a repository that their synthesizer knows; ecr:GetAuthorizationToken knows no resources',
      repositories,
      '*',
    );
  }
}
