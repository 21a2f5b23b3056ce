import type { MigrateOutput, SlotMigration, UndoInput } from '../../contract';
import { knownRelease } from '../commands/known';
import { withContractFinished, withContractUndone, withContractUnfinished } from '../contracts/started-contracts';
import { ownsLock } from '../environment';
import { Conflict } from '../errors';
import { isCalled, undoNameOf } from '../migrations/migration';
import { advance } from '../migrations/run-next';
import { failureOf, MARGIN_MS, PAUSE_MS, type Run } from '../migrations/turn';
import type { EnvironmentState, Item, MigrationState, Outage, Release } from '../model';
import type { Ports } from '../ports';
import { step } from '../steps/step';
import { followToItsEnd } from './follow-to-its-end';
import { isSurelyOut } from './outage';

/**
 * Takes back what has started in an outage, the last one first, by what the release brings for that, each once and written ahead, however far the migration
 * itself has come; one whose call may still run is waited for. Where all of it is taken back, the version before understands the state again. Asks nobody:
 * it is a part of the way back.
 *
 * Answers `failed` where something cannot be taken back: users then stay without a version.
 */
export async function undo(ports: Ports, input: UndoInput): Promise<MigrateOutput> {
  const at = step.undo(input.environment);
  for (;;) {
    const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(input.environment)]);
    const run: Run = { kind: 'breaking', step: at, alongside: (name, what) => alongside(ports, input, name, what) };
    const name = state.outage?.started.at(-1);
    if (name === undefined) return { outcome: 'migrated' };
    const blocked = notNow(input, state);
    if (blocked !== undefined) return { outcome: 'failed', failure: failureOf({ task: input, release, run, migration: { name } }, blocked) };
    const output = await undoOne(ports, input, release, state, name, run).catch((error: unknown) => lostIt(error, input, release, run, name));
    if (output) return output;
  }
}

function notNow(input: UndoInput, state: EnvironmentState): string | undefined {
  if (!ownsLock(state, input)) return 'not taken back: the release does not hold the environment any more';
  if (isSurelyOut(state)) return undefined;
  return `not taken back: users may have a version, the weights are ${JSON.stringify(state.weights)}, or ${JSON.stringify(state.lock?.intended ?? {})}`;
}

async function undoOne(ports: Ports, input: UndoInput, release: Release, state: EnvironmentState, name: string, run: Run): Promise<MigrateOutput | undefined> {
  const { ledger, clock, remainingMilliseconds } = ports;
  const forward = await ledger.migration(input.environment, name);
  if (forward && isCalled(forward, clock.now())) {
    const failure = failureOf({ task: input, release, run, migration: { name } }, 'its call may still run');
    if (remainingMilliseconds() < PAUSE_MS + MARGIN_MS) return { outcome: 'migrating', failure };
    await clock.sleep(PAUSE_MS);
    return undefined;
  }
  const migration = state.slots[input.colour]?.migrations?.find((each) => each.name === name);
  if (migration && forward?.run) {
    const ends: Run['alongside'] = async (_name, _what, now) => [withContractFinished(await ledger.environment(input.environment), name, now)];
    return followToItsEnd(ports, input, release, migration, run.step, ends);
  }
  if (!migration?.undo) {
    return {
      outcome: 'failed',
      failure: failureOf({ task: input, release, run, migration: { name } }, 'not taken back: the release brings nothing that does it'),
    };
  }
  const back: SlotMigration = { ...migration, name: undoNameOf(name), runner: migration.undo };
  return advance(ports, input, release, back, run);
}

class NotOursAnyMore extends Error {}

function lostIt(error: unknown, input: UndoInput, release: Release, run: Run, name: string): MigrateOutput {
  if (!(error instanceof NotOursAnyMore)) throw error;
  return { outcome: 'failed', failure: failureOf({ task: input, release, run, migration: { name } }, error.message) };
}

/**
 * Along with the call go the environment and the migration: what is taken back half way has neither finished, nor goes on where it was. Along with the end
 * goes what older versions are to it.
 */
async function alongside({ ledger }: Ports, input: UndoInput, undoName: string, what: 'started' | 'finished'): Promise<readonly Item[]> {
  const state = await ledger.environment(input.environment);
  const name = state.outage?.started.find((each) => undoNameOf(each) === undoName);
  if (what === 'started') {
    const blocked = notNow(input, state);
    if (blocked !== undefined) throw new NotOursAnyMore(blocked);
    const migration = name === undefined ? undefined : await ledger.migration(input.environment, name);
    return [name === undefined ? state : withContractUnfinished(state, name), ...(migration ? [asUndone(migration)] : [])];
  }
  if (name === undefined || !state.outage) throw new Conflict(`${undoName} is over, and the outage of ${input.environment} does not know of it`);
  const forward = await ledger.migration(input.environment, name);
  const versions = [state.live, state.previous, state.previousTaken].flatMap((held) => held?.version ?? []);
  const before = await Promise.all(versions.map((version) => ledger.release(version)));
  const undone = withContractUndone(state, name, before);
  return [{ ...undone, outage: withUndone(state.outage, name, undone) }, ...(forward ? [asUndone(forward)] : [])];
}

function withUndone({ against: _before, ...outage }: Outage, name: string, { contracts, outage: was }: EnvironmentState): Outage {
  const started = outage.started.filter((each) => each !== name);
  // What is live understood none of them, or all: of those that are left, the first one is what it does not.
  const against = was?.against && contracts?.find((contract) => started.includes(contract.name));
  return { ...outage, started, ...(against && { against }) };
}

/** From when something began to take it back: it runs again from its beginning. */
function asUndone({ next: _left, failure: _why, ...forward }: MigrationState): MigrationState {
  return { ...forward, status: 'undone' };
}
