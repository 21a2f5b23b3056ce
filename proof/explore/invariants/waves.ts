/** What must hold of a release that goes through waves, by what the exploration has seen of it: in which it went live, by which execution. */
import type { Release } from '../../../lambda/domain/model';
import { ENVIRONMENTS } from '../path';
import { alarmOf } from '../world/ports';
import type { Broken } from '../world/run';
import { nameOf, of, type World } from '../world/world';

/** Where everything rests: a wave with a release that failed behind it. Where there is nothing to go back to, or that could not serve, a ticket says so. */
export function leftInWave(world: World): Broken[] {
  const found = halfWay(world);
  if (!found) return [];
  const { environment, version, takenBy, isTold } = found;
  if (isTold && takenBy === undefined) return [];
  const why = takenBy === undefined ? 'nothing says that it stays' : `${takenBy} has the slot that it goes back to`;
  return [{ invariant: 'waves', found: `${version} is live in ${environment}, did not come through the later waves, and ${why}` }];
}

/** The release that waits for its bake, or for people, in a later wave, although this alarm is of one that it went live in. */
export function waitsDespite(world: World, alarm: string): string | undefined {
  const found = halfWay(world);
  const { bake, lock } = of.environment(world, ENVIRONMENTS[1] as string);
  if (!found || !bake || bake.readAt !== undefined || bake.release !== found.version || !lock?.shifted) return undefined;
  return alarm === alarmOf(found.environment, found.colour) ? found.version : undefined;
}

/** What is live in the first wave, and came there by an attempt that has not come through the other one. */
function halfWay(world: World) {
  const [environment, later] = ENVIRONMENTS as [string, string];
  if (!of.waves(world)) return undefined;
  const { live, previousTaken } = of.environment(world, environment);
  const release: Release | undefined = live && of.release(world, live.version);
  if (!live || !release) return undefined;
  const came = (place: string) => of.memory(world, place).came?.includes(`${nameOf(release.execution)}-${place}`) ?? false;
  // Where it is live in the later one from an attempt before, it comes by there.
  if (!came(environment) || came(later) || of.environment(world, later).live?.version === live.version) return undefined;
  const audit = of.audit(world, release.version);
  const since = audit.slice(audit.map(({ what }) => what).lastIndexOf('ReleaseSubmitted') + 1);
  const isTold = since.some(({ what, environment: where }) => what === 'TicketRaised' && where === environment);
  return { environment, version: live.version, colour: live.colour, takenBy: previousTaken?.rolledBack ? undefined : previousTaken?.by, isTold };
}
