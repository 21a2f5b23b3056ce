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
  const back = plan.filter(({ environment }) => reached[environment] === 'rolledBack');
  // Of those that come behind: the last one that it has reached; in front of the next one, where it has reached none.
  const behind = plan.filter((each) => back.some((wave) => isBehind(each, wave)));
  const later = behind.filter(({ environment }) => !['live', undefined].includes(reached[environment]));
  const failedIn = later.at(-1) ?? behind.find(({ environment }) => reached[environment] === undefined);
  if (!failedIn) return undefined;
  const before = back.filter((each) => isBehind(failedIn, each)).map(({ environment }) => environment);
  const how = reached[failedIn.environment] === 'rolledBack' ? 'and in' : 'and rolled back in';
  return { failedIn: failedIn.environment, andBack: `, ${how} ${listed(before)}, ${before.length === 1 ? 'a wave' : 'waves'} before it` };
}
