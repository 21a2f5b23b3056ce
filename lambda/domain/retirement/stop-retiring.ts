import type { StopRetiringInput, StopRetiringOutput } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import type { Ports } from '../ports';
import { fingerprintOf, raise } from '../ticket';
import { freed, isRetiredBy } from './retirement';

/**
 * Ends a retirement that cannot go on: the path is open for releases again, with what is retired by then, and a ticket says why. Asked for again, the
 * retirement goes through all of it once more and finds what was done.
 */
export async function stopRetiring(ports: Ports, input: StopRetiringInput): Promise<StopRetiringOutput> {
  const { ledger, clock, log } = ports;
  const { environment, execution, failure } = input;
  return decideAgain(clock, async () => {
    const states = await Promise.all(input.environments.map((name) => ledger.environment(name)));
    const ours = states.filter((state) => isRetiredBy(state, input));
    const [first] = ours;
    if (!first?.retirement) return { outcome: 'takenOver' };
    const known = await ledger.ticket(fingerprintOf(environment, failure));
    const { release } = first.retirement;
    const { ticket, event } = raise(known, { failure, environment, release, outcome: 'stopped', now: clock.now(), who: execution });
    await ledger.commit({ put: [...ours.map(freed), ticket], audit: [event] });
    log.error('retiring stopped', { environment, expected: failure.expected, actual: failure.actual, ticket: ticket.fingerprint });
    return { outcome: 'stopped' };
  });
}
