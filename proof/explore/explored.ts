import { describeMachine } from '../../bench/machine';
import { makeBundles } from '../bundles';
import { bundled, exploredApart } from './bundle';
import { definitionsOfThePath } from './definitions';
import { INVARIANTS } from './invariants/invariants';
import type { Options } from './options';
import { counts, told } from './report';
import type { Bounds } from './search/bounds';
import { SEEDED } from './seeded';
import { foundIn } from './seeded-found';

/** Progress; standard output is for the counts. */
const tell = (line: string) => console.error(`... ${line}`);

/** What `npm run explore` does. @returns whether all was as it must be */
export function explored({ seeded, mostTroubles, runs }: Options): Promise<boolean> {
  console.log(describeMachine());
  makeBundles();
  return seeded ? breakOnPurpose(mostTroubles) : explore(runs);
}

async function explore(runs: readonly Bounds[]): Promise<boolean> {
  const code = await bundled();
  let violations = 0;
  for (const bounds of runs) {
    const found = await exploredApart(code, definitionsOfThePath(bounds), bounds, tell);
    console.log(counts(bounds, found).join('\n'));
    if (!found.violation) continue;
    violations += 1;
    console.log(told(found.violation).join('\n'));
  }
  console.log(`${Object.keys(INVARIANTS).length} invariants, ${violations} violations`);
  return violations === 0;
}

async function breakOnPurpose(mostTroubles: number): Promise<boolean> {
  const bugs = SEEDED.filter(({ within }) => within.troubles <= mostTroubles);
  let missed = 0;
  for (const bug of bugs) {
    const { isFound, line } = await foundIn(bug, definitionsOfThePath(bug.within));
    console.log(line);
    if (!isFound) missed += 1;
  }
  console.log(`${bugs.length - missed} of ${bugs.length} rules that were broken on purpose were found`);
  return missed === 0;
}
