import { matches } from '../../permissions';
import type { Grant } from './grants';
import type { Excuse } from './never-exercised';

export interface Excused {
  /** What nothing used and nobody excused. */
  readonly unused: readonly Grant[];
  readonly excused: readonly { readonly grant: Grant; readonly excuse: Excuse }[];
  /** Excuses, or those of their values, that nothing needs. */
  readonly stale: readonly Excuse[];
}

/** Sorts what nothing used into what is excused and what is not. Each value of an excuse must be needed. */
export function excuse(grants: readonly Grant[], isUsed: (grant: Grant) => boolean, excuses: readonly Excuse[]): Excused {
  const notUsed = grants.filter((grant) => !isUsed(grant));
  const excused = notUsed.flatMap((grant) => excuses.filter((each) => isFor(each, grant)).map((each) => ({ grant, excuse: each })));
  const needed = (each: Excuse, value: string) => (each.sometimes ? grants : notUsed).some((grant) => isFor({ ...each, values: [value] }, grant));
  return {
    unused: notUsed.filter((grant) => !excused.some((each) => each.grant === grant)),
    excused,
    stale: excuses.flatMap((each) => {
      const values = each.values.filter((value) => !needed(each, value));
      return values.length === 0 ? [] : [{ ...each, values }];
    }),
  };
}

function isFor({ policy, kind, values }: Excuse, grant: Grant): boolean {
  return matches(policy, grant.policy) && kind === grant.kind && values.some((value) => matchesWritten(value, grant.value));
}

/** A `*` that is written in a statement is `[*]` here; any other is any text. */
function matchesWritten(pattern: string, written: string): boolean {
  return matches(pattern.replaceAll('[*]', STAR), written.replaceAll('*', STAR));
}

const STAR = '\u0001';
