import { listed } from '../../contract';
import type { EnvironmentState, Release } from '../model';
import type { Ports } from '../ports';
import { isLiveIn, statusInWords } from '../release/release';
import { isOriginal } from '../traffic/original';
import { toRollBack } from '../waves/moved';
import type { Finding } from './finding';
import type { EndedLook } from './look';

/** A release that has ended without going live in all of its waves, is live in some, and whose machine has ended, too: it takes nothing back any more. */
interface WavesLeft {
  readonly release: Release;
  /** Newest first. */
  readonly waves: readonly string[];
  readonly ended: EndedLook;
}

/** @param states of every environment of the path */
export async function wavesLeft({ ledger, machines }: Ports, states: readonly EnvironmentState[]): Promise<WavesLeft[]> {
  const versions = new Set(states.flatMap(({ live }) => (live && !isOriginal(live) ? [live.version] : [])));
  const releases = await Promise.all([...versions].map((version) => ledger.release(version)));
  const looked = await Promise.all(
    releases.map(async (release) => {
      if (!release || release.status === 'submitted') return [];
      const waves = toRollBack(release).filter((wave) => states.some((state) => state.environment === wave && isLiveIn(state, release)));
      const ended = waves.length > 0 ? await machines.ended(release.execution) : undefined;
      return ended ? [{ release, waves, ended }] : [];
    }),
  );
  return looked.flat();
}

/** One for the release, of the newest wave that is looked at: recovering any of them takes all of them back. */
export function wavesLeftFinding({ release, waves, ended }: WavesLeft, isLooked: (environment: string) => boolean): Finding | undefined {
  const environment = waves.find(isLooked);
  if (environment === undefined) return undefined;
  const place = release.plan.find((plan) => plan.environment === environment)?.wave?.of;
  return {
    kind: 'wavesLeft',
    environment,
    subject: `release ${release.version} in the waves of ${place}`,
    expected: `live in all of them, or, as it is ${statusInWords(release)}, in none that it has moved`,
    actual: `live in ${listed(waves)}, and ${release.execution}, which was to take it back there, has ended: ${ended.how}`,
    ...(ended.at !== undefined && { since: ended.at }),
    by: 'recover',
    remedy: `roll it back in ${listed(waves)}, newest first, to what was live before`,
  };
}
