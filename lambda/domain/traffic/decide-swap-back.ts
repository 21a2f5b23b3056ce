import type { Failure, RollBackRequest } from '../../contract';
import { holdsPrevious } from '../environment';
import type { EnvironmentState, Release } from '../model';
import type { RuleTargets } from '../ports';
import { step } from '../steps/step';
import { targetsOf } from './weights';

type Live = NonNullable<EnvironmentState['live']>;

/** What the roll back of a finished release depends on. */
export interface SwapBackView {
  readonly request: RollBackRequest;
  readonly state: EnvironmentState;
  /** The release that was live before. */
  readonly before: Release | undefined;
  readonly healthyTargets: number;
  readonly actual: RuleTargets;
}

export type SwapBack =
  | {
      readonly kind: 'swap';
      readonly state: EnvironmentState;
      readonly from: Live;
      readonly to: Live;
      readonly target: RuleTargets;
      readonly targetGroupArn: string;
      readonly actual: RuleTargets;
    }
  | { readonly kind: 'refused'; readonly failure: Failure };

/**
 * Whether, and where to, a finished release can be rolled back. A release that was itself rolled back here is no target: rolling back
 * twice would put the bad version live again.
 */
export function decideSwapBack({ request, state, before, healthyTargets, actual }: SwapBackView): SwapBack {
  const { live, previous, lock } = state;
  const refused = (expected: string, found: string): SwapBack => ({ kind: 'refused', failure: refusal(request, expected, found) });
  if (lock) return refused('no release in flight', `release ${lock.release} holds ${state.environment} since ${lock.since}: ask for its roll back instead`);
  if (!live) return refused('a release that is live', 'nothing is live');
  const target = previous && state.slots[previous.colour];
  if (!previous || !target || !holdsPrevious(state)) {
    const was = previous ? `slot ${previous.colour} does not hold ${previous.version} any more` : 'no slot holds a version that was live before';
    return refused('the version that was live before, in its slot', `${was}: submit the version you want as a new release`);
  }
  if (before?.reached[state.environment] === 'rolledBack') {
    return refused('a version that was not rolled back', `${previous.version} was rolled back here, ${live.version} took its place: submit a new version`);
  }
  if (healthyTargets === 0)
    return refused('at least one healthy target', `slot ${previous.colour} with ${previous.version} has none: traffic stays on ${live.version}`);
  const { targetGroupArn } = target;
  return { kind: 'swap', state, from: live, to: previous, target: targetsOf({ [previous.colour]: 100 }, state.slots), targetGroupArn, actual };
}

/** Why a roll back that a person asked for cannot be. */
export function refusal(request: RollBackRequest, expected: string, actual: string): Failure {
  return { step: step.rollBack(request.environment), subject: 'the roll back target', expected, actual, logs: request.environment };
}

/** Why a live release was taken back, for its ticket. */
export function swapFailure({ environment, who, reason }: RollBackRequest, from: Live): Failure {
  const actual = `${from.version} was live in ${from.colour}, and ${who} rolled it back: ${reason}`;
  return { step: step.rollBack(environment), subject: 'a live release', expected: 'stays live until the next one', actual, logs: `slot ${from.colour}` };
}
