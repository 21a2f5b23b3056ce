import { LEASE_SECONDS } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { Conflict, Retry } from '../errors';
import type { EnvironmentState, Lease } from '../model';
import type { Ports } from '../ports';

/** How often, and for how long, a writer waits for another one: well within its own time-out, so that it still has the time to write. */
const PAUSE_MS = 2_000;
const PAUSES = 12;

/** Whether somebody may be writing the live rule right now. */
export function isLeased(state: EnvironmentState, now: string): boolean {
  return state.lease !== undefined && now < state.lease.expiresAt;
}

/** Whether the last writer died, or does not know what it wrote: what the live rule holds is then anybody's guess until the next writer looked. */
export function isAbandoned(state: EnvironmentState, now: string): boolean {
  return state.lease !== undefined && state.lease.expiresAt !== '' && now >= state.lease.expiresAt;
}

/** The lease for a new owner; its fence is higher than that of every lease before it. */
export function takeLease(state: EnvironmentState, owner: string, now: string, expiresAt: string): EnvironmentState & { readonly lease: Lease } {
  if (isLeased(state, now)) {
    throw new Retry(`another writer holds the live rule of ${state.environment} until ${state.lease?.expiresAt} at the latest; try again then`);
  }
  return { ...state, lease: { owner, fence: (state.lease?.fence ?? 0) + 1, expiresAt } };
}

/** The lease given back, its number kept: the next one must be higher. @throws Conflict when it is somebody else's by now. */
export function giveBack(state: EnvironmentState, lease: Lease): EnvironmentState {
  assertHeld(state, lease);
  return { ...state, lease: { ...lease, expiresAt: '' } };
}

/**
 * Without the lease of a writer that died, once somebody has seen that nothing is left of what it did. A lease that ran out and stays would keep
 * every later release out.
 */
export function withoutAbandoned(state: EnvironmentState, now: string): EnvironmentState {
  return state.lease && isAbandoned(state, now) ? { ...state, lease: { ...state.lease, expiresAt: '' } } : state;
}

/** @throws Conflict when the lease is somebody else's by now */
export function assertHeld(state: EnvironmentState, lease: Lease): void {
  if (state.lease?.owner === lease.owner && state.lease.fence === lease.fence) return;
  throw new Conflict(`the lease ${lease.fence} on the live rule of ${state.environment} has gone to another writer, ${state.lease?.fence}`);
}

/** A write whose answer never came: it may take effect yet. The lease is kept until it runs out, so that nobody writes before that is over. */
export class UnknownWrite extends Retry {}

/**
 * Runs `write` as the only writer of this environment's live rule. `write` gives the lease back in its last transaction; where it has
 * none, because there was nothing to do or something went wrong, that is done for it.
 *
 * The lease is longer than the function's own time-out ({@link LEASE_SECONDS}): when it has run out, its owner is dead.
 *
 * @param without the answer where there is nothing to write, and no lease is taken: one that asks again and dies would leave it behind, with nobody to end it
 * @throws Retry when another writer holds it for longer than this one may wait
 */
export async function withLease<T>(
  ports: Ports,
  environment: string,
  write: (lease: Lease) => Promise<T>,
  without: (state: EnvironmentState) => Promise<T | undefined> = async () => undefined,
): Promise<T> {
  const taken = await acquire(ports, environment, without);
  if ('answer' in taken) return taken.answer;
  const { lease } = taken;
  let unknown = false;
  try {
    return await write(lease);
  } catch (error) {
    unknown = error instanceof UnknownWrite;
    throw error;
  } finally {
    if (!unknown) await release(ports, environment, lease);
  }
}

async function acquire<T>(
  ports: Ports,
  environment: string,
  without: (state: EnvironmentState) => Promise<T | undefined>,
): Promise<{ readonly lease: Lease } | { readonly answer: T }> {
  const { ledger, clock } = ports;
  const owner = ports.uniqueName();
  const take = async () => {
    const state = await ledger.environment(environment);
    const answer = await without(state);
    if (answer !== undefined) return { answer };
    const leased = takeLease(state, owner, clock.now(), clock.later(LEASE_SECONDS));
    await ledger.commit({ put: [leased], audit: [] });
    return { lease: leased.lease };
  };
  for (let pause = 0; ; pause++) {
    try {
      return await decideAgain(clock, take);
    } catch (error) {
      if (!(error instanceof Retry) || pause === PAUSES) throw error;
      await clock.sleep(PAUSE_MS);
    }
  }
}

async function release({ ledger, clock, log }: Ports, environment: string, lease: Lease): Promise<void> {
  try {
    await decideAgain(clock, async () => {
      const state = await ledger.environment(environment);
      if (isLeased(state, clock.now()) && state.lease?.fence === lease.fence) await ledger.commit({ put: [giveBack(state, lease)], audit: [] });
    });
  } catch (error) {
    // What was done, or what went wrong, is the answer; the lease runs out by itself.
    log.error('could not give the lease back', { environment, fence: lease.fence, expiresAt: lease.expiresAt, error: String(error) });
  }
}
