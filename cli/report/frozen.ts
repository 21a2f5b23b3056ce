import type { EnvironmentView, FreezeView } from '../../lambda/contract';
import { person } from './person';
import { hanging } from './table';
import { instant } from './time';

/** Until when nothing goes live, and who said so. */
export function frozenInWords({ by, at, until, reason }: FreezeView): string {
  const end = until === undefined ? 'until somebody ends it' : `until ${instant(until)}`;
  return `nothing goes live ${end}; frozen since ${instant(at)} by ${person(by)}: ${reason}`;
}

/** The freeze of an environment, with what ends it. */
export function frozenReport({ environment, frozen }: EnvironmentView, columns: number): string[] {
  if (frozen === undefined) return [];
  return [...hanging(`${environment}: `, frozenInWords(frozen), columns - 2), `  $ ptl unfreeze ${environment} --reason "<why>"`];
}
