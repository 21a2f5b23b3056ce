import type { SlotTaskInput } from '../contract';
import { migrate as run } from '../domain/migrations/migrate';
import type { Ports } from '../domain/ports';
import { ledger, migrations, task } from './wiring';

/** Runs what a release brings for the shared state of an environment. */
export function migrate(ports: Ports) {
  return (input: SlotTaskInput) => run(ports, input);
}

export const handler = task(migrate, { ledger, migrations });
