import { setTimeout as wait } from 'node:timers/promises';
import { VERSIONS } from '../services';
import type { Told, World } from '../world';

const LOOK_EVERY_MS = 500;

/**
 * Has users come until one of them has read, from the version that is live again, a payment that the bad one wrote: on a busy machine few requests are answered
 * in any fixed time, and which of them read what is chance. Whether one has is for the figures to say.
 *
 * @param bad how the bad release went
 * @param withinMs no longer than that
 */
export async function untilReadAfter(
  bad: Pick<Told, 'ended'>,
  { traffic, production }: Pick<World, 'traffic' | 'production'>,
  withinMs: number,
): Promise<void> {
  const isRead = () =>
    traffic
      .responses()
      .some(
        ({ environment, sent, status, version, paymentBy }) =>
          environment === production.environment && sent > bad.ended && status < 400 && version === VERSIONS.second && paymentBy === VERSIONS.bad,
      );
  for (const begun = Date.now(); !isRead() && Date.now() - begun < withinMs; ) await wait(LOOK_EVERY_MS);
}
