/** Changes of an environment's shared state that a release brings. */

/**
 * `expand` adds what the new version needs and takes nothing from the old one, so that both go on working. `contract` takes away what only older versions
 * need: it does not run with its release, but when that is asked for, after early life support. `breaking` changes what the live version needs: it runs in
 * an outage that is planned.
 *
 * A release whose kinds a hub does not know is refused by it: the list grows.
 */
export const MIGRATION_KINDS = ['expand', 'contract', 'breaking'] as const;
export type MigrationKind = (typeof MIGRATION_KINDS)[number];

/** Most that one release can bring: each is something in every slot that runs it, and an output of its stack. */
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
  /** Of a `breaking` one: it brings what takes it back, so that the version before understands the state again. */
  readonly undoable?: true;
}

/** What runs it, of the slot's stack, by name. */
export type MigrationRunner = FunctionRunner | StartedRunner;

/** A function, which is called and answers. */
export interface FunctionRunner {
  readonly kind: 'lambda';
  readonly functionName: string;
  /** Most that one call may take. */
  readonly timeoutSeconds: number;
}

/** What is started and then followed: it ends by itself, well or not. */
export type StartedRunner = TaskRunner | BuildRunner;

/** A task on AWS Fargate: done when its container ends with exit code 0. */
export interface TaskRunner {
  readonly kind: 'fargateTask';
  readonly cluster: string;
  /** ARN, with its revision. */
  readonly taskDefinition: string;
  /** Name of the container whose exit code counts. */
  readonly container: string;
  /** With commas between them: how many there are is known at deployment only. */
  readonly subnetIds: string;
  /** With commas between them; '': the VPC's own. */
  readonly securityGroupIds: string;
  /** `ENABLED` or `DISABLED`. */
  readonly assignPublicIp: string;
  /** Most that it may run. */
  readonly timeoutSeconds: number;
}

/** A build of AWS CodeBuild: done when it has succeeded. */
export interface BuildRunner {
  readonly kind: 'codeBuildProject';
  readonly project: string;
  /** Most that it may run, the time in CodeBuild's queue included. */
  readonly timeoutSeconds: number;
}

/** A migration in a deployed slot: an output of its stack. */
export interface SlotMigration extends DeclaredMigration {
  readonly runner: MigrationRunner;
  /** Takes it back; only of one that is `undoable`. */
  readonly undo?: MigrationRunner;
}

/** Asked of a migration's function. */
export interface MigrationRequest {
  readonly migration: string;
  readonly release: string;
  readonly environment: string;
  /** What it answered as `next` the last time; absent at the first call. Kept when the run dies: the next release that brings it goes on from there. */
  readonly next?: unknown;
  /** Asked of what takes a `breaking` migration back, however far that has come. */
  readonly undo?: true;
}

/** A migration that is not done is called again, with `next`: one that takes long is done in pieces, of minutes each. */
export type MigrationAnswer = { readonly done: true; readonly said?: string } | { readonly done: false; readonly next: unknown; readonly said?: string };

/** Most that `next` may have, as characters of JSON. */
export const LONGEST_NEXT = 10_000;

/** Log group, in the environment's account, of every migration that runs there: what one that failed has written is not removed with its slot. */
export function migrationLogGroup(path: string, environment: string): string {
  return `/path-to-live/${path}/${environment}/migrations`;
}

/** Environment variables of whatever runs a migration. A function is told the last three by its `MigrationRequest` instead; `run` is another each time one is started. */
export const MIGRATION_ENV = {
  path: 'PATH_TO_LIVE',
  environment: 'PATH_TO_LIVE_ENVIRONMENT',
  migration: 'PATH_TO_LIVE_MIGRATION',
  release: 'PATH_TO_LIVE_RELEASE',
  run: 'PATH_TO_LIVE_RUN',
} as const;
