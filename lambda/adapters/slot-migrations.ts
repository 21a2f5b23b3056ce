import type { Stack } from '@aws-sdk/client-cloudformation';
import { LONGEST_MIGRATION_CALL_SECONDS, LONGEST_MIGRATION_RUN_SECONDS, type MigrationRunner, SLOT_OUTPUTS, type SlotMigration } from '../contract';
import { outputOf } from './stack';

/** @returns them in the order they run in, or which output cannot be read */
export function migrationsOf(stack: Stack): readonly SlotMigration[] | string {
  const migrations: SlotMigration[] = [];
  for (let index = 0; ; index++) {
    const name = `${SLOT_OUTPUTS.migration}${index}`;
    const output = outputOf(stack, name);
    if (output === undefined) return migrations;
    const migration = migrationOf(output);
    if (!migration) return `the stack's output ${name} is ${JSON.stringify(output)}; it is written by SlotStack only`;
    migrations.push(migration);
  }
}

function migrationOf(output: string): SlotMigration | undefined {
  try {
    const migration = JSON.parse(output) as Partial<SlotMigration>;
    const { name, runner, undo, undoable } = migration;
    const isReadable = typeof name === 'string' && runner && isRunnable(runner) && (undo ? isRunnable(undo) : undoable === undefined);
    return isReadable ? (migration as SlotMigration) : undefined;
  } catch {
    return undefined;
  }
}

/** What tells where each kind of them is found, and the most that it may take: what had no end, or what no run of ours has room for, would never be run. */
const RUNNERS: { readonly [Kind in MigrationRunner['kind']]: { readonly where: readonly string[]; readonly longest: number } } = {
  lambda: { where: ['functionName'], longest: LONGEST_MIGRATION_CALL_SECONDS },
  fargateTask: { where: ['cluster', 'taskDefinition', 'container', 'subnetIds', 'assignPublicIp'], longest: LONGEST_MIGRATION_RUN_SECONDS },
  codeBuildProject: { where: ['project'], longest: LONGEST_MIGRATION_RUN_SECONDS },
};

function isRunnable(runner: Partial<MigrationRunner>): boolean {
  const known = Object.entries(RUNNERS).find(([kind]) => kind === runner.kind)?.[1];
  const given = runner as Readonly<Record<string, unknown>>;
  const { timeoutSeconds: seconds } = runner;
  if (known === undefined || seconds === undefined) return false;
  return (
    known.where.every((name) => typeof given[name] === 'string' && given[name] !== '') && Number.isInteger(seconds) && seconds > 0 && seconds <= known.longest
  );
}
