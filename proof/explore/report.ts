import { INVARIANTS, type Invariant } from './invariants/invariants';
import { boundsInWords } from './runs';
import type { Bounds, Explored, Violation } from './search/bounds';

/** What was seen, a line each. */
export function counts(bounds: Bounds, explored: Explored): string[] {
  const { states, transitions, deepest, atRest, byTroubles, seconds } = explored;
  return [
    `${boundsInWords(bounds)}:`,
    `  ${grouped(states)} states, ${grouped(transitions)} transitions, ${grouped(states / seconds)} states and ${grouped(transitions / seconds)} transitions a second of one processor`,
    `  by troubles: ${byTroubles.map(grouped).join(', ')}; at rest: ${grouped(atRest)}; the longest of the shortest stories: ${deepest} actions`,
  ];
}

/** What does not hold, and the shortest story in which it does not. */
export function told({ invariant, found, story }: Violation): string[] {
  return [`does not hold: ${INVARIANTS[invariant as Invariant]}`, `  ${found}`, ...story.map((action, index) => `  ${index + 1}. ${action}`)];
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}
