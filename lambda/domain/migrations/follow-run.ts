import type { MigrateOutput, StartedRunner } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import type { MigrationRun, MigrationState } from '../model';
import type { Clock, MigrationLook } from '../ports';
import { planOf } from '../release/release';
import { type Answered, type Call, ended, outcomeOf, started, withoutAnswer } from './migration';
import { alongside, failureOf, PAUSE_MS, requestOf, type Step, type Turn } from './turn';

/** From writing a run down until nobody can be starting it any more. */
const STARTING_SECONDS = 60;

/** Starts a migration that is a task or a build. */
export function startOf(runner: StartedRunner): Step {
  return {
    milliseconds: STARTING_SECONDS * 1_000,
    take: (turn, stored) => {
      const { clock, uniqueName } = turn.ports;
      return start(turn, stored, { name: uniqueName(), runner, until: untilOf(runner, clock) });
    },
  };
}

/** Looks at what was started, by whom it may be; one whose start nobody has recorded is found by its name. */
export function follow(run: MigrationRun): Step {
  const { id } = run;
  if (id !== undefined) return { milliseconds: PAUSE_MS, take: (turn) => look(turn, run, id) };
  return { milliseconds: STARTING_SECONDS * 1_000, take: (turn, stored) => findAgain(turn, stored as MigrationState, run) };
}

async function start(turn: Turn, stored: MigrationState | undefined, run: MigrationRun): Promise<MigrateOutput | undefined> {
  const { ports, task, release, migration } = turn;
  const { ledger, clock } = ports;
  const call: Call = { task, migration, owner: ports.uniqueName() };
  const { put, audit } = started(call, stored, clock.now(), clock.later(STARTING_SECONDS), run);
  await decideAgain(clock, async () => ledger.commit({ put: [...put, ...(await alongside(turn, 'started'))], audit }));
  const begun = await ports.migrations.start(planOf(release, task.environment), run, requestOf(turn, release));
  ports.log.info('migration started', { release: release.version, environment: task.environment, migration: migration.name, run: run.name, ...begun });
  if ('id' in begun) {
    await record(turn, run, begun.id);
    return undefined;
  }
  const answered = withoutAnswer(begun.error);
  const failure = failureOf(turn, answered.actual);
  await decideAgain(clock, async () => ledger.commit(ended(call, await ledger.migration(task.environment, migration.name), answered, failure, clock.now())));
  return { outcome: 'failed', failure };
}

/** Who started it died before it was recorded; it may run. */
async function findAgain(turn: Turn, stored: MigrationState, run: MigrationRun): Promise<MigrateOutput | undefined> {
  const { ports, task, release, migration } = turn;
  const id = await ports.migrations.find(planOf(release, task.environment), run);
  if (id !== undefined) {
    await record(turn, run, id);
    return undefined;
  }
  // By the same name, a run that nobody sees and that is there all the same is that one.
  const isSame = stored.release === release.version && JSON.stringify(run.runner) === JSON.stringify(migration.runner);
  if (isSame && !turn.run.onlyFollows) return start(turn, stored, inTime(run, ports.clock));
  const { run: _never, ...rest } = stored;
  await ports.ledger.commit({ put: [rest], audit: [] });
  ports.log.info('migration was never started', { environment: task.environment, migration: migration.name, run: run.name });
  return undefined;
}

/** From when on it is stopped, if it is started now. */
function untilOf({ timeoutSeconds }: StartedRunner, clock: Clock): string {
  return clock.later(STARTING_SECONDS + timeoutSeconds);
}

/** One that begins only now has all of its time. */
function inTime(run: MigrationRun, clock: Clock): MigrationRun {
  return clock.now() < run.until ? run : { ...run, until: untilOf(run.runner, clock) };
}

/** Under way, by its service's own id: nobody is starting it any more. */
async function record({ ports: { ledger, clock }, task, migration }: Turn, run: MigrationRun, id: string): Promise<void> {
  await decideAgain(clock, async () => {
    const stored = await ledger.migration(task.environment, migration.name);
    if (stored?.run?.name !== run.name || stored.run.id !== undefined) return;
    const { call: _over, ...rest } = stored;
    await ledger.commit({ put: [{ ...rest, run: { ...stored.run, id } }], audit: [] });
  });
}

async function look(turn: Turn, run: MigrationRun, id: string): Promise<MigrateOutput | undefined> {
  const { ports, task, release } = turn;
  const { clock, migrations } = ports;
  const plan = planOf(release, task.environment);
  const found = await migrations.look(plan, run.runner, id);
  const isLate = clock.now() >= run.until;
  if (found.state === 'running' && isLate) await migrations.stop(plan, run.runner, id, tooLong(run));
  if (found.state === 'running' || (found.state === 'gone' && !isLate)) {
    await clock.sleep(PAUSE_MS);
    return undefined;
  }
  return end(turn, run, answeredIn(found, id));
}

function answeredIn(found: MigrationLook, id: string): Answered {
  if (found.state === 'done') return { kind: 'finished', said: found.said };
  if (found.state === 'failed') return withoutAnswer(found.reason, found.logs);
  return withoutAnswer(`${id} is not to be found any more, and nobody has seen how it ended`);
}

function tooLong({ runner }: MigrationRun): string {
  return `path-to-live: it took longer than its ${runner.timeoutSeconds} seconds`;
}

/** Records it as what it was: of a content that was replaced meanwhile, it is not this release's failure. */
async function end(turn: Turn, run: MigrationRun, answered: Answered): Promise<MigrateOutput | undefined> {
  const { ports, task, release, migration } = turn;
  const { ledger, clock } = ports;
  const failure = failureOf(turn, answered.kind === 'wrong' ? answered.actual : '', answered.kind === 'wrong' ? answered.logs : undefined);
  const before = await decideAgain(clock, async () => {
    const stored = await ledger.migration(task.environment, migration.name);
    // Somebody else follows it, too, and was quicker.
    if (stored?.run?.name !== run.name) return stored;
    const change = outcomeOf(task, stored, answered, failure, clock.now());
    await ledger.commit(answered.kind === 'finished' ? { ...change, put: [...change.put, ...(await alongside(turn, 'finished'))] } : change);
    return stored;
  });
  ports.log.info('migration ended', {
    release: release.version,
    environment: task.environment,
    migration: migration.name,
    run: run.name,
    ended: answered.kind,
  });
  return answered.kind === 'wrong' && before?.content === migration.content ? { outcome: 'failed', failure } : undefined;
}
