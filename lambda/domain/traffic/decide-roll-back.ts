import type { EndInput, Failure } from '../../contract';
import { holds } from '../environment';
import type { EnvironmentState, Release } from '../model';
import { staysOut } from '../outage/outage';
import type { RuleHeld, RuleTargets } from '../ports';
import { step } from '../steps/step';
import { isOriginal, versionInWords } from './original';
import { isBetween, missingInWords, missingOf, present } from './rules';
import { acceptedWeights, inWords, RULE_IS_GONE, sameTargets, targetsOf } from './weights';

/** What a roll back depends on: little, and nothing that anybody has to agree to. */
export interface RollBackView {
  readonly release: Release;
  readonly state: EnvironmentState;
  /** Of the accepted target; not looked at when nothing is live. */
  readonly healthyTargets: number;
  /** What the live rule holds. */
  readonly actual: RuleTargets;
}

interface Found {
  readonly release: Release;
  readonly state: EnvironmentState;
  /** In words: what the ledger recorded, and what the live rule held. */
  readonly expected: string;
  readonly actual: string;
  /** Names of live rules that are not there, where others of the environment are. */
  readonly missing: readonly string[];
}

export type RollBackDecision =
  /** `there`: the live rule holds the accepted target already, so it is not written. */
  | (Found & { readonly kind: 'write' | 'there'; readonly target: RuleHeld; readonly mismatch: boolean })
  /** In an outage, where what was accepted may not understand the shared state any more: users get no version, until somebody says so. */
  | (Found & { readonly kind: 'stayOut'; readonly target: RuleHeld; readonly mismatch: boolean })
  /** There is no live rule any more. */
  | (Found & { readonly kind: 'gone'; readonly mismatch: true })
  | (Found & { readonly kind: 'hold'; readonly why: string });

/** Where traffic goes back to. A live rule that is not as the ledger says is recorded and overwritten all the same. */
export function decideRollBack({ release, state, healthyTargets, actual }: RollBackView): RollBackDecision {
  const known = [state.weights, ...(state.lock?.intended ? [state.lock.intended] : [])].map((weights) => knownTargets(weights, state));
  const found = {
    release,
    state,
    expected: known.map((targets) => inWords(targets, state.slots)).join(' or '),
    actual: inWords(actual, state.slots),
    missing: missingOf(actual),
  };
  const { live } = state;
  const [recorded] = known as [RuleHeld];
  const isMismatch = !known.some((targets) => sameTargets(targets, actual) || isBetween(actual, recorded, targets));
  // There is nothing to write, and to hold the environment for it would be for ever: the release ends, and its ticket says what is wrong.
  if (actual.kind === 'gone') return { ...found, kind: 'gone', mismatch: true };
  // What is live is being rolled back beside this release, which has no users: it only ends, and they are left to who goes on with that.
  if (state.goingBack && !state.lock?.shifted) return { ...found, kind: 'there', target: recorded, mismatch: false };
  if (staysOut(state)) return { ...found, kind: 'stayOut', target: targetsOf({}, state.slots), mismatch: isMismatch };
  if (live && !holds(state, live)) return { ...found, kind: 'hold', why: `slot ${live.colour} does not hold ${live.version} any more` };
  if (live && healthyTargets === 0)
    return { ...found, kind: 'hold', why: `${isOriginal(live) ? versionInWords(live) : `slot ${live.colour} with ${live.version}`} has no healthy target` };
  const target = targetsOf(acceptedWeights(state), state.slots);
  // Where nothing was live before, the rule tells users of the outage, and is to tell them what it told them before.
  const there = sameTargets(present(actual), target) && !(state.outage && target.kind === 'other');
  return { ...found, kind: there ? 'there' : 'write', target, mismatch: isMismatch };
}

/** A colour whose slot the ledger has forgotten is no reason to stay: the rule then holds something else, which is a mismatch. */
export function knownTargets(weights: EnvironmentState['weights'], state: EnvironmentState): RuleHeld {
  const remembered = Object.entries(weights).filter(([colour]) => state.slots[colour]);
  return targetsOf(Object.fromEntries(remembered), state.slots);
}

/** Why the release ended, with what is wrong beside it where the live rule is gone. */
export function endedBecause({ kind, missing }: RollBackDecision, failure: Failure): Failure {
  if (kind === 'gone') return { ...failure, actual: `${failure.actual}; and the live rule is not there any more: ${RULE_IS_GONE}` };
  return missing.length > 0 ? { ...failure, actual: `${failure.actual}; and ${missingInWords(missing)}` } : failure;
}

/** Why nothing was written, for the ticket. */
export function holding(input: EndInput, { state, why, actual }: Extract<RollBackDecision, { kind: 'hold' }>): Failure {
  const { failure } = input;
  return {
    step: step.rollBack(input.environment),
    subject: 'the accepted target',
    expected: 'serves: holds the accepted version, with at least one healthy target',
    actual: `${why}; traffic stays as it is (${actual}) until it serves again or a person decides; the release was to go back because of ${failure.subject}: ${failure.actual}`,
    logs: state.live ? (state.slots[state.live.colour]?.targetGroupArn ?? failure.logs) : failure.logs,
  };
}
