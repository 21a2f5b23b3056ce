import {
  type DeclaredMigration,
  type Failure,
  type MigrateOutput,
  type MigrationKind,
  migrationLogGroup,
  type SlotMigration,
  type SlotTaskInput,
} from '../../contract';
import { decideAgain } from '../commands/decide-again';
import type { EnvironmentState, Item, MigrationState, Release } from '../model';
import type { Ports } from '../ports';
import { planOf } from '../release/release';
import { isOther, leftOf, ofKind } from './declared';
import { type Answered, answeredBy, type Call, contentTaken, ended, isCalled, started, withoutAnswer } from './migration';

/** Left of the run when it answers `migrating`. */
const MARGIN_MS = 20_000;
/** From the end of a call's own time until nobody can be waiting for its answer any more. */
const AFTER_A_CALL_SECONDS = 30;
const PAUSE_MS = 5_000;

/** Which of a release's migrations are run, and as which step of it. */
export interface Run {
  readonly kind: MigrationKind;
  /** The state a release manager reads. */
  readonly step: string;
  /** What is recorded in the same transaction in which a migration starts, and in which it finishes; nothing, for most. */
  readonly alongside?: (name: string, what: 'started' | 'finished', now: string) => Promise<readonly Item[]>;
}

/**
 * One call of the next migration that is left, or one pause. The ledger knows of every call before it is made; one whose end nobody recorded is waited
 * for until it cannot run any more, and is then made again: a migration must be idempotent.
 *
 * @returns how the task ends; undefined when there is more to do
 */
export async function runNext(ports: Ports, input: SlotTaskInput, release: Release, state: EnvironmentState, run: Run): Promise<MigrateOutput | undefined> {
  const migrations = ofKind(release.migrations, run.kind);
  const known = await statesOf(ports, migrations, input.environment);
  const fail = (name: string, actual: string): MigrateOutput => ({ outcome: 'failed', failure: failureOf(input, release, run, name, actual) });
  const taken = known.find((each) => migrations.some((migration) => isOther(migration, each)));
  if (taken) return fail(taken.name, contentTaken(taken, run.kind));
  const [left] = leftOf(migrations, known);
  if (!left) return { outcome: 'migrated' };
  const migration = state.slots[input.colour]?.migrations?.find(({ name }) => name === left.name);
  return migration
    ? advance(ports, input, release, migration, run)
    : fail(left.name, `slot ${input.colour} has nothing to run it by; submit the release again`);
}

async function advance(ports: Ports, input: SlotTaskInput, release: Release, migration: SlotMigration, run: Run): Promise<MigrateOutput | undefined> {
  const { ledger, clock, remainingMilliseconds } = ports;
  const { timeoutSeconds } = migration.runner;
  const stored = await ledger.migration(input.environment, migration.name);
  const wait = stored !== undefined && isCalled(stored, clock.now());
  const needed = wait ? PAUSE_MS : (timeoutSeconds + AFTER_A_CALL_SECONDS) * 1_000;
  const nextRun = { outcome: 'migrating', failure: failureOf(input, release, run, migration.name, `not done, after ${stored?.calls ?? 0} calls`) } as const;
  if (remainingMilliseconds() < needed + MARGIN_MS) return nextRun;
  if (wait) {
    await clock.sleep(PAUSE_MS);
    return undefined;
  }
  const call: Call = { task: input, migration, owner: ports.uniqueName() };
  const alongside = async (what: 'started' | 'finished') => (await run.alongside?.(migration.name, what, clock.now())) ?? [];
  const { state, put, audit } = started(call, stored, clock.now(), clock.later(timeoutSeconds + AFTER_A_CALL_SECONDS));
  await decideAgain(clock, async () => ledger.commit({ put: [...put, ...(await alongside('started'))], audit }));
  const answered = await answerTo(ports, call, release, state.next);
  const failure = failureOf(input, release, run, migration.name, answered.kind === 'wrong' ? answered.actual : '');
  await decideAgain(clock, async () => {
    const change = ended(call, await ledger.migration(input.environment, migration.name), answered, failure, clock.now());
    await ledger.commit(answered.kind === 'finished' ? { ...change, put: [...change.put, ...(await alongside('finished'))] } : change);
  });
  ports.log.info('migration called', {
    release: release.version,
    environment: input.environment,
    migration: migration.name,
    calls: state.calls,
    answered: answered.kind,
  });
  return answered.kind === 'wrong' ? { outcome: 'failed', failure } : undefined;
}

async function answerTo({ migrations }: Ports, { task, migration }: Call, release: Release, next: string | undefined): Promise<Answered> {
  const request = {
    migration: migration.name,
    release: release.version,
    environment: task.environment,
    ...(next !== undefined && { next: JSON.parse(next) as unknown }),
  };
  const found = await migrations.call(planOf(release, task.environment), migration.runner, request);
  return 'error' in found ? withoutAnswer(found.error) : answeredBy(found.answer);
}

function failureOf({ environment }: SlotTaskInput, release: Release, run: Run, name: string, actual: string): Failure {
  const { path, account, region } = planOf(release, environment);
  const logs = `${migrationLogGroup(path, environment)} in ${account}, ${region}`;
  return { step: run.step, subject: `migration ${name}`, expected: 'done', actual, logs };
}

/** What became of migrations in an environment, as far as anything has. */
export async function statesOf({ ledger }: Ports, declared: readonly DeclaredMigration[], environment: string): Promise<MigrationState[]> {
  const known = await Promise.all(declared.map(({ name }) => ledger.migration(environment, name)));
  return known.flatMap((state) => state ?? []);
}
