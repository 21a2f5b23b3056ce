import type { EnvironmentView, FreezeView } from '../../lambda/contract';
import { person } from './person';
import { hanging } from './table';
import { instant } from './time';

/** Until when nothing goes live, and who said so. */
export function frozenInWords({ by, at, until, reason }: FreezeView): string {
  return `nothing goes live ${endOf(until)}; frozen since ${instant(at)} by ${person(by)}: ${reason}`;
}

/** Whose freeze another takes the place of, until when that was to last, and why. */
export function replacedInWords({ by, at, until, reason }: FreezeView): string {
  return `that takes the place of the freeze by ${person(by)} since ${instant(at)}, ${endOf(until)}: ${reason}`;
}

function endOf(until: string | undefined): string {
  return until === undefined ? 'until somebody ends it' : `until ${instant(until)}`;
}

/** The freeze of an environment, with what ends it. */
export function frozenReport({ environment, frozen }: EnvironmentView, columns: number): string[] {
  if (frozen === undefined) return [];
  return [...hanging(`${environment}: `, frozenInWords(frozen), columns - 2), `  $ ptl unfreeze ${environment} --reason "<why>"`];
}
