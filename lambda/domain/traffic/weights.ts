import { Conflict } from '../errors';
import type { EnvironmentState, Weights } from '../model';
import type { RuleHeld, RuleTargets } from '../ports';

/**
 * Percent of live traffic by colour once the shadow has `percent` of it. At 100 only the shadow is left. With nothing live there is
 * nobody to share with, so the first shift of a first release goes from 0 to 100 whatever the step asks for.
 */
export function shiftedWeights(live: string | undefined, shadow: string, percent: number): Weights {
  if (!Number.isInteger(percent) || percent < 1 || percent > 100) {
    throw new Conflict(`a step is a whole number from 1 to 100, got: ${JSON.stringify(percent)}`);
  }
  if (live === undefined || live === shadow || percent === 100) return { [shadow]: 100 };
  return { [live]: 100 - percent, [shadow]: percent };
}

/** What the environment goes back to: all of it on what is live, nothing of ours when nothing is. */
export function acceptedWeights(state: Pick<EnvironmentState, 'live'>): Weights {
  return state.live ? { [state.live.colour]: 100 } : {};
}

/** What the live rule holds with these weights. @throws Conflict when the ledger does not know the slot of a colour that has traffic. */
export function targetsOf(weights: Weights, slots: EnvironmentState['slots']): RuleHeld {
  const entries = Object.entries(weights).filter(([, percent]) => percent > 0);
  if (entries.length === 0) return { kind: 'other' };
  return { kind: 'slots', weights: Object.fromEntries(entries.map(([colour, percent]) => [targetGroupOf(colour, slots), percent])) };
}

function targetGroupOf(colour: string, slots: EnvironmentState['slots']): string {
  const slot = slots[colour];
  if (!slot) throw new Conflict(`the ledger does not know what the slot ${colour} holds, so no traffic can be sent there; deploy a release to it`);
  return slot.targetGroupArn;
}

/**
 * Whether both send live traffic to the same target groups in the same shares. A target group alone has all of it, whatever its number. Rules that are apart
 * do not: no rule is ever wanted so.
 */
export function sameTargets(a: RuleTargets, b: RuleTargets): boolean {
  if (a.kind === 'apart' || b.kind === 'apart') return false;
  if (a.kind === 'gone' || b.kind === 'gone') return a.kind === b.kind;
  const [mine, others] = [shares(a), shares(b)];
  return mine.size === others.size && [...mine].every(([arn, share]) => others.get(arn) === share);
}

function shares(targets: RuleHeld): Map<string, number> {
  const serving = targets.kind !== 'slots' ? [] : Object.entries(targets.weights).filter(([, weight]) => weight > 0);
  return new Map(serving.length === 1 ? serving.map(([arn]) => [arn, 100]) : serving);
}

/** What a live rule that somebody removed means, and the way out: CloudFormation knows it by its id, which does not come back. */
export const RULE_IS_GONE =
  'somebody removed it, and users get what the other rules of the listener answer; have it made anew with cdk deploy -c live-rule-anew=<any text> of the front door, give traffic back with ptl recover, and find out who it was';

/** For people: `blue 90, green 10`, or `Main: blue 90, green 10; Internal: blue 100`. A target group that no slot of the environment has is named by its ARN. */
export function inWords(targets: RuleTargets, slots: EnvironmentState['slots']): string {
  if (targets.kind === 'apart')
    return Object.entries(targets.rules)
      .map(([rule, held]) => `${rule}: ${inWords(held, slots)}`)
      .join('; ');
  if (targets.kind === 'other') return 'no slot: 503';
  if (targets.kind === 'gone') return 'nothing: the rule is not there any more';
  const colours = new Map(Object.entries(slots).map(([colour, slot]) => [slot.targetGroupArn, colour]));
  return Object.entries(targets.weights)
    .map(([arn, weight]) => `${colours.get(arn) ?? arn} ${weight}`)
    .sort()
    .join(', ');
}
