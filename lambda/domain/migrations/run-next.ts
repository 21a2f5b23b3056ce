import type { DeclaredMigration, MigrateOutput, SlotMigration, SlotTaskInput } from '../../contract';
import { frozenFailure, frozenNow } from '../freezes/freeze';
import type { EnvironmentState, MigrationState, Release } from '../model';
import type { Ports } from '../ports';
import { callOf } from './call-function';
import { isOther, leftOf, ofKind } from './declared';
import { follow, startOf } from './follow-run';
import { contentTaken, isCalled } from './migration';
import { failureOf, MARGIN_MS, PAUSE_MS, type Run, type Step, type Turn } from './turn';

/**
 * One call of the next migration that is left, one look at its task or build, or one pause. The ledger knows of every call before it is made; one whose end
 * nobody recorded is waited for until it cannot run any more, and is then made again: a migration must be idempotent. What was started is found again instead.
 *
 * @returns how the task ends; undefined when there is more to do
 */
export async function runNext(ports: Ports, input: SlotTaskInput, release: Release, state: EnvironmentState, run: Run): Promise<MigrateOutput | undefined> {
  const migrations = ofKind(release.migrations, run.kind);
  const known = await statesOf(ports, migrations, input.environment);
  const fail = (name: string, actual: string): MigrateOutput => ({
    outcome: 'failed',
    failure: failureOf({ task: input, release, run, migration: { name } }, actual),
  });
  const taken = known.find((each) => migrations.some((migration) => isOther(migration, each)));
  if (taken) return fail(taken.name, contentTaken(taken, run.kind));
  const [left] = leftOf(migrations, known);
  if (!left) return { outcome: 'migrated' };
  const freeze = frozenNow(state, ports.clock.now());
  if (
    freeze &&
    !isUnderWay(
      input,
      known.find(({ name }) => name === left.name),
    )
  )
    return { outcome: 'failed', failure: frozenFailure(run.step, input, freeze) };
  const migration = state.slots[input.colour]?.migrations?.find(({ name }) => name === left.name);
  return migration
    ? advance(ports, input, release, migration, run)
    : fail(left.name, `slot ${input.colour} has nothing to run it by; submit the release again`);
}

/** Begun by this very execution: half of it done is worse than all of it. */
function isUnderWay({ execution }: SlotTaskInput, known: MigrationState | undefined): boolean {
  return known?.status === 'started' && known.execution === execution;
}

/**
 * The same for one migration, or for what takes it back.
 *
 * @returns how the task ends; undefined when there is more to do
 */
export async function advance(ports: Ports, input: SlotTaskInput, release: Release, migration: SlotMigration, run: Run): Promise<MigrateOutput | undefined> {
  const { ledger, clock, remainingMilliseconds } = ports;
  const stored = await ledger.migration(input.environment, migration.name);
  const turn: Turn = { ports, task: input, release, migration, run };
  const waits = stored !== undefined && isCalled(stored, clock.now());
  if (run.onlyFollows && !waits && !stored?.run) return undefined;
  const late = outOfTime(turn, stored, waits);
  if (late !== undefined) return { outcome: 'failed', failure: failureOf(turn, late) };
  const step = waits ? pause : stepOf(turn, stored);
  if (remainingMilliseconds() < step.milliseconds + MARGIN_MS) return { outcome: 'migrating', failure: failureOf(turn, notDone(stored)) };
  return step.take(turn, stored);
}

/** Why it is not gone on with in an outage; undefined where there is time, or nothing that limits it. */
function outOfTime({ ports: { clock }, run: { until }, migration: { runner } }: Turn, stored: MigrationState | undefined, waits: boolean): string | undefined {
  if (until === undefined) return undefined;
  const mayBegin = stored?.run === undefined || (stored.run.id === undefined && clock.now() >= stored.run.until);
  if (waits || !mayBegin) return clock.now() > until ? `not done, and the outage was to end at ${until}` : undefined;
  if (clock.later(runner.timeoutSeconds) <= until) return undefined;
  const what = runner.kind === 'lambda' ? 'a call' : 'it';
  return `not done, and the outage is to end at ${until}: no time is left for ${what}, which may take ${runner.timeoutSeconds} seconds`;
}

const pause: Step = {
  milliseconds: PAUSE_MS,
  take: async ({ ports: { clock } }) => {
    await clock.sleep(PAUSE_MS);
    return undefined;
  },
};

/** What was started is followed, whatever runs the migration by now. */
function stepOf({ migration: { runner } }: Turn, stored: MigrationState | undefined): Step {
  if (stored?.run) return follow(stored.run);
  return runner.kind === 'lambda' ? callOf(runner) : startOf(runner);
}

function notDone(stored: MigrationState | undefined): string {
  const { run, calls = 0 } = stored ?? {};
  return run ? `not done: ${run.id ?? run.name} is under way, until ${run.until} at most` : `not done, after ${calls} calls`;
}

/** What became of migrations in an environment, as far as anything has. */
export async function statesOf({ ledger }: Ports, declared: readonly DeclaredMigration[], environment: string): Promise<MigrationState[]> {
  const known = await Promise.all(declared.map(({ name }) => ledger.migration(environment, name)));
  return known.flatMap((state) => state ?? []);
}
