/** The hub's own functions: their limits, their environment variables, their table. */
import type { Failure } from './tasks';

/** The most the traffic function may run. Its lease outlives it, so that a writer is dead before the next one may write. */
export const WRITER_TIMEOUT_SECONDS = 60;
/** How long a lease on a live rule lasts that is not given back. */
export const LEASE_SECONDS = 90;
/** The most the safety net may run: a lease that was not given back, then the writer itself, and some room. */
export const SAFETY_NET_TIMEOUT_SECONDS = 240;

/** Longest that it may take until a slot has the capacity that it was asked for. */
export const RAISE_SECONDS = 720;
/** The most the functions that raise may run: that, and a roll back after it. */
export const CAPACITY_TIMEOUT_SECONDS = 900;

/** The most the function that runs migrations may take at a time; a migration that is not done by then goes on in the next run. */
export const MIGRATE_TIMEOUT_SECONDS = 900;
/** The most one call of a migration's function may take: what is left of a run is for starting it and for recording what became of it. */
export const LONGEST_MIGRATION_CALL_SECONDS = 840;
/** The most a task or a build that migrates may run: several runs of that function follow it, less than two hours together. */
export const LONGEST_MIGRATION_RUN_SECONDS = 6_000;

/** Environment variables of the hub's functions. */
export const ENV = {
  path: 'PATH_TO_LIVE',
  table: 'LEDGER_TABLE',
  bus: 'EVENT_BUS',
  /** Prefix of the SSM parameters that hold the plan, one an environment. */
  planPrefix: 'PLAN_PREFIX',
  pathMachine: 'PATH_MACHINE',
  /** What the ARNs of the environments' machines begin with; each is followed by the environment's name. */
  environmentMachines: 'ENVIRONMENT_MACHINES',
  /** The machine that takes the path out again. */
  retireMachine: 'RETIRE_MACHINE',
  /** Name of the function that moves traffic; the API asks it for a roll back outside a release. */
  trafficFunction: 'TRAFFIC_FUNCTION',
  /** Name of the function that removes slots; who looks for what is wrong asks it how their stacks are. */
  slotsFunction: 'SLOTS_FUNCTION',
  /** Name of the function that raises and lowers slots; the API asks it for a roll back to a slot that was lowered. Only where slots have a capacity. */
  capacityFunction: 'CAPACITY_FUNCTION',
} as const;

/** Key and index attributes of the ledger's table, all strings; the index projects every attribute. And the partition that items are deleted from. */
export const TABLE = {
  pk: 'pk',
  sk: 'sk',
  /** Only items that belong to a list are in the index: releases in flight, finished ones, waiting gates, tickets. */
  index: 'list-index',
  indexPk: 'list',
  indexSk: 'listKey',
  /** Partition of all deliveries that were committed and not confirmed: nothing else is ever deleted. */
  outbox: 'OUTBOX',
} as const;

/** What the API asks the traffic function for when no release is in flight. */
export interface RollBackRequest {
  readonly environment: string;
  readonly who: string;
  readonly reason: string;
}

/** What the API asks the capacity function for, without waiting: raise the slot that `environment` goes back to, then roll back. */
export interface RaiseRequest {
  readonly environment: string;
}

/** What the traffic function answers a {@link RollBackRequest} with. */
export interface RollBackAnswer {
  /**
   * `stopped`: users have what they had, and were on nothing else; or they stay without a version, for which there is a ticket. `stays`, `left`: of a wave,
   * see `RollBackWaveOutput`.
   */
  readonly outcome: 'rolledBack' | 'stopped' | 'refused' | 'stays' | 'left';
  readonly failure?: Failure;
}
