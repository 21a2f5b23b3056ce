import { voidGate, waitsOnTheWay } from '../gates/gate';
import { abortedAt, toToken } from '../gates/gate-opening';
import type { Change, EnvironmentState, Gate, Release } from '../model';
import type { Ports } from '../ports';
import { sentIn } from '../turns/waiting';
import { decideAgain } from './decide-again';
import { environmentsOf } from './known';

/**
 * Nobody is asked about a release any more that was aborted, nor is it waited for, and the machines that wait for people, or for its turn, are told so.
 *
 * @param states where it may wait for its turn
 */
export function toldToStop(
  release: Release,
  aborted: NonNullable<Release['aborted']>,
  gates: readonly Gate[],
  states: readonly EnvironmentState[],
): Required<Pick<Change, 'put' | 'deliver'>> {
  const waiting = gates.filter(waitsOnTheWay);
  const { put, deliver } = sentIn(states, release.version);
  return {
    put: [{ ...release, aborted }, ...waiting.map(voidGate), ...put],
    deliver: waiting.map((gate) => toToken(gate.token, { outcome: 'refused', failure: abortedAt(gate, release, aborted) })).concat(deliver),
  };
}

/** {@link toldToStop} for a release that was aborted by the way: by the roll back of an environment behind it. Asked again, there is nothing left to do. */
export async function stopWaiting({ ledger, clock }: Ports, version: string): Promise<void> {
  await decideAgain(clock, async () => {
    const [release, gates] = await Promise.all([ledger.release(version), ledger.gates(version)]);
    if (!release?.aborted) return;
    const states = await environmentsOf({ ledger }, release);
    if (!gates.some(waitsOnTheWay) && sentIn(states, version).put.length === 0) return;
    await ledger.commit({ ...toldToStop(release, release.aborted, gates, states), audit: [] });
  });
}
