import type { SlotPlan } from '../../../lambda/contract';
import type { Attempt } from './attempts';
import type { World } from './world';

/** Longer than from the look at the alarms to the write, whatever happens to either. */
const UNSEEN_MS = 120_000;

/**
 * An alarm that fires in a slot which is to have more users, and has for so long that whoever gives them has seen it; not one that has fired since before a
 * fix-forward, without a break.
 *
 * @param since when the release has had users there; now where it has none yet
 */
export function firingUnder(world: World, { stackName }: SlotPlan, attempt: Attempt, since: number): string | undefined {
  const { alarms, timeline, jumpedAt } = world;
  const isForward = attempt.body.fixForward !== undefined;
  return world.alarmsOf(stackName).find((alarm) => {
    const fires = alarms.since(alarm);
    if (fires === undefined || timeline.now - Math.max(Date.parse(fires), jumpedAt) < UNSEEN_MS) return false;
    return !(isForward && world.incident.isShared(alarm) && Date.parse(fires) <= since);
  });
}
