import type { BeginContractInput, EnterOutput, Failure } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { ownsLock } from '../environment';
import { Refused, Retry } from '../errors';
import { gateName, gateStep, stillHolds } from '../gates/gate';
import { inWords, sameMigrations } from '../migrations/declared';
import type { Gate } from '../model';
import type { Ports } from '../ports';
import { planOf } from '../release/release';
import { step } from '../steps/step';
import { isLeased } from '../traffic/lease';
import { isAskedBy, takenOver } from './asked';
import { type ContractSight, lookAtContract, type MayContract, mayContract } from './may-contract';

/**
 * Locks an environment for the contract that people have agreed to, or says what has come in its way since: everything it depends on is looked at
 * again. Asked again, it finds its own lock.
 *
 * @throws Retry while somebody writes the live rule
 */
export async function beginContract(ports: Ports, input: BeginContractInput): Promise<EnterOutput> {
  const { environment, execution } = input;
  return decideAgain(ports.clock, async () => {
    const sight = await lookAtContract(ports, environment);
    const { state, now } = sight;
    if (ownsLock(state, input)) return { outcome: 'entered', colour: state.lock.colour };
    const gate = await ports.ledger.gate(input.release, environment, 'contract');
    const may = mayBegin(input, sight, gate);
    if ('step' in may) return { outcome: 'stopped', failure: may };
    if (isLeased(state, now))
      throw new Retry(`somebody moves traffic in ${environment} right now, until ${state.lease?.expiresAt} at the latest; try again then`);
    const { colour } = may.live;
    const lock = { release: input.release, execution, colour, since: now, shifted: false, contract: true } as const;
    await ports.ledger.commit({ put: [{ ...state, lock }], audit: [] });
    ports.log.info('contract begins', { release: input.release, environment, slot: colour });
    return { outcome: 'entered', colour };
  });
}

function mayBegin(input: BeginContractInput, sight: ContractSight, gate: Gate | undefined): MayContract | Failure {
  const { environment, execution: logs } = input;
  const about = { step: step.beginContract(environment), subject: `the contract of ${environment}`, logs };
  if (!isAskedBy(sight.state, input)) return { ...about, expected: 'still asked for', actual: takenOver(sight.state) };
  const may = mayContract(sight);
  if (may instanceof Refused) return { ...about, expected: 'nothing in its way', actual: may.message };
  if (may.release.version !== input.release) {
    return { ...about, expected: `${input.release} is live, as it was when it was asked for`, actual: `${may.release.version} is: ask again, for that one` };
  }
  if (!planOf(may.release, environment).goNoGo) return may;
  return notAgreed(input, may, gate) ?? may;
}

/** People have agreed to this very request, and to what is about to run. */
function notAgreed({ environment, execution }: BeginContractInput, { release, migrations }: MayContract, gate: Gate | undefined): Failure | undefined {
  const asked = { gate: 'contract', environment } as const;
  const about = { step: gateStep(asked), subject: gateName(asked), expected: 'passed, for what would run', logs: execution };
  if (gate?.execution !== execution) return { ...about, actual: 'never opened: the hub was deployed without a go/no-go there since; release a new version' };
  const failure = stillHolds(gate, release);
  if (failure) return failure;
  return sameMigrations(gate.runs ?? [], migrations)
    ? undefined
    : { ...about, actual: `accepted for ${inWords(gate.runs ?? [])}, now it would be ${inWords(migrations)}: ask again` };
}
