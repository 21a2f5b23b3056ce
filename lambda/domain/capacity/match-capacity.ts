import { type EnvironmentPlan, type MatchCapacityInput, type MatchCapacityOutput, RAISE_SECONDS } from '../../contract';
import { eventOf } from '../audit';
import { decideAgain } from '../commands/decide-again';
import { knownRelease } from '../commands/known';
import { ownsLock, raised } from '../environment';
import type { EnvironmentState } from '../model';
import type { CapacityReading, Ports } from '../ports';
import { planOf } from '../release/release';
import { mayGoOn } from '../steps/recheck';
import { step } from '../steps/step';
import { capacityFor, isScalable, type Raised, raise } from './raise';

/**
 * Gives the shadow as much capacity as live has, and no less than its own template asks for: a slot that was lowered gets it back here too, since
 * a deployment that finds nothing to change leaves it lowered. Only raises; what runs beyond that is somebody's decision.
 */
export async function matchCapacity(ports: Ports, input: MatchCapacityInput): Promise<MatchCapacityOutput> {
  const at = input.outage ? step.capacityForOutage(input.environment) : step.capacity(input.environment, input.percent);
  const look = () => Promise.all([knownRelease(ports, input.release), ports.ledger.environment(input.environment)]);
  const [release, state] = await look();
  const failure = mayGoOn(at, input, release, state);
  if (failure) return { outcome: 'failed', failure };
  const slot = state.slots[input.colour];
  if (!isScalable(slot)) return { outcome: 'matched' };
  const plan = planOf(release, input.environment);
  const count = capacityFor(slot, await liveCapacity(ports, plan, state));
  const blocked = async () => mayGoOn(at, input, ...(await look()));
  const found = await raise(ports, plan, slot, { count, seconds: RAISE_SECONDS, wanted: async () => (await blocked()) === undefined });
  ports.log.info('capacity', { release: release.version, environment: plan.environment, slot: input.colour, expected: count, actual: found.found });
  if (found.state === 'running') {
    await record(ports, input, found);
    return { outcome: 'matched' };
  }
  const expected = `${count}, as many as live has, running and healthy within ${RAISE_SECONDS / 60} minutes`;
  const short = { step: at, subject: `the capacity of slot ${input.colour}`, expected, actual: found.found, logs: nameOf(slot.capacity) };
  return { outcome: 'failed', failure: (await blocked()) ?? short };
}

function nameOf(target: NonNullable<EnvironmentState['slots'][string]['capacity']>): string {
  return target.kind === 'ecsService' ? `service ${target.service} in the cluster ${target.cluster}` : `Auto Scaling group ${target.group}`;
}

async function liveCapacity(ports: Ports, plan: EnvironmentPlan, { live, slots }: EnvironmentState): Promise<CapacityReading | undefined> {
  const slot = live && slots[live.colour];
  return isScalable(slot) ? ports.capacity.read(plan, slot.capacity) : undefined;
}

async function record({ ledger, clock }: Ports, input: MatchCapacityInput, { count, from, seconds }: Raised): Promise<void> {
  await decideAgain(clock, async () => {
    const state = await ledger.environment(input.environment);
    const isNews = from < count || (seconds !== undefined && seconds !== state.slots[input.colour]?.startSeconds);
    if (!isNews || !ownsLock(state, input)) return;
    const detail = { colour: input.colour, from, to: count, ...(seconds !== undefined && { seconds }) };
    const audit = from < count ? [eventOf(input, clock.now(), 'CapacityRaised', detail)] : [];
    await ledger.commit({ put: [raised(state, input.colour, seconds)], audit });
  });
}
