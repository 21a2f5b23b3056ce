import type { ReasonBody } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { voidGate, waits } from '../gates/gate';
import { rolledBackAt, toToken } from '../gates/gate-opening';
import type { Ports } from '../ports';

/**
 * Nobody is asked any more about the contract of a version that was rolled back, and the machine that waits for them is told: it ends quietly. One that
 * people have agreed to meanwhile stops by itself, with a ticket. Asked again, there is nothing left to do.
 */
export async function stopAsking({ ledger, clock }: Ports, who: string, environment: string, { reason }: ReasonBody): Promise<void> {
  await decideAgain(clock, async () => {
    const state = await ledger.environment(environment);
    const { contracting, ...rest } = state;
    if (!contracting || state.lock || state.live?.version === contracting.release) return;
    const { release, execution, migrations, by } = contracting;
    const gate = await ledger.gate(release, environment, 'contract');
    if (!gate || !waits(gate) || gate.execution !== execution) return;
    const failure = rolledBackAt(gate, who, reason);
    const detail = { migrations: migrations.map(({ name }) => name), by, failure };
    await ledger.commit({
      put: [rest, voidGate(gate)],
      audit: [{ at: clock.now(), what: 'ContractStopped', release, environment, who, why: reason.trim(), detail }],
      deliver: [toToken(gate.token, { outcome: 'refused', failure })],
    });
  });
}
