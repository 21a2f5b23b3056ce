import type { Failure, MigrationKind, StartedRunner } from '../contract';

/**
 * What became of a migration in one environment, written ahead: `started` before its function is called, and that again for each call, or before its task
 * or its build is started. One that is `started` by a run that died, or `failed`, runs again with the next release that brings it, and so does one that was
 * `undone`, from when something has begun to take it back; one that is `finished` never does. What takes one back is kept in the same way, under a name of its own.
 */
export interface MigrationState {
  readonly kind: 'migration';
  readonly revision: number;
  readonly environment: string;
  readonly name: string;
  readonly migration: MigrationKind;
  readonly content: string;
  readonly status: 'started' | 'finished' | 'failed' | 'undone';
  /** Of the release that ran it last, and of the execution of its environment machine. */
  readonly release: string;
  readonly execution: string;
  /** When that execution called it first. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** How often its function was called, or its task or build started, by whichever release. */
  readonly calls: number;
  /** What it answered to be told at its next call, as JSON: a table takes less, of numbers and of depth. */
  readonly next?: string;
  /** The call under way: nobody calls it before `until`, by when the caller is dead or has recorded the answer. */
  readonly call?: { readonly owner: string; readonly until: string };
  /** The task or build under way: it is followed to its end before anything else is run under this name. */
  readonly run?: MigrationRun;
  readonly failure?: Failure;
}

/** A task or a build, written down before it is started. */
export interface MigrationRun {
  /** Of this very run: it is started by this name, and found again by it. */
  readonly name: string;
  readonly runner: StartedRunner;
  /** From then on it is stopped. */
  readonly until: string;
  /** As its service calls it; absent until that has answered, or it was found. */
  readonly id?: string;
}
