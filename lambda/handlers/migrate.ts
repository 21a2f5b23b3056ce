import type { RunContractInput, SlotTaskInput } from '../contract';
import { runContract } from '../domain/contracts/run';
import { migrate as run } from '../domain/migrations/migrate';
import type { Ports } from '../domain/ports';
import { ledger, migrations, task } from './wiring';

/** Runs what a release brings for the shared state of an environment: what expands it, or, when that was asked for, what contracts it. */
export function migrate(ports: Ports) {
  return (input: SlotTaskInput | RunContractInput) => ('contract' in input ? runContract(ports, input) : run(ports, input));
}

export const handler = task(migrate, { ledger, migrations });
