import type { Delivery, Release } from '../model';
import { ownMachineOf } from '../release/release';

/**
 * Who is submitted anew because a release has ended: those whose place it took as an emergency; and itself, where an emergency took its place, which may have
 * ended before. Whoever is asked looks whether both have. Nobody is where releases come by a machine of a team's own: the team's machine brings them.
 */
export function requeuedWith({ version, plan, evicted = [], aborted }: Release): Delivery[] {
  if (ownMachineOf(plan) !== undefined) return [];
  const own = aborted?.evicted && aborted.superseded !== undefined ? [{ release: version, after: aborted.superseded }] : [];
  return [...evicted.map((release) => ({ release, after: version })), ...own].map((requeue) => ({ to: 'submission', ...requeue }));
}
