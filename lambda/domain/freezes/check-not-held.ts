import { shadowColour } from '../environment';
import type { Gate, Release } from '../model';
import type { Ports } from '../ports';
import { planOf } from '../release/release';
import { heldByFreeze } from './behind-a-freeze';

/** @throws Refused `Frozen` when what waits at the gate would be sent on into a freeze, see {@link heldByFreeze} */
export async function checkNotHeld({ ledger }: Pick<Ports, 'ledger'>, release: Release, gate: Gate, now: string): Promise<void> {
  const plan = planOf(release, gate.environment);
  const state = await ledger.environment(gate.environment);
  const held = heldByFreeze(gate, plan, state, shadowColour(plan, state), now);
  if (held) throw held;
}
