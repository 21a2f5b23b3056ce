/** `npm run explore`: see options.ts for how to run it. */
import { describeMachine } from '../../bench/machine';
import { bundled, exploredApart } from './bundle';
import { definitionsOfThePath } from './definitions';
import type { Definitions } from './engine/definitions';
import { INVARIANTS } from './invariants/invariants';
import { readOptions } from './options';
import { counts, told } from './report';
import type { Bounds } from './search/bounds';
import { SEEDED } from './seeded';
import { foundIn } from './seeded-found';

/** Progress; standard output is for the counts. */
const tell = (line: string) => console.error(`... ${line}`);

async function explore(definitions: Definitions, runs: readonly Bounds[]): Promise<number> {
  const code = await bundled();
  let violations = 0;
  for (const bounds of runs) {
    const explored = await exploredApart(code, definitions, bounds, tell);
    console.log(counts(bounds, explored).join('\n'));
    if (!explored.violation) continue;
    violations += 1;
    console.log(told(explored.violation).join('\n'));
  }
  console.log(`${Object.keys(INVARIANTS).length} invariants, ${violations} violations`);
  return violations;
}

/** @returns how many were not found */
async function breakOnPurpose(definitions: Definitions, mostTroubles: number): Promise<number> {
  const bugs = SEEDED.filter(({ within }) => within.troubles <= mostTroubles);
  let missed = 0;
  for (const bug of bugs) {
    const { isFound, line } = await foundIn(bug, definitions);
    console.log(line);
    if (!isFound) missed += 1;
  }
  console.log(`${bugs.length - missed} of ${bugs.length} rules that were broken on purpose were found`);
  return missed;
}

/** What is to be done; undefined when there is nothing to do but what has been printed. */
function asked() {
  try {
    return readOptions();
  } catch (error) {
    console.error(`${(error as Error).message}\nWhat there is says npm run explore -- --help`);
    process.exitCode = 1;
    return undefined;
  }
}

async function main(): Promise<void> {
  const options = asked();
  if (!options) return;
  console.log(describeMachine());
  const definitions = definitionsOfThePath();
  const wrong = options.seeded ? await breakOnPurpose(definitions, options.mostTroubles) : await explore(definitions, options.runs);
  if (wrong > 0) process.exitCode = 1;
}

void main();
