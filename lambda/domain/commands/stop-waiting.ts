import { voidGate, waitsOnTheWay } from '../gates/gate';
import { abortedAt, toToken } from '../gates/gate-opening';
import type { Change, Gate, Release } from '../model';
import type { Ports } from '../ports';
import { decideAgain } from './decide-again';

/** Nobody is asked about a release any more that was aborted, and the machines that wait for people are told so. */
export function toldToStop(release: Release, aborted: NonNullable<Release['aborted']>, gates: readonly Gate[]): Required<Pick<Change, 'put' | 'deliver'>> {
  const waiting = gates.filter(waitsOnTheWay);
  return {
    put: [{ ...release, aborted }, ...waiting.map(voidGate)],
    deliver: waiting.map((gate) => toToken(gate.token, { outcome: 'refused', failure: abortedAt(gate, release, aborted) })),
  };
}

/** {@link toldToStop} for a release that was aborted by the way: by the roll back of an environment behind it. Asked again, there is nothing left to do. */
export async function stopWaiting({ ledger, clock }: Ports, version: string): Promise<void> {
  await decideAgain(clock, async () => {
    const [release, gates] = await Promise.all([ledger.release(version), ledger.gates(version)]);
    if (!release?.aborted || !gates.some(waitsOnTheWay)) return;
    await ledger.commit({ ...toldToStop(release, release.aborted, gates), audit: [] });
  });
}
