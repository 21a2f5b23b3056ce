import type { RuleHeld } from '../domain/ports';

/** What served by one rule before any release, and what the ledger calls that: the target group of the environment's first rule. */
export interface ServedBefore {
  readonly ledger: string;
  readonly rule: string;
}

/**
 * The ledger has one set of weights for all rules of an environment, while by each of them another target group may have served before: one name is
 * swapped for the other on the way in and on the way out. A rule that holds the target group of another one is then as different as it is.
 */
export function swapped(arn: string, { ledger, rule }: ServedBefore): string {
  return arn === ledger ? rule : arn === rule ? ledger : arn;
}

/** Target group -> weight, each by its other name. */
export function swappedWeights(weights: Readonly<Record<string, number>>, before: ServedBefore): Record<string, number> {
  return Object.fromEntries(Object.entries(weights).map(([arn, weight]) => [swapped(arn, before), weight]));
}

/** What a rule holds, as the ledger would say it. */
export function asTheLedgerHasIt(held: RuleHeld, before: ServedBefore): RuleHeld {
  return held.kind === 'slots' ? { kind: 'slots', weights: swappedWeights(held.weights, before) } : held;
}
