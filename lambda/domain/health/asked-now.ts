import type { EnvironmentState, Gate } from '../model';
import type { Ports } from '../ports';
import { waitingBake } from './bake';

/** The gate at which people are asked whether the release that has traffic here goes on; undefined when they are not. */
export async function askedNow({ ledger }: Pick<Ports, 'ledger'>, state: EnvironmentState): Promise<Gate | undefined> {
  const bake = waitingBake(state);
  return bake?.asks && ledger.gate(bake.release, state.environment, bake.asks);
}
