import { decideAgain } from '../commands/decide-again';
import { aboutToSwapBack, notSwappedBack } from '../environment';
import type { EnvironmentState } from '../model';
import type { Ports, RuleTargets } from '../ports';
import { present } from './rules';
import { acceptedWeights, sameTargets, targetsOf } from './weights';

/** A roll back of what is live that has begun: who asked for it first, and why. */
export type GoingBack = NonNullable<EnvironmentState['goingBack']>;

type Decision =
  | { readonly kind: 'swap' | 'refused' | 'stays'; readonly state: EnvironmentState; readonly actual: RuleTargets }
  | { readonly kind: 'done' | 'left' };

/**
 * Decides about the roll back of what is live, and records the decision before anything is written: a writer that dies later leaves behind what it was at. Where it cannot
 * be, and users are on what is live, what an earlier writer had left is over, too. Only for the holder of the lease.
 *
 * @param decide reads the world, and decides about it as it is
 */
export async function recordIntent<T extends Decision>({ ledger, clock }: Ports, asked: GoingBack, decide: () => Promise<T>): Promise<T> {
  return decideAgain(clock, async () => {
    const decided = await decide();
    const decision: Decision = decided;
    if (!('state' in decision)) return decided;
    const { kind, state } = decision;
    if (kind === 'swap' && !state.goingBack) await ledger.commit({ put: [aboutToSwapBack(state, asked)], audit: [] });
    if (isOver(decision)) await ledger.commit({ put: [notSwappedBack(state)], audit: [] });
    return decided;
  });
}

function isOver({ kind, state, actual }: Extract<Decision, { readonly state: EnvironmentState }>): boolean {
  return (
    kind !== 'swap' && state.goingBack !== undefined && state.live !== undefined && sameTargets(targetsOf(acceptedWeights(state), state.slots), present(actual))
  );
}

/** For whoever cannot go on meanwhile: what is under way, and how it ends. */
export function wasGoingBack(environment: string, { by, at, reason }: GoingBack): string {
  return `${by} asked for the roll back of ${environment} at ${at} (${reason}), and its writer died, or lost its answer, before it had recorded where users are; ptl recover ${environment} finishes it, and so does ptl roll-back ${environment}`;
}
