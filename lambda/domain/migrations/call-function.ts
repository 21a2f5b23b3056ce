import type { FunctionRunner, MigrateOutput } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import type { MigrationState } from '../model';
import { planOf } from '../release/release';
import { type Answered, answeredBy, type Call, ended, started, withoutAnswer } from './migration';
import { alongside, failureOf, requestOf, type Step, type Turn } from './turn';

/** From the end of a call's own time until nobody can be waiting for its answer any more. */
const AFTER_A_CALL_SECONDS = 30;

/** One call of a migration that is a function. */
export function callOf(runner: FunctionRunner): Step {
  const seconds = runner.timeoutSeconds + AFTER_A_CALL_SECONDS;
  return { milliseconds: seconds * 1_000, take: (turn, stored) => call(turn, stored, runner, seconds) };
}

async function call(turn: Turn, stored: MigrationState | undefined, runner: FunctionRunner, seconds: number): Promise<MigrateOutput | undefined> {
  const { ports, task, release, migration } = turn;
  const { ledger, clock } = ports;
  const made: Call = { task, migration, owner: ports.uniqueName() };
  const { state, put, audit } = started(made, stored, clock.now(), clock.later(seconds));
  await decideAgain(clock, async () => ledger.commit({ put: [...put, ...(await alongside(turn, 'started'))], audit }));
  const answered = await answerTo(turn, runner, state.next);
  const failure = failureOf(turn, answered.kind === 'wrong' ? answered.actual : '');
  await decideAgain(clock, async () => {
    const change = ended(made, await ledger.migration(task.environment, migration.name), answered, failure, clock.now());
    await ledger.commit(answered.kind === 'finished' ? { ...change, put: [...change.put, ...(await alongside(turn, 'finished'))] } : change);
  });
  ports.log.info('migration called', {
    release: release.version,
    environment: task.environment,
    migration: migration.name,
    calls: state.calls,
    answered: answered.kind,
  });
  return answered.kind === 'wrong' ? { outcome: 'failed', failure } : undefined;
}

async function answerTo(turn: Turn, runner: FunctionRunner, next: string | undefined): Promise<Answered> {
  const { ports, task, release } = turn;
  const found = await ports.migrations.call(planOf(release, task.environment), runner, requestOf(turn, release, next));
  return 'error' in found ? withoutAnswer(found.error) : answeredBy(found.answer);
}
