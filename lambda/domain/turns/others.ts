import type { EnvironmentState, Gate, Release } from '../model';
import type { Ports } from '../ports';
import type { Other } from './take-place';

/** The releases that are concerned where one comes to an environment and could take the place of another: empty where that cannot be. */
export async function othersIn({ ledger }: Pick<Ports, 'ledger'>, release: Release | undefined, state: EnvironmentState): Promise<Other[]> {
  const { environment, lock, waiting = [] } = state;
  const plan = release?.plan.find((each) => each.environment === environment);
  if (!release || (!plan?.concurrency && release.emergency === undefined) || (!lock && waiting.length === 0)) return [];
  const versions = new Set([...(lock && !lock.contract ? [lock.release] : []), ...waiting.map((each) => each.release)]);
  versions.delete(release.version);
  const found = await Promise.all([release, ...versions].map((each) => otherOf(ledger, each, environment)));
  return found.flatMap((each) => each ?? []);
}

/** @param known a release, or the version of one */
async function otherOf(ledger: Ports['ledger'], known: Release | string, environment: string): Promise<Other | undefined> {
  const kinds = ['firebreak', 'rollBackTarget', 'goNoGo', 'pause', 'inconclusive'] as const;
  const version = typeof known === 'string' ? known : known.version;
  const [release, ...gates] = await Promise.all([
    typeof known === 'string' ? ledger.release(known) : known,
    ...kinds.map((kind) => ledger.gate(version, environment, kind)),
  ]);
  return release && { release, gates: gates.filter((gate): gate is Gate => gate !== undefined) };
}
