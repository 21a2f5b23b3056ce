import type { DeployOutput, Failure, SlotTaskInput } from '../contract';
import { recorded } from '../domain/audit';
import { decideAgain } from '../domain/commands/decide-again';
import { knownRelease } from '../domain/commands/known';
import { ownsLock } from '../domain/environment';
import { Conflict } from '../domain/errors';
import { waitForOldAlarms } from '../domain/health/old-alarms';
import { migrationsLeft, needsOutage } from '../domain/migrations/migrate';
import type { AuditEvent, EnvironmentState, Release } from '../domain/model';
import type { Ports, SlotDeployment } from '../domain/ports';
import { filesOf, planOf, stackOf, templateUrl } from '../domain/release/release';
import { currentSeals } from '../domain/release/seals';
import { afterDeploying, beforeDeploying, deploymentFailed, otherMigrations, servedAllTheSame } from '../domain/steps/deploying';
import { alarms, bundles, ledger, slots, targets, task } from './wiring';

/**
 * Deploys the release to its shadow slot, follows that, and then waits until the slot's alarms have forgotten what it held before, all as long
 * as one run may; the machine calls again until it has ended.
 */
export function deploy(ports: Ports) {
  return async (input: SlotTaskInput): Promise<DeployOutput> => {
    const before = recorded(await ports.ledger.audit(input.release), input, 'SlotDeployed');
    const release = await knownRelease(ports, input.release);
    const found = before ?? (await makeRoom(ports, input, release));
    if (found && 'step' in found) return { outcome: 'failed', failure: found };
    return found ? ready(ports, input, release, found.at) : follow(ports, input, release);
  };
}

/** Follows the stack, and records what is in the slot when it is there. */
async function follow(ports: Ports, input: SlotTaskInput, release: Release): Promise<DeployOutput> {
  const { environment, colour, execution } = input;
  const { stackName, template } = stackOf(release, environment, colour);
  const isOurs = async () => ownsLock(await ports.ledger.environment(environment), input);
  const request = { stackName, templateUrl: templateUrl(template), version: release.version, execution, isOurs };
  const found = await ports.slots.deploy(planOf(release, environment), request);
  ports.log.info('slot stack', { release: release.version, environment, slot: colour, stack: stackName, state: found.state });
  if (found.state === 'failed') return { outcome: 'failed', failure: deploymentFailed(input, stackName, found) };
  if (found.state === 'deploying') return { outcome: 'deploying' };
  const other = otherMigrations(input, release, found, stackName);
  if (other) return { outcome: 'failed', failure: other };
  return ready(ports, input, release, await record(ports, input, found));
}

/** Whether the alarms have forgotten what was before, and what comes next. */
async function ready(ports: Ports, input: SlotTaskInput, release: Release, since: string): Promise<DeployOutput> {
  const output = await waitForOldAlarms(ports, input, since);
  if (output.outcome !== 'deployed') return output;
  const { environment } = input;
  const migrates = (await migrationsLeft(ports, release, environment, 'expand')).length > 0;
  const outage = await needsOutage(ports, release, await ports.ledger.environment(environment));
  return { ...output, ...(migrates && { migrates }), ...(outage && { outage }) };
}

/**
 * Has the ledger forget what the slot held.
 *
 * @returns what is in the way; or what another run of this task, started beside this one, has deployed meanwhile: that is not to be forgotten
 */
async function makeRoom(ports: Ports, input: SlotTaskInput, release: Release): Promise<Failure | AuditEvent | undefined> {
  const files = filesOf([stackOf(release, input.environment, input.colour)]);
  const seals = await currentSeals(ports.bundles, planOf(release, input.environment), files);
  return decideAgain(ports.clock, async () => {
    const [known, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(input.environment)]);
    const asks = planOf(known, input.environment).rollBackTarget?.kind === 'ask';
    const decision = beforeDeploying(input, known, state, seals, ports.clock.now(), asks ? await ports.ledger.gates(known.version) : []);
    if ('step' in decision) return decision;
    if (await isServed(ports, input, known, state)) return servedAllTheSame(input);
    if (decision.put.length === 0) return undefined;
    const deployed = recorded(await ports.ledger.audit(input.release), input, 'SlotDeployed');
    if (!deployed) await ports.ledger.commit(decision);
    return deployed;
  });
}

/** Whether the live rule, as it is right now, has the target group that the slot had so far. */
async function isServed(ports: Ports, { environment, colour }: SlotTaskInput, release: Release, state: EnvironmentState): Promise<boolean> {
  const held = state.slots[colour];
  return held !== undefined && (await ports.targets.serve(planOf(release, environment), held.targetGroupArn));
}

/** @returns when the slot was deployed, as the ledger has it */
async function record(ports: Ports, input: SlotTaskInput, found: Extract<SlotDeployment, { state: 'deployed' }>): Promise<string> {
  return decideAgain(ports.clock, async () => {
    const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(input.environment)]);
    const before = recorded(await ports.ledger.audit(input.release), input, 'SlotDeployed');
    if (before) return before.at;
    const now = ports.clock.now();
    const change = afterDeploying(input, release, state, found, now);
    if (!change) throw new Conflict(`${input.environment} was freed while its slot ${input.colour} was deployed; what it holds is not recorded`);
    await ports.ledger.commit(change);
    return now;
  });
}

export const handler = task(deploy, { ledger, bundles, slots, alarms, targets });
