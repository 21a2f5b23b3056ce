import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { migrationLogGroup, type SlotMigration, type StartedRunner } from '../../lambda/contract';
import { requireKind } from '../kinds/kind';
import { PathToLiveError } from '../private/errors';
import type { EnvironmentNames } from '../private/names';
import { tryStartedOffer } from '../private/shared-offers';
import { requireLiteral } from '../private/validate';
import type { Migration } from './migration';
import { type IMigrationTask, MIGRATION_TASK_CONFIG } from './migration-task';
import { StartedMigrations } from './started-migrations';

export interface SlotMigrationsProps {
  readonly names: EnvironmentNames;
  readonly migrations: readonly Migration[];
  /** @default - none may be planned */
  readonly longestOutageSeconds?: number;
}

/** What a slot brings to run its release's migrations by. It runs nothing itself, and so has a slot's rules like everything there. */
export class SlotMigrations extends Construct {
  /** In the order they run in. */
  readonly all: readonly SlotMigration[];

  constructor(scope: Construct, id: string, { names, migrations, longestOutageSeconds }: SlotMigrationsProps) {
    super(scope, id);
    this.all = migrations.map((migration) => this.make(names, migration, longestOutageSeconds));
  }

  private make(names: EnvironmentNames, migration: Migration, longestSeconds: number | undefined): SlotMigration {
    const { name, _kind: kind, _task, _undo } = migration;
    const scope = new Construct(this, name);
    const { content, runner } = this.bound(scope, names, name, _task);
    if (kind === 'breaking') requireRoom(scope.node.path, runner, longestSeconds);
    if (_undo === undefined) return { name, kind, content, runner };
    const undo = this.bound(new Construct(scope, 'Undo'), names, name, _undo, true);
    return { name, kind, content: together(content, undo.content), undoable: true, runner, undo: undo.runner };
  }

  private bound(scope: Construct, names: EnvironmentNames, name: string, task: IMigrationTask, undo = false): Pick<SlotMigration, 'content' | 'runner'> {
    const { path, environment, migrationRole } = names;
    const roleArn = Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: migrationRole });
    const made = task.bind(scope, { path, environment, migration: name, undo, roleArn, logGroupName: migrationLogGroup(path, environment) });
    const where = scope.node.path;
    requireKind(where, 'what bind of the migration returned', made, MIGRATION_TASK_CONFIG);
    requireLiteral({ code: 'MigrationContent', where, what: 'the content' }, made.content);
    const runner = made.runner._runner;
    if (runner.kind !== 'lambda') requireStarted(scope, names, runner.kind);
    return { content: made.content, runner };
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

/** What is taken back by another content is another migration. */
function together(content: string, undo: string): string {
  return createHash('sha256')
    .update(JSON.stringify([content, undo]))
    .digest('hex')
    .slice(0, 32);
}

/** A call, a task or a build that may take longer than the outage would never be begun. */
function requireRoom(where: string, { kind, timeoutSeconds }: SlotMigration['runner'], longestSeconds: number | undefined): void {
  if (longestSeconds === undefined || timeoutSeconds < longestSeconds) return;
  const [what, less] = kind === 'lambda' ? ['one call of it', ', doing less in one call'] : ['it', ''];
  const problem = `the longest planned outage is ${longestSeconds} s, and ${what} may take ${timeoutSeconds} s; give the outage longer, or the migration a shorter timeout${less}`;
  throw new PathToLiveError('OutageLength', where, problem);
}
