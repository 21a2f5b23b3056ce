import type { EnvironmentState, Gate, Release } from '../model';
import type { Ports } from '../ports';
import type { Other } from './take-place';

/** The releases that are concerned where one comes to an environment and could take the place of another: empty where that cannot be. */
export async function othersIn({ ledger }: Pick<Ports, 'ledger'>, release: Release | undefined, state: EnvironmentState): Promise<Other[]> {
  const { environment, lock, waiting = [] } = state;
  const plan = release?.plan.find((each) => each.environment === environment);
  if (!release || (!plan?.concurrency && release.emergency === undefined)) return [];
  const versions = new Set([release.version, ...(lock && !lock.contract ? [lock.release] : []), ...waiting.map((each) => each.release)]);
  const found = await Promise.all([...versions].map((version) => otherOf(ledger, version, environment)));
  return found.flatMap((each) => each ?? []);
}

async function otherOf(ledger: Ports['ledger'], version: string, environment: string): Promise<Other | undefined> {
  const kinds = ['firebreak', 'rollBackTarget', 'goNoGo', 'pause', 'inconclusive'] as const;
  const [release, ...gates] = await Promise.all([ledger.release(version), ...kinds.map((kind) => ledger.gate(version, environment, kind))]);
  return release && { release, gates: gates.filter((gate): gate is Gate => gate !== undefined) };
}
