import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { listOf, object, optional } from '../kinds/kind';
import { able, POLICY_STATEMENT, STRINGS_BY_NAME } from '../kinds/kinds';
import type { StartedMigrations } from '../migrations/started-migrations';

/** The environment whose state is made. */
export interface SharedStateContext {
  readonly path: string;
  readonly environment: string;
}

/** What shared state offers the slots. */
export interface SharedStateConfig {
  /** Name -> value, for example the name of a table; a slot reads it with `SharedValue.named`. Names are 1-40 letters and digits. */
  readonly values: { readonly [name: string]: string };
  /**
   * What migrations may do with it; also the most that a release can ever do by one.
   *
   * @default - nothing but writing their log
   */
  readonly migrations?: PolicyStatement[];
}

/**
 * What must outlive every version: tables, buckets, queues. Made once an environment, in a stack of its own that `cdk deploy` changes
 * and no release replaces; all slots use it, so two versions do at the same time.
 */
export interface ISharedState {
  /**
   * By what else than functions a release may migrate it: each takes permissions in the environment, which `cdk deploy` gives.
   *
   * @default - functions only
   */
  readonly startsMigrations?: StartedMigrations[];
  /**
   * Makes the state.
   *
   * @param scope a construct of its own in the environment's shared stack
   */
  bind(scope: Construct, context: SharedStateContext): SharedStateConfig;
}

/** @internal */
export const SHARED_STATE_CONFIG = object<SharedStateConfig>({ values: STRINGS_BY_NAME, migrations: optional(listOf(POLICY_STATEMENT)) });

/** @internal */
export const SHARED_STATE = able('an ISharedState: something with the method bind', 'bind');
