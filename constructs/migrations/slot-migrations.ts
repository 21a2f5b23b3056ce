import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { LONGEST_MIGRATION_CALL_SECONDS, type MigrationKind, migrationLogGroup, type SlotMigration } from '../../lambda/contract';
import { requireKind } from '../kinds/kind';
import type { EnvironmentNames } from '../private/names';
import { requireLiteral, requireSeconds } from '../private/validate';
import type { Migration } from './migration';
import { MIGRATION_TASK_CONFIG } from './migration-task';

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
    const timeoutSeconds = requireSeconds({ code: 'MigrationTimeout', where, what: 'the timeout' }, made.timeout, 1, LONGEST_MIGRATION_CALL_SECONDS);
    const runner = { kind: 'lambda', functionName: made.functionName, timeoutSeconds } as const;
    return { name, kind: _kind as MigrationKind, content: made.content, runner };
  }
}
