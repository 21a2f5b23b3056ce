import { waitsOnTheWay } from '../gates/gate';
import type { Gate, Release } from '../model';

/**
 * The environment that people are asked about a release for; else the first one it is not live in; the last one when there is none.
 *
 * @param gates of the release, as far as they are known
 */
export function whereItWas(release: Release, gates: readonly Gate[] = []): string {
  const asked = gates.find(waitsOnTheWay);
  if (asked) return asked.environment;
  const ahead = release.plan.find(({ environment }) => release.reached[environment] !== 'live') ?? release.plan.at(-1);
  return ahead?.environment ?? 'its first environment';
}
