import type { RollBackWaveInput } from '../../contract';
import { eventOf } from '../audit';
import { decideAgain } from '../commands/decide-again';
import { knownRelease } from '../commands/known';
import { isOnItsWayIn, swappedBack } from '../environment';
import { closeGate, waitsOnTheWay } from '../gates/gate';
import type { AuditEvent, Lease, Release } from '../model';
import type { Ports } from '../ports';
import { withReached } from '../release/release';
import { fingerprintOf, raise } from '../ticket';
import { assertHeld, giveBack } from '../traffic/lease';
import { versionInWords } from '../traffic/original';
import { mismatchOf, type Swap } from '../traffic/swap';
import { ticketOf, whyBack } from './decide-roll-back-wave';
import { notMoved } from './moved';

/** Records that a wave was rolled back, whoever did it: the path, or who went on with what a dead writer had begun. */
export async function recordWaveBack(ports: Ports, input: RollBackWaveInput, decision: Swap, lease: Lease): Promise<void> {
  const { ledger, clock } = ports;
  const { environment, failedIn } = input;
  await decideAgain(clock, async () => {
    const [stored, release, gates] = await Promise.all([ledger.environment(environment), knownRelease(ports, input.release), ledger.gates(input.release)]);
    assertHeld(stored, lease);
    const audit = await ledger.audit(input.release);
    const now = clock.now();
    const told = await tell(ports, input, audit, `${environment} was rolled back to ${versionInWords(decision.to)}`, now);
    const back = swappedBack(stored, now);
    const found = mismatchOf(stored, decision.actual);
    const about = { live: decision.to.version, weights: back.weights, was: stored.weights, ruleWas: decision.actual, failedIn };
    const detail = { ...about, ...(told && { ticket: told.ticket.fingerprint }) };
    // Where there is a ticket, and nothing else, it failed in front of the wave: nobody else says so.
    const reached = told && !release.reached[failedIn] ? withReached(release, failedIn, 'stopped') : release;
    await ledger.commit({
      // At a firebreak whose time is up nobody waits any more, and what ends here is not asked about.
      put: [
        giveBack(back, lease),
        takenBack(reached, environment),
        ...gates.filter(waitsOnTheWay).map((gate) => closeGate(gate, now)),
        ...(told ? [told.ticket] : []),
      ],
      audit: [
        ...(found ? [eventOf(input, now, 'MismatchFound', found)] : []),
        eventOf(input, now, 'ReleaseRolledBack', detail, whyBack({ input, release, audit })),
        ...(told?.event ? [told.event] : []),
      ],
    });
  });
}

/**
 * One failure is one ticket, on which each wave says what became of it: that of the wave in which it failed, or a new one where it failed in front of it.
 * @returns undefined while a machine is at work there, which comes with its own
 */
async function tell({ ledger }: Ports, input: RollBackWaveInput, audit: readonly AuditEvent[], said: string, now: string) {
  const { failedIn, failure, release, execution: who } = input;
  const known = ticketOf({ input, audit });
  const ticket = known === undefined ? undefined : await ledger.ticket(known);
  if (ticket) return { ticket: { ...ticket, actual: `${ticket.actual}; ${said}` }, event: undefined };
  if (isOnItsWayIn(await ledger.environment(failedIn), release)) return undefined;
  const before = await ledger.ticket(fingerprintOf(failedIn, failure));
  const about = { environment: failedIn, release, outcome: 'rolledBack', now, who } as const;
  return raise(before, { ...about, failure: { ...failure, actual: `${failure.actual}; ${said}` } });
}

/** Users had it: however the later wave ended, it is rolled back. */
function takenBack(release: Release, environment: string): Release {
  return { ...notMoved(withReached(release, environment, 'rolledBack'), environment), status: 'rolledBack' };
}
