import type { EnvironmentPlan } from '../../contract';
import type { EnvironmentState } from '../model';
import type { Ports } from '../ports';
import type { SwapBack, SwapBackView } from './decide-swap-back';
import { writeAndVerify } from './live-rule';
import { present } from './rules';
import { inWords, sameTargets, targetsOf } from './weights';

/** A roll back of what is live that can be. */
export type Swap = Extract<SwapBack, { kind: 'swap' }>;

/** What a roll back of what is live is decided by: the ledger first, then the world. */
export async function lookToSwap({ ledger, targets, liveRule }: Ports, plan: EnvironmentPlan): Promise<Omit<SwapBackView, 'request'>> {
  const state = await ledger.environment(plan.environment);
  const before = state.previous && state.slots[state.previous.colour];
  const [healthyTargets, actual] = await Promise.all([before ? targets.healthy(plan, before.targetGroupArn) : 0, liveRule.read(plan)]);
  return { state, healthyTargets, actual };
}

/** Gives users what was live before, with one write call, or none where they have it, and says in the tags that it is accepted. */
export async function carryOut(ports: Ports, plan: EnvironmentPlan, { state, target, targetGroupArn, actual, to }: Swap): Promise<void> {
  if (!sameTargets(present(actual), target)) await writeAndVerify(ports, plan, target, state.slots);
  await ports.liveRule.tagAccepted(plan, { colour: to.colour, version: to.version, targetGroupArn });
}

/** What the live rule held that the ledger did not know of. */
export function mismatchOf(state: EnvironmentState, actual: Swap['actual']): { readonly expected: string; readonly actual: string } | undefined {
  const expected = targetsOf(state.weights, state.slots);
  return sameTargets(expected, actual) ? undefined : { expected: inWords(expected, state.slots), actual: inWords(actual, state.slots) };
}
