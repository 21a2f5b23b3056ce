import { LEASE_SECONDS } from '../../contract';
import { eventOf, recorded } from '../audit';
import { decideAgain } from '../commands/decide-again';
import { stopContract } from '../contracts/stop-contract';
import { Retry } from '../errors';
import type { Lock, Release } from '../model';
import type { Ports } from '../ports';
import { isOfCurrentAttempt } from '../release/release';
import { stopRelease } from '../steps/stop-release';
import { isLeased } from '../traffic/lease';
import { withoutWaiting } from '../turns/waiting';
import { type EndedExecution, endOf } from './ended-execution';

const PAUSE_MS = 5_000;
const PAUSES = Math.ceil((LEASE_SECONDS * 1000) / PAUSE_MS) + 1;

/**
 * Brings an environment whose machine died back to its last accepted target, frees it, and raises the ticket. A writer that is still
 * running, which stopping a machine does not stop, is waited for first: it ends, or its lease does. A contract that died moved no traffic: it is stopped.
 *
 * @returns whether the execution held the environment; when not, nothing was done
 * @throws Retry when the writer could not act: whoever called tries again
 */
export async function rescueEnvironment(ports: Ports, ended: EndedExecution, environment: string): Promise<boolean> {
  return decideAgain(ports.clock, async () => {
    // Read before the environment: a function that lets it in meanwhile changes both, and is found by one of them.
    const release = ended.release === undefined ? undefined : await ports.ledger.release(ended.release);
    const { contracting } = await ports.ledger.environment(environment);
    if (contracting?.execution === ended.execution) {
      const input = endOf(ended, environment, contracting.release);
      await acted(ports, input, (await stopContract(ports, { ...input, contract: 'stops' })).outcome);
      return true;
    }
    const lock = await quietLock(ports, ended, environment);
    if (!lock) {
      await leaveQueue(ports, ended, environment);
      if (release) await keepReleaseOut(ports, ended, environment, release);
      return false;
    }
    const input = endOf(ended, environment, lock.release);
    const { outcome } = lock.shifted ? await ports.machines.rollBack(input) : await stopRelease(ports, input);
    await acted(ports, input, outcome);
    return true;
  });
}

/**
 * The execution died before the environment was its release's. The function that lets releases in may be at it all the same, which stopping a machine does
 * not stop: it finds the release aborted, instead of locking the environment for nobody.
 */
async function keepReleaseOut({ ledger, clock, log }: Ports, { execution, how }: EndedExecution, environment: string, release: Release): Promise<void> {
  const { version } = release;
  const isOnItsWay = release.status === 'submitted' && release.aborted === undefined && release.reached[environment] === undefined;
  // Of the path's own machine: its release is closed, which is enough.
  const isItsMachine = execution !== release.execution && isOfCurrentAttempt(release, { environment, release: version, execution });
  if (!isOnItsWay || !isItsMachine) return;
  const aborted = { by: execution, reason: `the machine of ${environment} ended: ${how}`, at: clock.now() };
  await ledger.commit({ put: [{ ...release, aborted }], audit: [] });
  log.info('safety net keeps the release out', { release: version, environment, actual: how });
}

/** The execution died where it waited for its turn: whoever waits behind it goes on. */
async function leaveQueue({ ledger, log }: Ports, { execution }: EndedExecution, environment: string): Promise<void> {
  const state = await ledger.environment(environment);
  const dead = state.waiting?.filter((each) => each.execution === execution).map(({ release }) => release) ?? [];
  if (dead.length === 0) return;
  await ledger.commit({ put: [withoutWaiting(state, dead)], audit: [] });
  log.info('safety net left the queue', { release: dead.join(), environment });
}

/** The lock of the dead execution, once nobody writes the live rule any more; undefined when it has none. */
async function quietLock({ ledger, clock }: Ports, { execution }: EndedExecution, environment: string): Promise<Lock | undefined> {
  for (let pause = 0; ; pause++) {
    const state = await ledger.environment(environment);
    if (state.lock?.execution !== execution) return undefined;
    if (!isLeased(state, clock.now())) return state.lock;
    if (pause === PAUSES)
      throw new Retry(`writers hold the live rule of ${environment} one after the other, now until ${state.lease?.expiresAt}; try again then`);
    await clock.sleep(PAUSE_MS);
  }
}

async function acted({ ledger, clock, log }: Ports, input: ReturnType<typeof endOf>, outcome: string): Promise<void> {
  await decideAgain(clock, async () => {
    const release = await ledger.release(input.release);
    if (recorded(await ledger.audit(input.release), input, 'SafetyNetActed')) return;
    const event = eventOf(input, clock.now(), 'SafetyNetActed', { outcome, found: input.failure.actual }, input.failure.subject);
    // The release goes along unchanged, so that of two safety nets one sees the other.
    await ledger.commit({ put: release ? [release] : [], audit: [event] });
  });
  log.info('safety net acted', { release: input.release, environment: input.environment, outcome, actual: input.failure.actual });
}
