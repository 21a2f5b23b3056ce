import type { EnvironmentPlan, ReasonBody, RecoverView } from '../../contract';
import { knownEnvironment } from '../commands/known';
import { stopWaiting } from '../commands/stop-waiting';
import { stopAsking } from '../contracts/stop-asking';
import { diagnose } from '../doctor/diagnose';
import { examine } from '../doctor/examine';
import { deadReleases, outboxFindings } from '../doctor/hub-findings';
import { type Look, lookAt } from '../doctor/look';
import { removableStacks } from '../doctor/stack-findings';
import { Refused, Retry } from '../errors';
import { sweepOutbox } from '../outbox';
import type { Ports } from '../ports';
import { closeItsPath } from '../safety-net/close-its-path';
import { rescueEnvironment } from '../safety-net/rescue-environment';
import { whereItWas } from '../safety-net/where-it-was';
import { isLeased } from '../traffic/lease';
import { type Asked, type Did, howOf, recordRecovered } from './recovered';
import { takeBackWaves } from './take-back-waves';

/**
 * Puts right what `doctor` found in an environment and what has a safe way: nothing that serves is touched but by the one writer, and that only brings
 * back what was accepted. What a person has to do stays, and is in the answer.
 *
 * @throws Refused while a release is in flight whose machine runs, while the path is taken out, or while somebody writes the live rule
 */
export async function recover(ports: Ports, who: string, environment: string, { reason }: ReasonBody): Promise<RecoverView> {
  const plans = await ports.plans.environments();
  const plan = knownEnvironment(plans, environment);
  const asked = { who, reason: reason.trim() };
  const look = await lookAt(ports, plan);
  refuse(look);
  const did: Did[] = [await uncontracted(ports, look, asked), await freed(ports, look, asked), await outOfQueue(ports, look, asked)];
  const closed = await closeDead(ports, plans, environment, asked);
  did.push(closed);
  const ended = [look.state.lock?.release, look.state.live?.version, ...closed.versions];
  for (const version of new Set(ended)) did.push(await takeBackWaves(ports, environment, version, asked));
  did.push(await restored(ports, plan, asked));
  did.push(await removed(ports, plan, asked));
  did.push(await delivered(ports, plan, asked));
  const [done, held] = [did.flatMap((each) => each.done ?? []), did.flatMap((each) => each.held ?? [])];
  const { findings } = await examine(ports, environment);
  ports.log.info('recovered', { environment, who, done, held, left: findings.map(({ kind }) => kind) });
  return { environment, done, held, left: findings };
}

function refuse({ plan: { environment }, state, lockEnded, now }: Look): void {
  const { lock, retirement, lease } = state;
  if (lock && !lockEnded) {
    if (lock.contract) {
      throw new Refused(
        'InFlight',
        `the contract of ${lock.release} runs in ${environment}, and its machine does: try again when it has ended. Nothing was changed`,
      );
    }
    const out = lock.shifted ? `ptl roll-back ${environment}` : `ptl abort ${lock.release}`;
    const message = `release ${lock.release} holds ${environment} and its machine runs: it finds out what is wrong by itself, and goes back or stops; to have it out now use ${out}. Nothing was changed`;
    throw new Refused('InFlight', message);
  }
  if (retirement)
    throw new Refused('Retiring', `${environment} is being retired: ptl retire says how far that is, and goes on with --yes. Nothing was changed`);
  if (isLeased(state, now)) {
    throw new Refused(
      'BeingWritten',
      `somebody writes the live rule of ${environment}, until ${lease?.expiresAt} at the latest: try again then. Nothing was changed`,
    );
  }
}

/** The lock of a release whose machine has ended, by the rules of the safety net. */
async function freed(ports: Ports, { plan: { environment }, state, lockEnded }: Look, asked: Asked): Promise<Did> {
  const { lock } = state;
  if (!lock || lock.contract || !lockEnded) return {};
  try {
    const ended = { execution: lock.execution, release: lock.release, how: howOf(lockEnded, asked) };
    if (!(await rescueEnvironment(ports, ended, environment))) return {};
  } catch (error) {
    // A target that serves nobody holds the roll back; its ticket is raised by then.
    if (error instanceof Retry) return { held: [`release ${lock.release} still holds ${environment}: ${error.message}`] };
    throw error;
  }
  const did = lock.shifted
    ? `took the traffic of release ${lock.release} back, and freed ${environment}`
    : `ended release ${lock.release}, and freed ${environment}`;
  await recordRecovered(ports, environment, asked, did);
  return { done: [did] };
}

/** A contract whose machine has ended, whether it holds the environment or was to wait for people. */
async function uncontracted(ports: Ports, { plan: { environment }, state: { contracting }, contractEnded }: Look, asked: Asked): Promise<Did> {
  if (!contracting || !contractEnded) return {};
  const { execution, release } = contracting;
  if (!(await rescueEnvironment(ports, { execution, release, how: howOf(contractEnded, asked) }, environment))) return {};
  const did = `stopped the contract of ${release}; what has started there stays started`;
  await recordRecovered(ports, environment, asked, did);
  return { done: [did] };
}

/** Those that wait for their turn by no machine: whoever waits behind them goes on. */
async function outOfQueue(ports: Ports, { plan: { environment }, turnsEnded = [] }: Look, asked: Asked): Promise<Did> {
  for (const { release, execution, ended } of turnsEnded) await rescueEnvironment(ports, { execution, release, how: howOf(ended, asked) }, environment);
  const done = turnsEnded.map(({ release }) => `took ${release} out of the queue of ${environment}`);
  for (const did of done) await recordRecovered(ports, environment, asked, did);
  return { done };
}

/** Releases that are in flight by no machine, and got as far as this environment. */
async function closeDead(
  ports: Ports,
  plans: readonly EnvironmentPlan[],
  environment: string,
  asked: Asked,
): Promise<Did & { readonly versions: readonly string[] }> {
  const states = await Promise.all(plans.map((plan) => ports.ledger.environment(plan.environment)));
  const dead = (await deadReleases(ports, states)).filter(({ release }) => whereItWas(release) === environment);
  const done: string[] = [];
  for (const { release, ended } of dead) {
    const { execution, version } = release;
    if (await closeItsPath(ports, { execution, release: version, how: howOf(ended, asked) })) done.push(`closed release ${version}`);
  }
  for (const did of done) await recordRecovered(ports, environment, asked, did);
  return { done, versions: dead.map(({ release }) => release.version) };
}

/** The live rule, by its one writer. */
async function restored(ports: Ports, plan: EnvironmentPlan, { who, reason }: Asked): Promise<Did> {
  const kinds = ['goingBack', 'weights', 'tags', 'lease'];
  const found = diagnose(await lookAt(ports, plan)).filter(({ by, kind }) => by === 'recover' && kinds.includes(kind));
  if (found.length === 0) return {};
  const { original } = await ports.frontDoors.read(plan);
  const answer = await ports.repairs.restore({ restore: 'accepted', plan, original, who, reason });
  if (answer.outcome === 'refused') return { held: [`the live rule of ${plan.environment} stays as it is: ${answer.why}`] };
  const { rolledBack, serves, was } = answer;
  if (rolledBack !== undefined) {
    await stopWaiting(ports, rolledBack);
    await stopAsking(ports, who, plan.environment, { reason });
  }
  const way = rolledBack === undefined ? '' : `went on with the roll back of ${rolledBack}: `;
  return { done: [`${way}gave ${plan.environment} to ${serves} (the live rule held ${was}), and wrote its tags`] };
}

/** Stacks that are stuck and that nobody needs, by who deploys slots. */
async function removed(ports: Ports, plan: EnvironmentPlan, { who, reason }: Asked): Promise<Did> {
  const stuck = removableStacks(await lookAt(ports, plan));
  for (const { colour } of stuck) await ports.repairs.removeSlot({ remove: 'stuck', plan, colour, execution: ports.uniqueName(), who, reason });
  return { done: stuck.map(({ stackName }) => `began to remove the stack ${stackName}; ptl doctor ${plan.environment} says when it is gone`) };
}

async function delivered(ports: Ports, { environment }: EnvironmentPlan, asked: Asked): Promise<Did> {
  if ((await outboxFindings(ports)).length === 0) return {};
  const { delivered, left } = await sweepOutbox(ports);
  const held = left.map((each) => `not delivered: ${each}`);
  if (delivered === 0) return { held };
  const did = `delivered ${delivered} of ${delivered + left.length} that were left in the outbox`;
  await recordRecovered(ports, environment, asked, did);
  return { done: [did], held };
}
