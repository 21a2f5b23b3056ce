import type { Definitions } from '../machines/definition';
import { bundled, exploredApart } from './bundle';
import type { Invariant } from './invariants/invariants';
import type { SeededBug } from './seeded/bug';

/** Whether the exploration finds a rule that was broken on purpose, by an invariant that is about it; and that in a line. */
export async function foundIn(bug: SeededBug, definitions: Definitions): Promise<{ readonly isFound: boolean; readonly line: string }> {
  const { states, violation } = await exploredApart(await bundled(bug), definitions, bug.within);
  if (!violation) return { isFound: false, line: `MISSED  ${bug.name}: ${states} states, and nothing is wrong` };
  const isFound = bug.breaks.includes(violation.invariant as Invariant);
  const how = `${violation.invariant}: ${violation.found}; after ${violation.story.length} actions, ${states} states`;
  return { isFound, line: `${isFound ? 'found ' : 'OTHERWISE'}  ${bug.name}: ${how}` };
}
