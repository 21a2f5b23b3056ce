import { listed } from '../../contract';
import type { Release } from '../model';

/**
 * A release that was taken back in waves because it failed in a later one.
 *
 * @returns where it failed, and what to say of the others; undefined when none was taken back
 */
export function inWaves({ plan, reached }: Release): { readonly failedIn: string; readonly andBack: string } | undefined {
  const isBehind = (one: (typeof plan)[number], other: (typeof plan)[number]) =>
    one.wave?.of !== undefined && one.wave.of === other.wave?.of && one.wave.place > other.wave.place;
  const back = plan.filter((each) => reached[each.environment] === 'rolledBack');
  const waves = back.filter((each) => plan.some((later) => isBehind(later, each) && reached[later.environment] !== 'live'));
  // Of those that come behind: the last one that it has reached; in front of the next one, where it has reached none.
  const later = plan.filter((each) => waves.some((wave) => isBehind(each, wave)) && !['live', undefined].includes(reached[each.environment]));
  const next = plan.find((each) => waves.some((wave) => isBehind(each, wave)) && reached[each.environment] === undefined);
  const failedIn = later.at(-1) ?? next;
  const before = waves.filter((each) => failedIn && isBehind(failedIn, each)).map(({ environment }) => environment);
  if (!failedIn || before.length === 0) return undefined;
  const how = reached[failedIn.environment] === 'rolledBack' ? 'and in' : 'and rolled back in';
  return { failedIn: failedIn.environment, andBack: `, ${how} ${listed(before)}, ${before.length === 1 ? 'a wave' : 'waves'} before it` };
}
