import type { MigrateOutput, SlotMigration, SlotTaskInput } from '../../contract';
import { isCalled, undoNameOf } from '../migrations/migration';
import { advance } from '../migrations/run-next';
import type { Run } from '../migrations/turn';
import type { EnvironmentState, Release } from '../model';
import type { Ports } from '../ports';

/**
 * Waits for a call that may still be made, or follows a task or a build, and begins nothing: what changes the same state begins when that is over, however it ends.
 *
 * @param alongside what is recorded with the end of one that finishes
 * @returns how the task ends; undefined when there is more to do
 */
export async function followToItsEnd(
  ports: Ports,
  input: SlotTaskInput,
  release: Release,
  migration: SlotMigration,
  step: string,
  alongside?: Run['alongside'],
): Promise<MigrateOutput | undefined> {
  const followed = await advance(ports, input, release, migration, { kind: 'breaking', step, onlyFollows: true, alongside });
  return followed?.outcome === 'migrating' ? followed : undefined;
}

/** What takes back, for a release whose machine has died, what the next one is about to run. */
export async function undoUnderWay(
  { ledger, clock }: Ports,
  { environment, colour }: SlotTaskInput,
  state: EnvironmentState,
): Promise<SlotMigration | undefined> {
  for (const name of state.outage?.started ?? []) {
    const stored = await ledger.migration(environment, undoNameOf(name));
    const migration = state.slots[colour]?.migrations?.find((each) => each.name === name);
    if (stored && migration && (stored.run || isCalled(stored, clock.now()))) return { ...migration, name: stored.name };
  }
  return undefined;
}
