import type { Construct } from 'constructs';
import { object } from '../kinds/kind';
import { able, STRING } from '../kinds/kinds';
import { MIGRATION_RUNNER, type MigrationRunner } from './migration-runner';

/** The slot a migration is made in, and what it may use there. */
export interface MigrationContext {
  readonly path: string;
  readonly environment: string;
  /** Name of the migration. */
  readonly migration: string;
  /**
   * Whether it takes the migration back: beside the migration itself, in the same slot, and so by other names than that has.
   *
   * @default false
   */
  readonly undo?: boolean;
  /** ARN of the role it runs as: all that migrations of this environment may do is allowed to it, by the shared state. */
  readonly roleArn: string;
  /** Log group that this role writes to; what it holds outlives the slot. */
  readonly logGroupName: string;
}

/** What the hub runs. */
export interface MigrationTaskConfig {
  /** By which it is called, or started and followed. */
  readonly runner: MigrationRunner;
  /** What tells its content from any other, known at synth and the same in every slot: the hash of its code, for example. */
  readonly content: string;
}

/** What a migration is run by: part of a release, so the same bytes in every environment. */
export interface IMigrationTask {
  /**
   * Makes it.
   *
   * @param scope a construct of its own in the slot's stack
   */
  bind(scope: Construct, context: MigrationContext): MigrationTaskConfig;
}

/** @internal */
export const MIGRATION_TASK = able('an IMigrationTask, for example new LambdaMigration({ code, handler })', 'bind');

/** @internal */
export const MIGRATION_TASK_CONFIG = object<MigrationTaskConfig>({ runner: MIGRATION_RUNNER, content: STRING });
