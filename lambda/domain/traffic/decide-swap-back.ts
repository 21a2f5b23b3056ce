import type { EnvironmentPlan, Failure, RollBackRequest } from '../../contract';
import type { EnvironmentState, HeldVersion } from '../model';
import type { RuleHeld, RuleTargets } from '../ports';
import { step } from '../steps/step';
import { isOriginal, versionInWords } from './original';
import { present } from './rules';
import { contractRuns, inOneSentence, wayBack } from './way-back';
import { RULE_IS_GONE, sameTargets, targetsOf } from './weights';

/** What the roll back of a finished release depends on. */
export interface SwapBackView {
  readonly request: RollBackRequest;
  readonly state: EnvironmentState;
  /** Of the slot with what was live before. */
  readonly healthyTargets: number;
  readonly actual: RuleTargets;
}

export type SwapBack =
  | {
      readonly kind: 'swap';
      readonly state: EnvironmentState;
      readonly from: HeldVersion;
      readonly to: HeldVersion;
      readonly target: RuleHeld;
      readonly targetGroupArn: string;
      readonly actual: RuleTargets;
    }
  | { readonly kind: 'refused'; readonly failure: Failure; readonly state: EnvironmentState; readonly actual: RuleTargets };

/**
 * Whether, and where to, a finished release can be rolled back. A release that was itself rolled back here is no target: rolling back
 * twice would put the bad version live again.
 */
export function decideSwapBack({ request, state, healthyTargets, actual }: SwapBackView): SwapBack {
  const { live, lock } = state;
  const refused = (expected: string, found: string): SwapBack => ({ kind: 'refused', failure: refusal(request, expected, found), state, actual });
  if (lock?.contract) return refused('no contract under way', contractRuns(state, lock));
  // One in the shadow is told to stop by who asks, and gets no users any more; the slot that it has is no target.
  if (lock && !isBesideShadow(state))
    return refused('no release in flight', `release ${lock.release} holds ${state.environment} since ${lock.since}: ask for its roll back instead`);
  if (state.retirement)
    return refused('an environment that stays', `${state.environment} is being retired: its users go back to what served before any release, or have by now`);
  if (!live) return refused('a release that is live', nothingLive(state));
  if (actual.kind === 'gone') return refused('a live rule', RULE_IS_GONE);
  const back = wayBack(state);
  if (back.kind === 'none') return refused('the version that was live before, in its slot', inOneSentence(back));
  const { to, targetGroupArn } = back;
  const target = targetsOf({ [to.colour]: 100 }, state.slots);
  // Users were given it already, by a writer that died: the ledger says so, whatever it serves.
  const isThere = state.goingBack !== undefined && sameTargets(present(actual), target);
  if (healthyTargets === 0 && !isThere) return refused('at least one healthy target', noHealthyTarget(to, state));
  return { kind: 'swap', state, from: live, to, target, targetGroupArn, actual };
}

/** Why nothing is rolled back where no release is live. */
export function nothingLive({ live, environment }: Pick<EnvironmentState, 'live' | 'environment'>): string {
  return `${versionInWords(live)} is live in ${JSON.stringify(environment)}, so there is nothing to roll back; ptl status says what happened there`;
}

/** Why nobody is given to what was live before. */
export function noHealthyTarget(to: HeldVersion, { live }: EnvironmentState): string {
  return `${isOriginal(to) ? versionInWords(to) : `slot ${to.colour} with ${to.version}`} has none: traffic stays on ${live?.version}`;
}

/** Whether what is live can be rolled back although a release is in flight: that has no users, nor the slot that it goes back to, and that one runs. */
export function isBesideShadow(state: EnvironmentState): boolean {
  const { lock } = state;
  if (!lock || lock.shifted || lock.contract) return false;
  const back = wayBack(state);
  return back.kind === 'slot' && back.to.colour !== lock.colour && state.slots[back.to.colour]?.loweredFrom === undefined;
}

/** Why a roll back that a person asked for cannot be. */
export function refusal(request: RollBackRequest, expected: string, actual: string): Failure {
  return { step: step.rollBack(request.environment), subject: 'the roll back target', expected, actual, logs: request.environment };
}

/** Why a live release was taken back, for its ticket. What it wrote is in the log groups of its slot, which goes on running. */
export function swapFailure(
  { environment, who, reason }: RollBackRequest,
  from: HeldVersion,
  plan: EnvironmentPlan,
  slots: EnvironmentState['slots'],
): Failure {
  const { stackName } = plan.slots.find(({ colour }) => colour === from.colour) ?? {};
  const where = stackName === undefined ? `target group ${slots[from.colour]?.targetGroupArn}` : `log groups of the stack ${stackName}`;
  const actual = `${from.version} was live in ${from.colour}, and ${who} rolled it back: ${reason}`;
  return {
    step: step.rollBack(environment),
    subject: 'a live release',
    expected: 'stays live until the next one',
    actual,
    ofRelease: from.version,
    logs: `${where} in ${plan.account}, ${plan.region}`,
  };
}
