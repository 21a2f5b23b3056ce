import type { EndInput, Failure } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { Conflict } from '../errors';
import type { Lease } from '../model';
import type { Ports } from '../ports';
import { fingerprintOf, raise } from '../ticket';
import { assertHeld, giveBack } from './lease';

/**
 * A roll back that cannot be: traffic and lock stay, one ticket says so, however often it is tried.
 * @throws Conflict always, with the reason
 */
export async function raiseHold(ports: Ports, input: EndInput, lease: Lease, failure: Failure): Promise<never> {
  const { ledger, clock } = ports;
  const { environment, release, execution: who } = input;
  await decideAgain(clock, async () => {
    const [stored, known] = await Promise.all([ledger.environment(environment), ledger.ticket(fingerprintOf(environment, failure))]);
    assertHeld(stored, lease);
    const isRaised = known?.releases.includes(release) && stored.lock && known.lastAt >= stored.lock.since;
    const { ticket, event } = raise(known, { failure, environment, release, outcome: 'stopped', now: clock.now(), who });
    await ledger.commit({ put: [giveBack(stored, lease), ...(isRaised ? [] : [ticket])], audit: isRaised ? [] : [event] });
  });
  ports.log.error('roll back held', { release, environment, expected: failure.expected, actual: failure.actual });
  throw new Conflict(`${failure.step} holds: ${failure.actual}`);
}
