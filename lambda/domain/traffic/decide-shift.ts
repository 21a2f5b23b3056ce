import type { Failure, ShiftInput } from '../../contract';
import { contractAgainst, notUnderstood } from '../contracts/started-contracts';
import { holds } from '../environment';
import { frozenFailure, frozenNow } from '../freezes/freeze';
import { approvalsHold, decisionsHold } from '../gates/gate';
import { firingInWords, namesOf } from '../health/firing';
import type { EnvironmentState, Gate, Release, Weights } from '../model';
import { isOut, outInWords, outOfTime } from '../outage/outage';
import type { AlarmsFound, RuleHeld, RuleTargets } from '../ports';
import { planOf } from '../release/release';
import { mayGoOn } from '../steps/recheck';
import { step, stepOf } from '../steps/step';
import { isBetween, missingInWords, missingOf } from './rules';
import { inWords, RULE_IS_GONE, sameTargets, shiftedWeights, targetsOf } from './weights';

/** Everything a shift depends on, as it is right before it. */
export interface ShiftView {
  readonly input: ShiftInput;
  readonly release: Release;
  readonly state: EnvironmentState;
  readonly gates: readonly Gate[];
  readonly alarms: AlarmsFound;
  readonly healthyTargets: number;
  /** What the live rule holds. */
  readonly actual: RuleTargets;
  readonly now: string;
}

export type ShiftDecision =
  /** Shifted before, and recorded. */
  | { readonly kind: 'done' }
  /** Written before by a writer that died before it recorded it. */
  | { readonly kind: 'record'; readonly weights: Weights; readonly targets: RuleHeld }
  | { readonly kind: 'write'; readonly weights: Weights; readonly targets: RuleHeld }
  | { readonly kind: 'refused'; readonly failure: Failure; readonly mismatch?: { readonly expected: string; readonly actual: string } };

/** Design, decisions 8 and 14: every check again, then the live rule against the ledger; only when both agree, traffic moves. */
export function decideShift(view: ShiftView): ShiftDecision {
  const { environment, colour, percent } = view.input;
  const weights = shiftedWeights(view.state.live?.colour, colour, percent);
  const failure = besideWhatIsOut(view, weights);
  return failure ? { kind: 'refused', failure } : decideWrite(view, stepOf(view.state).shift(environment, percent), weights);
}

/** A machine of before, or of a platform that allows outages no more, goes by steps: users of what is live would have a version that may not understand the state. */
function besideWhatIsOut({ input, state }: ShiftView, weights: Weights): Failure | undefined {
  const { environment, colour, percent, execution } = input;
  if (!isOut(state) || state.outage.against === undefined || Object.keys(weights).every((each) => each === colour)) return undefined;
  const expected = 'all of its users to the release at once';
  const actual = `${percent} percent of them; ${outInWords(state, state.outage)}: let ${environment} have plannedOutage, run cdk deploy for the platform, and submit the release again`;
  return { step: step.shift(environment, percent), subject: `the outage of ${environment}`, expected, actual, logs: execution };
}

/** The same for whatever weights a release is to have. @param at the step that asks, as a release manager reads it */
export function decideWrite(view: ShiftView, at: string, weights: Weights): ShiftDecision {
  const { input, release, state, actual } = view;
  const failure =
    mayGoOn(at, input, release, state) ??
    outOfTime(at, input, state, view.now) ??
    contracted(view, at) ??
    approvalsHold(planOf(release, input.environment), release, view.gates) ??
    undecided(view) ??
    unfit(view, at);
  if (failure) return { kind: 'refused', failure };
  const [wanted, expected] = [targetsOf(weights, state.slots), targetsOf(state.weights, state.slots)];
  if (sameTargets(actual, wanted)) {
    if (sameTargets(expected, wanted)) return { kind: 'done' };
    if (isIntended(state, wanted)) return { kind: 'record', weights, targets: wanted };
  }
  // Or, of several rules, half of it: by a writer that died in this very shift.
  if (sameTargets(actual, expected) || (isIntended(state, wanted) && isBetween(actual, expected, wanted))) {
    // What was written before is recorded, whatever has been frozen since.
    const freeze = frozenNow(state, view.now);
    return freeze ? { kind: 'refused', failure: frozenFailure(at, input, freeze) } : { kind: 'write', weights, targets: wanted };
  }
  return mismatch(view, at, { expected: inWords(expected, state.slots), actual: inWords(actual, state.slots) });
}

function isIntended({ lock, slots }: EnvironmentState, wanted: RuleHeld): boolean {
  return lock?.intended !== undefined && sameTargets(targetsOf(lock.intended, slots), wanted);
}

function mismatch(view: ShiftView, at: string, { expected, actual }: { readonly expected: string; readonly actual: string }): ShiftDecision {
  const { input } = view;
  const missing = missingOf(view.actual);
  const isMissing = missing.length > 0 ? missingInWords(missing) : 'somebody else moved traffic; find out who, and put it back before you submit again';
  const who = view.actual.kind === 'gone' ? RULE_IS_GONE : isMissing;
  const failure: Failure = {
    step: at,
    subject: `the live rule of ${input.environment}`,
    expected: `what the ledger recorded: ${expected}`,
    actual: `${actual}: ${who}`,
    logs: input.execution,
  };
  return { kind: 'refused', failure, mismatch: { expected, actual } };
}

/** What people were asked at the step before. */
function undecided(view: ShiftView): Failure | undefined {
  const plan = planOf(view.release, view.input.environment);
  const before = plan.steps[plan.steps.findIndex(({ percent }) => percent === view.input.percent) - 1];
  return before && decisionsHold(plan, before.percent, view);
}

/** Asked when it entered, too: none can start under its lock, so this holds whatever became of that. */
function contracted({ input, release, state }: ShiftView, at: string): Failure | undefined {
  const contract = contractAgainst(state, release);
  return contract && { step: at, ...notUnderstood(state, release, contract), logs: input.execution };
}

/** Why the slot may not get more traffic. A slot that is in trouble before its first request would only look like a bad release. */
function unfit(view: ShiftView, at: string): Failure | undefined {
  const { input, release, state, alarms } = view;
  const { colour, environment, execution } = input;
  const about = { step: at, logs: execution };
  const slot = state.slots[colour];
  if (!slot || !holds(state, { colour, version: release.version, digest: release.digest })) {
    return {
      ...about,
      subject: `slot ${colour}`,
      expected: 'holds this release',
      actual: slot ? `holds ${slot.version}, digest ${slot.digest}` : 'was not deployed',
    };
  }
  if (state.live && state.live.colour !== colour && !holds(state, state.live)) {
    return { ...about, subject: `slot ${state.live.colour}`, expected: 'holds what is live, to go back to', actual: `${state.live.version} is not in it` };
  }
  if ((state.weights[colour] ?? 0) > input.percent && state.live) {
    return {
      ...about,
      subject: `the share of slot ${colour}`,
      expected: `at most ${input.percent} percent so far`,
      actual: `${state.weights[colour]} percent`,
    };
  }
  const [firing, missing] = [namesOf(alarms.firing), alarms.missing.join(', ')];
  if (firing) {
    const actual = `in ALARM already: ${firingInWords(alarms.firing)}`;
    return { ...about, subject: `alarm ${firing}`, expected: 'not in ALARM before traffic moves', actual, logs: firing };
  }
  if (missing) return { ...about, subject: `alarm ${missing}`, expected: 'exists, to watch the slot', actual: 'missing', logs: missing };
  if (view.healthyTargets > 0) return undefined;
  return {
    ...about,
    subject: `the targets of ${environment}'s shadow`,
    expected: 'at least one healthy',
    actual: `none in ${colour}: its requests would be lost; its target group says why, submit the release again when one is healthy`,
    logs: slot.targetGroupArn,
  };
}
