/** What a live rule holds, beside what it is to hold. */
import type { EnvironmentState } from '../../../lambda/domain/model';
import type { RuleTargets } from '../../../lambda/domain/ports';
import { placeOf, slotOf, targetGroupOf } from '../path';

export function accepted({ live }: EnvironmentState): Readonly<Record<string, number>> {
  return live ? { [live.colour]: 100 } : {};
}

/** What an environment without a release has: what is live, or nobody in an outage. */
export function free(state: EnvironmentState): Readonly<Record<string, number>> {
  return state.outage ? {} : accepted(state);
}

/** What somebody who rolls back what is live has announced: outside any release, or beside one that has no users, and another slot. */
export function swapped({ lock, previous, live, goingBack }: EnvironmentState): Readonly<Record<string, number>> | undefined {
  const isBeside = !lock || (!lock.shifted && lock.colour !== previous?.colour);
  return isBeside && live && previous && goingBack ? { [previous.colour]: 100 } : undefined;
}

/** Whether a live rule holds exactly these weights of colours. */
export function sameAs(rule: RuleTargets, weights: Readonly<Record<string, number>>, { environment }: EnvironmentState): boolean {
  const wanted = Object.fromEntries(Object.entries(weights).map(([colour, percent]) => [targetGroupOf(slotOf(environment, colour).stackName), percent]));
  const found = rule.kind === 'slots' ? rule.weights : {};
  const arns = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
  return arns.every((arn) => (wanted[arn] ?? 0) === (found[arn] ?? 0));
}

export function wholeWeights(weights: Readonly<Record<string, number>>): boolean {
  const values = Object.values(weights);
  return values.every((each) => Number.isInteger(each) && each > 0) && values.reduce((sum, each) => sum + each, 0) === 100;
}

export function alone(rule: RuleTargets, arn: string): boolean {
  return rule.kind === 'slots' && Object.keys(rule.weights).length === 1 && rule.weights[arn] === 100;
}

/** Target groups that have more than before. */
export function gains(was: RuleTargets, is: RuleTargets): string[] {
  const before = was.kind === 'slots' ? was.weights : {};
  return is.kind === 'slots' ? Object.keys(is.weights).filter((arn) => (is.weights[arn] ?? 0) > (before[arn] ?? 0)) : [];
}

export function words(rule: RuleTargets): string {
  if (rule.kind !== 'slots') return rule.kind;
  return Object.entries(rule.weights)
    .map(([arn, percent]) => `${placeOf(arn).colour} ${percent}`)
    .join(', ');
}
