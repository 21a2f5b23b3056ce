import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type MigrationKind, migrationLogGroup, type SlotMigration, type StartedRunner } from '../../lambda/contract';
import { requireKind } from '../kinds/kind';
import { PathToLiveError } from '../private/errors';
import type { EnvironmentNames } from '../private/names';
import { tryStartedOffer } from '../private/shared-offers';
import { requireLiteral } from '../private/validate';
import type { Migration } from './migration';
import { MIGRATION_TASK_CONFIG } from './migration-task';
import { StartedMigrations } from './started-migrations';

export interface SlotMigrationsProps {
  readonly names: EnvironmentNames;
  readonly migrations: readonly Migration[];
}

/** What a slot brings to run its release's migrations by. It runs nothing itself, and so has a slot's rules like everything there. */
export class SlotMigrations extends Construct {
  /** In the order they run in. */
  readonly all: readonly SlotMigration[];

  constructor(scope: Construct, id: string, { names, migrations }: SlotMigrationsProps) {
    super(scope, id);
    this.all = migrations.map((migration) => this.make(names, migration));
  }

  private make(names: EnvironmentNames, { name, _kind, _task }: Migration): SlotMigration {
    const scope = new Construct(this, name);
    const { path, environment, migrationRole } = names;
    const roleArn = Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: migrationRole });
    const made = _task.bind(scope, { path, environment, migration: name, roleArn, logGroupName: migrationLogGroup(path, environment) });
    const where = scope.node.path;
    requireKind(where, 'what bind of the migration returned', made, MIGRATION_TASK_CONFIG);
    requireLiteral({ code: 'MigrationContent', where, what: 'the content' }, made.content);
    const runner = made.runner._runner;
    if (runner.kind !== 'lambda') requireStarted(scope, names, runner.kind);
    return { name, kind: _kind as MigrationKind, content: made.content, runner };
  }
}

/** CloudFormation would be refused it too, but in the middle of a release. */
function requireStarted(scope: Construct, names: EnvironmentNames, kind: StartedRunner['kind']): void {
  const offered = tryStartedOffer(Stack.of(scope), names);
  if (offered === undefined || offered.includes(kind)) return;
  const [name] = Object.entries(StartedMigrations).find(([, value]) => value === kind) ?? [];
  const [what, where] = kind === 'fargateTask' ? ['a task', 'on Fargate'] : ['a build', 'of CodeBuild'];
  const problem = `it is ${what} ${where}, and the shared state of ${names.environment} does not say that releases may start any; let it have startsMigrations = [StartedMigrations.${name}], and run cdk deploy for the platform`;
  throw new PathToLiveError('MigrationNotStarted', scope.node.path, problem);
}
