import {
  type Failure,
  type MigrateOutput,
  type MigrationKind,
  type MigrationRequest,
  migrationLogGroup,
  type SlotMigration,
  type SlotTaskInput,
} from '../../contract';
import type { Item, MigrationState, Release } from '../model';
import type { Ports } from '../ports';
import { planOf } from '../release/release';
import { undoneBy } from './migration';

/** Left of the run when it answers `migrating`. */
export const MARGIN_MS = 20_000;
export const PAUSE_MS = 5_000;

/** Which of a release's migrations are run, and as which step of it. */
export interface Run {
  readonly kind: MigrationKind;
  /** The state a release manager reads. */
  readonly step: string;
  /** What is recorded in the same transaction in which a migration starts, and in which it finishes; nothing, for most. */
  readonly alongside?: (name: string, what: 'started' | 'finished', now: string) => Promise<readonly Item[]>;
  /** Nothing is called, or started, that may not be over by then. */
  readonly until?: string;
  /** Nothing is called or started: what is under way is followed to its end. */
  readonly onlyFollows?: true;
}

/** One migration's turn in a run. */
export interface Turn {
  readonly ports: Ports;
  readonly task: SlotTaskInput;
  readonly release: Release;
  readonly migration: SlotMigration;
  readonly run: Run;
}

/** What is done next, and how long that may take. */
export interface Step {
  readonly milliseconds: number;
  /** @returns how the task ends; undefined when there is more to do */
  readonly take: (turn: Turn, stored: MigrationState | undefined) => Promise<MigrateOutput | undefined>;
}

/** What the migration is told. @param next as JSON */
export function requestOf({ task, migration }: Turn, { version }: Pick<Release, 'version'>, next?: string): MigrationRequest {
  const undoes = undoneBy(migration.name);
  return {
    migration: undoes ?? migration.name,
    release: version,
    environment: task.environment,
    ...(undoes !== undefined && { undo: true }),
    ...(next !== undefined && { next: JSON.parse(next) as unknown }),
  };
}

/** @param logs where it wrote what it did, when that is known more closely than by the log of all migrations there */
export function failureOf(
  { task: { environment }, release, migration, run }: Pick<Turn, 'task' | 'release' | 'run'> & { readonly migration: Pick<SlotMigration, 'name'> },
  actual: string,
  logs?: string,
): Failure {
  const { path, account, region } = planOf(release, environment);
  const where = `${migrationLogGroup(path, environment)} in ${account}, ${region}`;
  return { step: run.step, subject: `migration ${migration.name}`, expected: 'done', actual, logs: logs ?? where };
}

/** What goes into the same transaction. */
export async function alongside({ ports: { clock }, run, migration }: Turn, what: 'started' | 'finished'): Promise<readonly Item[]> {
  return (await run.alongside?.(migration.name, what, clock.now())) ?? [];
}
