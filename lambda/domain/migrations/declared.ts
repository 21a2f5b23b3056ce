import {
  type BundleStack,
  CHANGES,
  type DeclaredMigration,
  type EnvironmentPlan,
  MIGRATION_KINDS,
  MIGRATION_NAME,
  type MigrationKind,
  MOST_MIGRATIONS,
  type SubmitBody,
} from '../../contract';
import { Refused } from '../errors';
import type { MigrationState } from '../model';

const LONGEST_SHOWN = 80;

/** What the templates of a bundle say that it brings; every slot has to bring the same. */
export interface StackMigrations {
  readonly stack: Pick<BundleStack, 'stackName' | 'environment'>;
  readonly migrations: readonly DeclaredMigration[];
}

/**
 * Reads what a template says that it brings: whoever publishes may have written anything there.
 *
 * @throws Refused when it is not what a slot's stack writes
 */
export function readDeclared(stack: StackMigrations['stack'], said: unknown): StackMigrations {
  if (said === undefined) return { stack, migrations: [] };
  const problem = problemOf(said);
  if (problem === undefined) return { stack, migrations: said as readonly DeclaredMigration[] };
  const message = `the template of ${stack.stackName} says in its metadata what it brings for the shared state, and ${problem}; synthesize it again, a slot's stack writes it`;
  throw new Refused('MigrationsUnreadable', message, 400);
}

function problemOf(said: unknown): string | undefined {
  if (!Array.isArray(said)) return 'that is no list';
  if (said.length > MOST_MIGRATIONS) return `that is ${said.length} migrations, at most ${MOST_MIGRATIONS} are possible`;
  const unreadable = said.find((each: unknown) => !isDeclared(each));
  if (unreadable !== undefined) return `${JSON.stringify(unreadable).slice(0, LONGEST_SHOWN)} is no migration with a name, a kind and its content`;
  const names = (said as readonly DeclaredMigration[]).map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  return repeated === undefined ? undefined : `two migrations are named ${JSON.stringify(repeated)}`;
}

function isDeclared(said: unknown): said is DeclaredMigration {
  if (typeof said !== 'object' || said === null) return false;
  const { name, kind, content, undoable } = said as Partial<Record<keyof DeclaredMigration, unknown>>;
  if (undoable !== undefined && undoable !== true) return false;
  return typeof name === 'string' && MIGRATION_NAME.test(name) && typeof kind === 'string' && typeof content === 'string';
}

/**
 * The migrations of a bundle, which each of its templates must name alike: an environment that has others would be left behind.
 *
 * @throws Refused when they differ, are of a kind this hub does not know, or come to an environment that can run none
 */
export function migrationsOf(plan: readonly EnvironmentPlan[], found: readonly StackMigrations[]): readonly DeclaredMigration[] {
  const [first, ...others] = found;
  if (!first) return [];
  const other = others.find(({ migrations }) => !sameMigrations(migrations, first.migrations));
  if (other) {
    const message = `the template of ${first.stack.stackName} brings ${inWords(first.migrations)}, that of ${other.stack.stackName} ${inWords(other.migrations)}; every slot of a release brings the same migrations: synthesize it again, in one go`;
    throw new Refused('MigrationsDiffer', message, 400);
  }
  for (const migration of first.migrations) checkKind(migration);
  const unable = plan.find(({ roles }) => roles.migrate === undefined);
  if (first.migrations.length > 0 && unable) {
    const message = `the release brings ${inWords(first.migrations)}, and ${unable.environment} as it is deployed has no shared state to migrate; give the path sharedState and run cdk deploy for the platform first`;
    throw new Refused('CannotMigrate', message);
  }
  checkOutages(plan, ofKind(first.migrations, 'breaking'));
  return first.migrations;
}

/** What breaks the live version is let in only where people have said that users may have an outage. */
function checkOutages(plan: readonly EnvironmentPlan[], breaking: readonly DeclaredMigration[]): void {
  const without = plan.find(({ plannedOutage }) => plannedOutage === undefined);
  if (breaking.length === 0 || !without) return;
  const message = `the release brings ${inWords(breaking)}, which ${breaking.length === 1 ? 'is' : 'are'} breaking: the live version cannot go on, and users have an outage; in ${without.environment} as it is deployed none may be planned: give it plannedOutage: PlannedOutage.allowed({ … }) and run cdk deploy for the platform first, or expand, release, and contract later`;
  throw new Refused('OutageNotPlanned', message);
}

function checkKind({ name, kind }: DeclaredMigration): void {
  if (MIGRATION_KINDS.includes(kind)) return;
  const message = `the migration ${JSON.stringify(name)} is of the kind ${JSON.stringify(kind)}; this hub knows ${MIGRATION_KINDS.join(', ')}: run cdk deploy for the platform with the path-to-live that the release is synthesized with`;
  throw new Refused('UnknownMigration', message, 400);
}

/** Refuses another content under a name that has finished somewhere: it would never run there. */
export function checkSameContent(declared: readonly DeclaredMigration[], known: readonly MigrationState[]): void {
  const taken = known.find((state) => declared.some((migration) => isOther(migration, state)));
  if (!taken) return;
  throw new Refused('MigrationNameTaken', nameTaken(declared, taken));
}

/** Why a migration cannot have the name it has. */
export function nameTaken(declared: readonly DeclaredMigration[], { name, environment, release, startedAt, endedAt, migration: kind }: MigrationState): string {
  const other = declared.find((migration) => migration.name === name && migration.kind !== kind);
  if (other) {
    return `the migration ${JSON.stringify(name)} ran in ${environment} at ${startedAt} as ${kind}, brought by release ${release}, and is brought as ${other.kind} now; give it a name of its own`;
  }
  return `the migration ${JSON.stringify(name)} finished in ${environment} at ${endedAt}, brought by release ${release}, with other content than this release brings by that name; what has finished is not run again: give the new content a name of its own, or leave the old one out`;
}

/** Whether it would run under a name that another content has finished under, or that has run as another kind. */
export function isOther(migration: DeclaredMigration, state: MigrationState): boolean {
  if (state.name !== migration.name) return false;
  return state.migration !== migration.kind || (state.status === 'finished' && state.content !== migration.content);
}

/** Those of one kind, in order. */
export function ofKind(declared: readonly DeclaredMigration[] | undefined, kind: MigrationKind): readonly DeclaredMigration[] {
  return declared?.filter((migration) => migration.kind === kind) ?? [];
}

/** Those that are still to run in an environment, in order. @param known what became of each there, by name */
export function leftOf(declared: readonly DeclaredMigration[], known: readonly MigrationState[]): readonly DeclaredMigration[] {
  return declared.filter(({ name }) => !known.some((state) => state.name === name && state.status === 'finished'));
}

/**
 * What a release declares to change, said or not: one that brings a migration which some environment has not had alters the schema, and one of those that
 * is breaking needs an outage.
 *
 * @param known what became of each in every environment
 */
export function changesOf(
  body: SubmitBody,
  plan: readonly EnvironmentPlan[],
  declared: readonly DeclaredMigration[],
  known: readonly MigrationState[],
): string[] {
  const said = body.changes ?? [];
  const alters = plan.some(({ environment }) => leftIn(environment, declared, known).length > 0);
  const breaking = ofKind(declared, 'breaking');
  const breaks = plan.some(({ environment }) => leftIn(environment, breaking, known).length > 0);
  return [...new Set([...said, ...(alters ? [CHANGES.altersSchema] : []), ...(breaks ? [CHANGES.plannedOutage] : [])])];
}

function leftIn(environment: string, declared: readonly DeclaredMigration[], known: readonly MigrationState[]): readonly DeclaredMigration[] {
  return leftOf(
    declared,
    known.filter((state) => state.environment === environment),
  );
}

/** Whether two lists are of the same migrations, in the same order. */
export function sameMigrations(one: readonly DeclaredMigration[], other: readonly DeclaredMigration[]): boolean {
  return identity(one) === identity(other);
}

function identity(migrations: readonly DeclaredMigration[]): string {
  return JSON.stringify(migrations.map(({ name, kind, content, undoable }) => [name, kind, content, undoable]));
}

/** For messages: `the migrations 2026-11-add-currency`. */
export function inWords(migrations: readonly DeclaredMigration[]): string {
  if (migrations.length === 0) return 'no migration';
  return `the migration${migrations.length === 1 ? '' : 's'} ${migrations.map(({ name }) => name).join(', ')}`;
}
