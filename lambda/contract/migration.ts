/** Changes of an environment's shared state that a release brings. */

/**
 * `expand` adds what the new version needs and takes nothing from the old one, so that both go on working. `contract` takes away what only older versions
 * need: it does not run with its release, but when that is asked for, after early life support.
 *
 * A release whose kinds a hub does not know is refused by it: the list grows.
 */
export const MIGRATION_KINDS = ['expand', 'contract'] as const;
export type MigrationKind = (typeof MIGRATION_KINDS)[number];

/** Most that one release can bring: each is a function in every slot, and an output of its stack. */
export const MOST_MIGRATIONS = 30;
/** Names of migrations: 1-60 lower case letters, digits and dashes. */
export const MIGRATION_NAME = /^[a-z0-9][a-z0-9-]{0,59}$/;

/** What a release says of a migration it brings; in the metadata of each of its slot stacks. */
export interface DeclaredMigration {
  /** Says, in each environment, whether it ran there already. */
  readonly name: string;
  readonly kind: MigrationKind;
  /** Tells one content from another: a name stands for one content, once it has finished somewhere. */
  readonly content: string;
}

/** What runs it: a function of the slot's stack, by name. */
export interface MigrationRunner {
  readonly kind: 'lambda';
  readonly functionName: string;
  /** Most that one call may take. */
  readonly timeoutSeconds: number;
}

/** A migration in a deployed slot: an output of its stack. */
export interface SlotMigration extends DeclaredMigration {
  readonly runner: MigrationRunner;
}

/** Asked of a migration's function. */
export interface MigrationRequest {
  readonly migration: string;
  readonly release: string;
  readonly environment: string;
  /** What it answered as `next` the last time; absent at the first call. Kept when the run dies: the next release that brings it goes on from there. */
  readonly next?: unknown;
}

/** A migration that is not done is called again, with `next`: one that takes long is done in pieces, of minutes each. */
export type MigrationAnswer = { readonly done: true; readonly said?: string } | { readonly done: false; readonly next: unknown; readonly said?: string };

/** Most that `next` may have, as characters of JSON. */
export const LONGEST_NEXT = 10_000;

/** Log group, in the environment's account, of every migration that runs there: what one that failed has written is not removed with its slot. */
export function migrationLogGroup(path: string, environment: string): string {
  return `/path-to-live/${path}/${environment}/migrations`;
}

/** Environment variables of a migration's function. */
export const MIGRATION_ENV = { path: 'PATH_TO_LIVE', environment: 'PATH_TO_LIVE_ENVIRONMENT' } as const;
