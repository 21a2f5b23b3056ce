import type { MigrateInOutageInput, RunContractInput, SlotTaskInput, UndoInput } from '../contract';
import { runContract } from '../domain/contracts/run';
import { migrate as run } from '../domain/migrations/migrate';
import { migrateInOutage } from '../domain/outage/migrate-in-outage';
import { undo } from '../domain/outage/undo';
import type { Ports } from '../domain/ports';
import { ledger, migrations, task } from './wiring';

/**
 * Runs what a release brings for the shared state of an environment: what expands it; what breaks the live version, in an outage, or takes that back; or, when
 * that was asked for, what contracts it.
 */
export function migrate(ports: Ports) {
  return (input: SlotTaskInput | RunContractInput | MigrateInOutageInput | UndoInput) => {
    if ('contract' in input) return runContract(ports, input);
    if ('outage' in input) return input.outage === 'migrates' ? migrateInOutage(ports, input) : undo(ports, input);
    return run(ports, input);
  };
}

export const handler = task(migrate, { ledger, migrations });
