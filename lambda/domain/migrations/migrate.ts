import { type DeclaredMigration, type Failure, type MigrateOutput, migrationLogGroup, type SlotMigration, type SlotTaskInput } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { knownRelease } from '../commands/known';
import type { EnvironmentState, MigrationState, Release } from '../model';
import type { Ports } from '../ports';
import { planOf } from '../release/release';
import { mayGoOn } from '../steps/recheck';
import { step } from '../steps/step';
import { isOther, leftOf } from './declared';
import { type Answered, answeredBy, type Call, contentTaken, ended, isCalled, started, withoutAnswer } from './migration';

/** Left of the run when it answers `migrating`. */
const MARGIN_MS = 20_000;
/** From the end of a call's own time until nobody can be waiting for its answer any more. */
const AFTER_A_CALL_SECONDS = 30;
const PAUSE_MS = 5_000;

/**
 * Runs what the release brings and this environment has not had, one after the other, each until it says that it is done. The ledger knows of every
 * call before it is made; one whose end nobody recorded is waited for until it cannot run any more, and is then made again: a migration must be
 * idempotent. As long as one run may; the machine calls again until it has ended.
 */
export async function migrate(ports: Ports, input: SlotTaskInput): Promise<MigrateOutput> {
  for (;;) {
    const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(input.environment)]);
    const blocked = mayGoOn(step.migrate(input.environment), input, release, state);
    if (blocked) return { outcome: 'failed', failure: blocked };
    const { migrations = [] } = release;
    const known = await statesOf(ports, release, input.environment);
    const taken = known.find((each) => migrations.some((migration) => isOther(migration, each)));
    if (taken) return { outcome: 'failed', failure: failureOf(input, release, taken.name, contentTaken(taken)) };
    const [left] = leftOf(migrations, known);
    if (!left) return { outcome: 'migrated' };
    const migration = ofSlot(state, input, left.name);
    if (!migration)
      return { outcome: 'failed', failure: failureOf(input, release, left.name, `slot ${input.colour} has nothing to run it by; submit the release again`) };
    const output = await advance(ports, input, release, migration);
    if (output) return output;
  }
}

/** Those of a release's migrations that an environment has not had, in order. */
export async function migrationsLeft(ports: Ports, release: Release, environment: string): Promise<readonly DeclaredMigration[]> {
  return leftOf(release.migrations ?? [], await statesOf(ports, release, environment));
}

async function statesOf({ ledger }: Ports, { migrations = [] }: Release, environment: string): Promise<MigrationState[]> {
  const known = await Promise.all(migrations.map(({ name }) => ledger.migration(environment, name)));
  return known.flatMap((state) => state ?? []);
}

function ofSlot({ slots }: EnvironmentState, { colour }: SlotTaskInput, name: string): SlotMigration | undefined {
  return slots[colour]?.migrations?.find((migration) => migration.name === name);
}

/** One call of a migration, or one pause. @returns how the task ends; undefined when there is more to do */
async function advance(ports: Ports, input: SlotTaskInput, release: Release, migration: SlotMigration): Promise<MigrateOutput | undefined> {
  const { ledger, clock, remainingMilliseconds } = ports;
  const { timeoutSeconds } = migration.runner;
  const stored = await ledger.migration(input.environment, migration.name);
  const wait = stored !== undefined && isCalled(stored, clock.now());
  const needed = wait ? PAUSE_MS : (timeoutSeconds + AFTER_A_CALL_SECONDS) * 1_000;
  const nextRun = { outcome: 'migrating', failure: failureOf(input, release, migration.name, `not done, after ${stored?.calls ?? 0} calls`) } as const;
  if (remainingMilliseconds() < needed + MARGIN_MS) return nextRun;
  if (wait) {
    await clock.sleep(PAUSE_MS);
    return undefined;
  }
  const call: Call = { task: input, migration, owner: ports.uniqueName() };
  const { state, put, audit } = started(call, stored, clock.now(), clock.later(timeoutSeconds + AFTER_A_CALL_SECONDS));
  await ledger.commit({ put, audit });
  const answered = await answerTo(ports, call, release, state.next);
  const failure = failureOf(input, release, migration.name, answered.kind === 'wrong' ? answered.actual : '');
  await decideAgain(clock, async () => {
    await ledger.commit(ended(call, await ledger.migration(input.environment, migration.name), answered, failure, clock.now()));
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

function failureOf({ environment }: SlotTaskInput, release: Release, name: string, actual: string): Failure {
  const { path, account, region } = planOf(release, environment);
  return {
    step: step.migrate(environment),
    subject: `migration ${name}`,
    expected: 'done',
    actual,
    logs: `${migrationLogGroup(path, environment)} in ${account}, ${region}`,
  };
}
