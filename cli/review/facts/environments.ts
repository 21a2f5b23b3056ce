import type { ReviewedPath } from '../read/reviewed-path';

/** Stands for the name of each environment in turn. */
export const ANY_ENVIRONMENT = '<environment>';

/** Texts, each once and in order; those that differ in nothing but the environment, and are there for all environments, become one. */
export function environmentsIn(texts: readonly string[], { plans }: Pick<ReviewedPath, 'plans'>): string[] {
  const names = plans.map(({ environment }) => environment);
  const all = [...new Set(texts)].sort();
  if (names.length < 2) return all;
  const anywhere = (text: string) => names.reduce((sofar, name) => sofar.replace(new RegExp(`(?<=[/-])${name}(?=[/-]|$)`), ANY_ENVIRONMENT), text);
  const counts = new Map<string, Set<string>>();
  for (const text of all) counts.set(anywhere(text), (counts.get(anywhere(text)) ?? new Set()).add(text));
  const together = (text: string) => text.includes(ANY_ENVIRONMENT) && counts.get(text)?.size === names.length;
  return [...new Set(all.map((text) => (together(anywhere(text)) ? anywhere(text) : text)))];
}
