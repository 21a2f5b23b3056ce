import type { DeclaredMigration, MigrateOutput, MigrationKind, SlotTaskInput } from '../../contract';
import { knownRelease } from '../commands/known';
import type { EnvironmentState, Release } from '../model';
import type { Ports } from '../ports';
import { mayGoOn } from '../steps/recheck';
import { step } from '../steps/step';
import { leftOf, ofKind } from './declared';
import { runNext, statesOf } from './run-next';

/**
 * Runs what the release brings to expand the shared state and this environment has not had, one after the other, each until it says that it is done. As
 * long as one run may; the machine calls again until all have ended.
 */
export async function migrate(ports: Ports, input: SlotTaskInput): Promise<MigrateOutput> {
  const at = step.migrate(input.environment);
  for (;;) {
    const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(input.environment)]);
    const blocked = mayGoOn(at, input, release, state);
    if (blocked) return { outcome: 'failed', failure: blocked };
    const output = await runNext(ports, input, release, state, { kind: 'expand', step: at });
    if (output?.outcome === 'migrated' && (await needsOutage(ports, release, state))) return { ...output, outage: true };
    if (output) return output;
  }
}

/** Whether it takes users out of every slot to go on: it brings what breaks the live version, or users are out already. */
export async function needsOutage(ports: Ports, release: Release, { environment, outage }: EnvironmentState): Promise<boolean> {
  return outage !== undefined || (await migrationsLeft(ports, release, environment, 'breaking')).length > 0;
}

/** Those of a release's migrations of one kind that an environment has not had, in order. */
export async function migrationsLeft(ports: Ports, release: Release, environment: string, kind: MigrationKind): Promise<readonly DeclaredMigration[]> {
  const declared = ofKind(release.migrations, kind);
  return leftOf(declared, await statesOf(ports, declared, environment));
}
