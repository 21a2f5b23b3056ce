import type { RuleHeld, RuleTargets } from '../ports';
import { RULE_IS_GONE, sameTargets } from './weights';

/** What the rules of an environment hold, from what each does: one that is not as the others makes them `apart`. */
export function together(held: readonly (readonly [string, RuleHeld])[]): RuleTargets {
  const [first] = held;
  if (first && held.every(([, each]) => sameTargets(each, first[1]))) return first[1];
  return { kind: 'apart', rules: Object.fromEntries(held) };
}

/** What one of them holds. @returns undefined for one that was made after they were read */
export function heldBy(targets: RuleTargets, rule: string): RuleHeld | undefined {
  return targets.kind === 'apart' ? targets.rules[rule] : targets;
}

/** Names of rules that somebody removed, where others of the environment are there; where none is, they are `gone` as a whole. */
export function missingOf(targets: RuleTargets): string[] {
  return targets.kind === 'apart' ? Object.entries(targets.rules).flatMap(([rule, { kind }]) => (kind === 'gone' ? [rule] : [])) : [];
}

/** What those hold that are there. */
export function present(targets: RuleTargets): RuleTargets {
  return targets.kind === 'apart' ? together(Object.entries(targets.rules).filter(([, { kind }]) => kind !== 'gone')) : targets;
}

/** Whether they are what a writer leaves that dies between two of them: each as before, or as it was to be. */
export function isBetween(targets: RuleTargets, before: RuleHeld, after: RuleHeld): boolean {
  return targets.kind === 'apart' && Object.values(targets.rules).every((held) => sameTargets(held, before) || sameTargets(held, after));
}

/** For a message, where rules are missing. */
export function missingInWords(rules: readonly string[]): string {
  return `of its live rules ${rules.join(' and ')} is not there any more: ${RULE_IS_GONE}`;
}
