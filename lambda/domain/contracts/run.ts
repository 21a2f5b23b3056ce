import type { Failure, MigrateOutput, RunContractInput } from '../../contract';
import { eventOf } from '../audit';
import { decideAgain } from '../commands/decide-again';
import { knownRelease } from '../commands/known';
import { ownsLock, unlocked } from '../environment';
import { migrationsLeft } from '../migrations/migrate';
import { runNext } from '../migrations/run-next';
import type { Run } from '../migrations/turn';
import type { EnvironmentState, Item } from '../model';
import type { Ports } from '../ports';
import { step } from '../steps/step';
import { withContractFinished, withContractStarted } from './started-contracts';

/**
 * Runs what the live release brings to contract the shared state, with the same care as what expands it, and frees the environment. Once one has started
 * older versions are no targets any more, whatever becomes of it. Asked again after its end, it finds nothing to do.
 */
export async function runContract(ports: Ports, input: RunContractInput): Promise<MigrateOutput> {
  const { environment } = input;
  const run: Run = { kind: 'contract', step: step.contract(environment), alongside: (name, what, now) => alongside(ports, input, name, what, now) };
  for (;;) {
    const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(environment)]);
    const left = await migrationsLeft(ports, release, environment, 'contract');
    if (!ownsLock(state, input)) return left.length === 0 ? { outcome: 'migrated' } : { outcome: 'failed', failure: lockLost(input, state) };
    if (left.length === 0) {
      await finish(ports, input);
      return { outcome: 'migrated' };
    }
    const output = await runNext(ports, input, release, state, run).catch(lostLock);
    if (output) return output;
  }
}

/** The lock went while a call was about to be recorded: it is recorded nowhere, and made by nobody. No Conflict: deciding again would find it gone again. */
class LockLost extends Error {
  constructor(readonly failure: Failure) {
    super(failure.actual);
  }
}

function lostLock(error: unknown): MigrateOutput {
  if (error instanceof LockLost) return { outcome: 'failed', failure: error.failure };
  throw error;
}

/**
 * The environment as it is when one is called, and when it finishes. It goes along with every call, unchanged where one has started before: of a call and
 * the loss of its lock one sees the other.
 *
 * @throws LockLost when a call would be made without the lock
 */
async function alongside({ ledger }: Ports, input: RunContractInput, name: string, what: 'started' | 'finished', now: string): Promise<readonly Item[]> {
  const state = await ledger.environment(input.environment);
  if (what === 'finished') return [withContractFinished(state, name, now)];
  if (!ownsLock(state, input)) throw new LockLost(lockLost(input, state));
  if (state.contracts?.some((contract) => contract.name === name)) return [state];
  const versions = [state.previous, state.previousTaken].flatMap((held) => held?.version ?? []);
  const before = await Promise.all(versions.map((version) => ledger.release(version)));
  return [withContractStarted(state, { name, release: input.release, startedAt: now }, before)];
}

async function finish({ ledger, clock, log }: Ports, input: RunContractInput): Promise<void> {
  await decideAgain(clock, async () => {
    const state = await ledger.environment(input.environment);
    if (!ownsLock(state, input)) return;
    const { contracting, ...rest } = unlocked(state);
    const detail = { colour: input.colour, migrations: contracting?.migrations.map(({ name }) => name) ?? [], by: contracting?.by ?? null };
    await ledger.commit({ put: [rest], audit: [eventOf(input, clock.now(), 'ContractFinished', detail)] });
  });
  log.info('contract finished', { release: input.release, environment: input.environment });
}

function lockLost({ environment, execution }: RunContractInput, { lock }: EnvironmentState): Failure {
  const actual = lock ? `release ${lock.release} has held it since ${lock.since}, by ${lock.execution}` : 'nobody holds it';
  return { step: step.contract(environment), subject: `the lock of ${environment}`, expected: 'held for this contract', actual, logs: execution };
}
