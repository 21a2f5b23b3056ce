import type { EndInput, EndOutput } from '../../contract';
import { recorded } from '../audit';
import { decideAgain } from '../commands/decide-again';
import type { Ports } from '../ports';
import { fingerprintOf } from '../ticket';
import { stopped } from './stopping';

/**
 * Ends a release in an environment before anything was shifted. Asked again, it finds its own work and does nothing.
 *
 * @throws Conflict when traffic was, or may have been, moved
 * @throws Retry while somebody may be moving it
 */
export async function stopRelease(ports: Ports, input: EndInput): Promise<EndOutput> {
  const { environment, release, failure } = input;
  const ticket = await decideAgain(ports.clock, () => record(ports, input));
  ports.log.info('stopped', { release, environment, subject: failure.subject, expected: failure.expected, actual: failure.actual, ticket });
  return { outcome: 'stopped', environment, release, ...(ticket !== undefined && { ticket }) };
}

async function record({ ledger, clock }: Ports, input: EndInput): Promise<string | undefined> {
  const { environment, failure } = input;
  const [release, state, gates, ticket] = await Promise.all([
    ledger.release(input.release),
    ledger.environment(environment),
    ledger.gates(input.release),
    ledger.ticket(fingerprintOf(environment, failure)),
  ]);
  const event = recorded(await ledger.audit(input.release), input, 'ReleaseStopped');
  if (event) return typeof event.detail.ticket === 'string' ? event.detail.ticket : undefined;
  const { change, fingerprint } = stopped(input, { release, state, gates, ticket }, clock.now());
  await ledger.commit(change);
  return fingerprint;
}
