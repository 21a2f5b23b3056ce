import { CONTRACT_VERSION, type ContractAnswer, type ReasonBody } from '../../contract';
import { lookAtContract, type MayContract, mayContract } from '../contracts/may-contract';
import { Refused } from '../errors';
import { voidGate, waits } from '../gates/gate';
import { isOneOf } from '../gates/gate-caller';
import { supersededAt, toToken } from '../gates/gate-opening';
import type { AuditEvent, Contracting, EnvironmentState, Gate } from '../model';
import type { Ports } from '../ports';
import { executionNameOf, planOf } from '../release/release';
import { decideAgain } from './decide-again';
import { knownEnvironment } from './known';
import { viewEnvironment } from './read';

/**
 * Asks for the contract of what is live in an environment. Its machine asks whoever decides about going live there, and runs it when they have agreed;
 * until then nothing is locked. Asked for again while it waits, the machine is started again under its name, which is the same execution. One that waits for
 * a version which is not live any more gives way.
 *
 * The ledger knows the execution before it starts: after a crash in between, asking again starts it.
 */
export async function contract(ports: Ports, caller: string, environment: string, body: ReasonBody): Promise<ContractAnswer> {
  const { clock, ledger, machines, log } = ports;
  const plan = knownEnvironment(await ports.plans.environments(), environment);
  const name = `contract-${ports.uniqueName()}`;
  const { contracting, waited } = await decideAgain(clock, async () => {
    const sight = await lookAtContract(ports, environment);
    const may = mayContract(sight);
    if (may instanceof Refused) throw may;
    const { state } = sight;
    checkManager(may, environment, caller);
    if (state.contracting?.release === may.release.version) return { contracting: state.contracting, waited: true };
    const asked = requestOf(ports, caller, body, may, environment, name);
    const gate = state.contracting && (await ledger.gate(state.contracting.release, environment, 'contract'));
    const left = gate && waits(gate) ? [gate] : [];
    await ledger.commit({
      put: [{ ...state, contracting: asked }, ...left.map(voidGate)],
      audit: [requested(state, asked)],
      deliver: left.map((each: Gate) => toToken(each.token, { outcome: 'refused', failure: supersededAt(each, asked) })),
    });
    return { contracting: asked, waited: false };
  });
  // Where releases come by a team's own machine, the environment's begins by registering what that hands it: here nothing.
  const handed = plan.ownMachine === undefined ? {} : { path: contracting.execution, submission: {} };
  await machines.contract(environment, executionNameOf(contracting.execution), { contract: CONTRACT_VERSION, release: contracting.release, ...handed });
  log.info('contract asked for', { release: contracting.release, environment, who: caller, execution: contracting.execution, waited });
  return { outcome: waited ? 'waits' : 'requested', release: contracting.release, environment: await viewEnvironment(ports, plan) };
}

function requestOf(ports: Ports, by: string, body: ReasonBody, { release, migrations }: MayContract, environment: string, name: string): Contracting {
  const execution = ports.machines.contractArn(environment, name);
  return { by, reason: body.reason.trim(), at: ports.clock.now(), execution, release: release.version, migrations };
}

function requested({ environment, live }: EnvironmentState, { by: who, reason: why, at, execution, release, migrations }: Contracting): AuditEvent {
  const detail = { colour: live?.colour, execution, migrations: migrations.map(({ name }) => name) };
  return { at, what: 'ContractRequested', release, environment, who, why, detail };
}

/** Where the firebreak names release managers, nobody else asks for what cannot be taken back; elsewhere whoever IAM lets call the route does. */
function checkManager({ release }: MayContract, environment: string, caller: string): void {
  const releaseManagers = planOf(release, environment).firebreak?.releaseManagers ?? [];
  if (releaseManagers.length === 0 || isOneOf(caller, releaseManagers)) return;
  const message = `${caller} is no release manager of ${environment}; ask one of ${releaseManagers.join(', ')}`;
  throw new Refused('NotReleaseManager', message, 403);
}
