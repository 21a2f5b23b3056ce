import type { StopContractInput, StopContractOutput } from '../../contract';
import { eventOf, recorded } from '../audit';
import { decideAgain } from '../commands/decide-again';
import { ownsLock, unlocked } from '../environment';
import { closeGate, waits } from '../gates/gate';
import type { Ports } from '../ports';
import { fingerprintOf, raise } from '../ticket';
import { isAskedBy } from './asked';

/**
 * Ends a contract that cannot go on: the environment is free, a ticket says why. No traffic is touched, and the release stays live. One that has started
 * stays started; asked for again, it goes on where it was. Asked again, this finds its own work and does nothing.
 */
export async function stopContract(ports: Ports, input: StopContractInput): Promise<StopContractOutput> {
  const { environment, release, failure } = input;
  const ticket = await decideAgain(ports.clock, () => record(ports, input));
  ports.log.info('contract stopped', { release, environment, subject: failure.subject, expected: failure.expected, actual: failure.actual, ticket });
  return { outcome: 'stopped', ...(ticket !== undefined && { ticket }) };
}

async function record({ ledger, clock }: Ports, input: StopContractInput): Promise<string | undefined> {
  const { environment, release, failure, execution: who } = input;
  const [state, gate, known] = await Promise.all([
    ledger.environment(environment),
    ledger.gate(release, environment, 'contract'),
    ledger.ticket(fingerprintOf(environment, failure)),
  ]);
  const event = recorded(await ledger.audit(release), input, 'ContractStopped');
  if (event) return String(event.detail.ticket);
  if (!isAskedBy(state, input)) return undefined;
  const now = clock.now();
  const { migrations, by } = state.contracting;
  const { contracting: _over, ...rest } = ownsLock(state, input) ? unlocked(state) : state;
  const isOpen = gate !== undefined && waits(gate) && gate.execution === who;
  const { ticket, event: raised } = raise(known, { failure, environment, release, outcome: 'stopped', now, who });
  const detail = { migrations: migrations.map(({ name }) => name), by, ticket: ticket.fingerprint, failure };
  const why = `${failure.step}: ${failure.subject}: ${failure.actual}`;
  await ledger.commit({
    put: [rest, ...(isOpen ? [closeGate(gate, now)] : []), ticket],
    audit: [eventOf(input, now, 'ContractStopped', detail, why), raised],
  });
  return ticket.fingerprint;
}
