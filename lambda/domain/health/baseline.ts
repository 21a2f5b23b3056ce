import type { AlarmValues } from '../ports';
import { shown } from './measured';

/** What an alarm's metric was when a fix-forward had been deployed, and from where on it is worse; in the metric's own unit. */
export interface Baseline {
  readonly was: number;
  readonly allowed: number;
  /** By which definition of the alarm, as {@link AlarmValues} has it; absent where it was recorded before that was. */
  readonly by?: string;
}

/** A fix-forward may make it worse by so much of what it was: metrics of what all versions share are never still. */
const TOLERANCE = 0.1;
/** Whole periods that a baseline is taken from, unless its alarm looks at more. */
export const BASELINE_PERIODS = 10;
/** A period's value may not be there yet when it is over: so many more are looked through. */
export const LATE_PERIODS = 2;

/**
 * The worst that the alarm has seen in the periods before: what was as bad before is not the release's doing.
 * @returns undefined where there are fewer values than would raise it
 */
export function baselineOf(measured: AlarmValues): Baseline | undefined {
  const values = present(measured.values);
  // At the beginning of fewer than it looks at, which together were never worse than with those that follow.
  const levels = values.flatMap((_, index) => levelOf(values.slice(Math.max(0, index + 1 - measured.periods), index + 1), measured) ?? []);
  const was = worstFirst(levels, measured)[0];
  if (was === undefined) return undefined;
  const { raisedBy, threshold, by } = measured;
  const tolerance = Math.abs(was) * TOLERANCE;
  return { was, allowed: raisedBy === 'more' ? Math.max(was + tolerance, threshold) : Math.min(was - tolerance, threshold), by };
}

/**
 * Judged as the alarm judges, with another threshold: as many of its latest periods beyond what is allowed as would raise it. Where what it was would not have raised
 * it, as silence may have, with its own.
 */
export function isWorse({ was, allowed }: Baseline, level: number, measured: AlarmValues): boolean {
  const { threshold, raisedAt } = measured;
  const raises = (value: number) => isBeyond(value, threshold, measured) || (raisedAt && value === threshold);
  return raises(was) ? isBeyond(level, allowed, measured) : raises(level);
}

/** Whether the alarm was given another metric, statistic or period since: a value of those is neither better nor worse than one of before. */
export function isOther({ by }: Baseline, measured: AlarmValues): boolean {
  return by !== undefined && by !== measured.by;
}

function isBeyond(value: number, limit: number, { raisedBy }: AlarmValues): boolean {
  return raisedBy === 'more' ? value > limit : value < limit;
}

/** What the alarm sees right now. @returns undefined where there are fewer values than would raise it */
export function latestLevel(measured: AlarmValues): number | undefined {
  const { values, periods } = measured;
  return levelOf(present(values.slice(-(periods + LATE_PERIODS))).slice(-periods), measured);
}

/** For example `p99 of the response time 2.4 s, was 1.8 s before the fix-forward, allowed: at most 1.98 s`. */
export function worseInWords({ was, allowed }: Baseline, level: number, { what, unit, raisedBy, raisedAt, threshold }: AlarmValues): string {
  const [now, before, limit] = [level, was, allowed].map((value) => `${shown(value)}${unit === undefined ? '' : ` ${unit}`}`);
  const [inside, up] = raisedBy === 'more' ? ['less than', 'at most'] : ['more than', 'at least'];
  return `${what} ${now}, was ${before} before the fix-forward, allowed: ${raisedAt && allowed === threshold ? inside : up} ${limit}`;
}

/** The value that as many are beyond or at as raise the alarm. */
function levelOf(values: readonly number[], measured: AlarmValues): number | undefined {
  return worstFirst(values, measured)[measured.breaching - 1];
}

function worstFirst(values: readonly number[], { raisedBy }: AlarmValues): readonly number[] {
  return [...values].sort((a, b) => (raisedBy === 'more' ? b - a : a - b));
}

function present(values: AlarmValues['values']): readonly number[] {
  return values.filter((value) => value !== null);
}
