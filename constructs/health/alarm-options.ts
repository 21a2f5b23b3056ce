import type { Duration } from 'aws-cdk-lib';
import { object, optional } from '../kinds/kind';
import { DURATION, NUMBER, STRING } from '../kinds/kinds';

export interface ServerErrorsOptions {
  /**
   * Errors within one period that raise the alarm. A whole number, at least 1.
   *
   * @default 5
   */
  readonly threshold?: number;
  /**
   * A whole number of minutes, 1-60: load balancers publish their metrics once a minute.
   *
   * @default Duration.minutes(1)
   */
  readonly period?: Duration;
  /**
   * Tells alarms of one gate apart; part of a logical id. PascalCase.
   *
   * @default 'ServerErrors'
   */
  readonly name?: string;
}

export interface LatencyOptions {
  /** Time to the first byte from the slot that raises the alarm. At least a millisecond. */
  readonly threshold: Duration;
  /**
   * Which requests: `p50` to `p99.99`.
   *
   * @default 'p99'
   */
  readonly percentile?: string;
  /**
   * Periods in a row in which it must be too slow. A whole number, 1-10; 1: the first slow period raises the alarm, even if it had a single request.
   *
   * @default 2
   */
  readonly periods?: number;
  /**
   * A whole number of minutes, 1-60: load balancers publish their metrics once a minute.
   *
   * @default Duration.minutes(1)
   */
  readonly period?: Duration;
  /**
   * Tells alarms of one gate apart; part of a logical id. PascalCase.
   *
   * @default 'Latency'
   */
  readonly name?: string;
}

/** @internal */
export const SERVER_ERRORS = object<ServerErrorsOptions>({ threshold: optional(NUMBER), period: optional(DURATION), name: optional(STRING) });
/** @internal */
export const LATENCY = object<LatencyOptions>({
  threshold: DURATION,
  percentile: optional(STRING),
  periods: optional(NUMBER),
  period: optional(DURATION),
  name: optional(STRING),
});
