import type { EnvironmentState, Gate, Lock, Release } from '../../../lambda/domain/model';
import { PARTIES, PLANS, slotOf } from '../path';
import { nameOf, of, type World } from '../world/world';
import { evidenceOf, saidAt } from './evidence';
import type { Say } from './invariants';
import { wholeWeights } from './rule';

/** Traffic is about to move: everything that people, alarms and tests have to say is asked here; not where users are kept out, on the way back. */
export function intends(say: Say, world: World, was: EnvironmentState, state: EnvironmentState, lock: Lock): void {
  const { environment, rollBackRequested, outage } = state;
  const isOut = Object.keys(lock.intended ?? {}).length === 0;
  if (isOut && outage && was.lock?.shifted) return;
  if (was.freeze && !(was.outage && !was.outage.over)) say('frozen', `${environment} is to have ${JSON.stringify(lock.intended)}, and is frozen`);
  const release = of.release(world, lock.release);
  const { stackName } = slotOf(environment, lock.colour);
  const content = of.slot(world, stackName);
  if (!(isOut && outage) && !wholeWeights(lock.intended ?? {})) say('whole', `${environment} is to have ${JSON.stringify(lock.intended)}`);
  const others = Object.keys(lock.intended ?? {}).filter((colour) => colour !== lock.colour && colour !== state.live?.colour);
  if (others.length > 0) say('known', `${environment} is to have ${JSON.stringify(lock.intended)}`);
  if (!release || release.aborted || rollBackRequested)
    say('stopped', `${lock.release} is to have more of ${environment}, ${release?.aborted ? 'aborted' : 'wanted back'}`);
  if (of.alarms(world, environment).includes(lock.colour)) say('alarmed', `${lock.release} is to have more of ${environment} while its alarm fires`);
  if (content?.version !== lock.release || content.digest !== release?.digest) {
    say('agreed', `${lock.release} is to have more of ${environment}, and its slot holds ${content?.version ?? 'nothing'}`);
    return;
  }
  const lacks = PLANS.filter((plan) => plan.environment === environment).flatMap(({ firebreak, goNoGo }) => [
    ...(firebreak ? missing(world, release, environment, 'firebreak', content.digest) : []),
    ...(goNoGo ? missing(world, release, environment, 'goNoGo', content.digest, undefined, outage !== undefined) : []),
    ...(outage ? [] : undecided(world, release, environment, percentOf(state, lock), nameOf(lock.execution))),
  ]);
  if (lacks.length > 0) say('agreed', `${lock.release} is to have more of ${environment} without ${lacks.join(', ')}`);
}

/** The share a release has had so far, as a step of its environment says it. */
function percentOf({ environment, live }: EnvironmentState, lock: Lock): number {
  // With nothing to share with, the first step takes all of it.
  if (!live) return 0;
  const steps = PLANS.find((plan) => plan.environment === environment)?.steps ?? [];
  const next = steps.findIndex(({ percent }) => percent === lock.intended?.[lock.colour]);
  return steps[next - 1]?.percent ?? 0;
}

/** What must have been said since the release has this share: at its pause, and where too little was seen of it. */
export function undecided(world: World, release: Release, environment: string, percent: number, execution: string): string[] {
  const plan = PLANS.find((each) => each.environment === environment);
  const isUnclear = of.memory(world, environment).unclear.includes(`${execution} ${percent}`);
  const asked = [...(plan?.steps.find((step) => step.percent === percent)?.pause ? ['pause' as const] : []), ...(isUnclear ? ['inconclusive' as const] : [])];
  return asked.flatMap((gate) => missing(world, release, environment, gate, release.digest, percent));
}

/** @param isOut the tests of the environment come after what people said */
function missing(world: World, release: Release, environment: string, gate: Gate['gate'], digest: string, percent?: number, isOut = false): string[] {
  const { accepted: all, resumed } = of.witness(world, release.version, environment, saidAt({ gate, percent }));
  const evidence = evidenceOf(release, environment, isOut ? 'firebreak' : gate);
  const parties = Object.keys(PARTIES[gate]).filter((party) => all[party]?.digest !== digest || all[party]?.evidence !== evidence);
  return [...parties.map((party) => `the acceptance of ${party}`), ...(gate === 'firebreak' && !resumed ? ['being resumed'] : [])];
}
