import type { Action } from '../actions/action';

/** What a function read and wrote when it ran alone. A key that ends in a space stands for all that begin with it. */
export interface Footprint {
  readonly action: Action;
  readonly read: ReadonlySet<string>;
  readonly wrote: ReadonlySet<string>;
  readonly effects: readonly string[];
}

/** Whether one of two functions looks at, or changes, what the other changes: otherwise it makes no difference which is first, or in between. */
export function meet(a: Footprint, b: Footprint): boolean {
  return touches(a.wrote, b) || touches(b.wrote, a);
}

function touches(wrote: ReadonlySet<string>, { read, wrote: changed }: Footprint): boolean {
  for (const key of wrote) if (read.has(key) || changed.has(key)) return true;
  for (const kind of read) {
    if (!kind.endsWith(' ')) continue;
    for (const key of wrote) if (key.startsWith(kind)) return true;
  }
  return false;
}
