import type { Duration } from 'aws-cdk-lib';
import type { ConcurrencyPlan } from '../../lambda/contract';
import { object, requireKind } from '../kinds/kind';
import { DURATION, made } from '../kinds/kinds';
import { requireSeconds } from '../private/validate';

export interface WaitingOptions {
  /** How long a release waits for its turn in an environment; then it stops, with a ticket. 1 minute to 30 days. */
  readonly longest: Duration;
}

const OPTIONS = object<WaitingOptions>({ longest: DURATION });
const MONTH_SECONDS = 30 * 24 * 60 * 60;

/**
 * What a release does that comes to an environment in which another is on its way. One at a time has an environment, whichever is chosen; and an emergency
 * (`ptl release --emergency`) takes the place of one that has moved nothing under each of them.
 *
 * @example
 * Concurrency.queue({ longest: Duration.hours(8) });
 */
export class Concurrency {
  /** It stops, and says who has the environment: submit it again when that one has ended. */
  static refuse(): Concurrency {
    return new Concurrency();
  }

  /** It waits for its turn: first come, first served in each environment. What it depends on is looked at again when its turn comes. */
  static queue(options: WaitingOptions): Concurrency {
    return new Concurrency(planOf('queue', options));
  }

  /**
   * It takes the place of every release that was submitted before it and has moved nothing there: one that waits for its turn or at the firebreak in front, is
   * deployed, tested, or waits for a go. Those stop, what was accepted about them is void, and they may be submitted again. For one that has moved traffic it
   * waits.
   */
  static newestWins(options: WaitingOptions): Concurrency {
    return new Concurrency(planOf('newestWins', options));
  }

  private constructor(private readonly plan?: ConcurrencyPlan) {}

  /** @internal undefined: nobody waits */
  _bind(): ConcurrencyPlan | undefined {
    return this.plan;
  }
}

function planOf(kind: ConcurrencyPlan['kind'], options: WaitingOptions): ConcurrencyPlan {
  const where = `Concurrency.${kind}`;
  requireKind(where, 'options', options, OPTIONS);
  return { kind, longestSeconds: requireSeconds({ code: 'TurnLength', where, what: 'the longest wait for its turn' }, options.longest, 60, MONTH_SECONDS) };
}

/** @internal */
export const CONCURRENCY = made(Concurrency, 'Concurrency.queue({ longest })');
