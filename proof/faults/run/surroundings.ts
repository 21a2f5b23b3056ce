import { setTimeout as wait } from 'node:timers/promises';
import type { Surroundings } from '../../../cli/surroundings';

/** For the parts of `ptl` that are used here: nothing is printed. */
export function surroundings(): Surroundings {
  const silent = () => undefined;
  return {
    env: process.env,
    directory: process.cwd(),
    called: 'ptl',
    print: silent,
    say: silent,
    columns: 80,
    now: () => Date.now(),
    sleep: (milliseconds) => wait(milliseconds),
  };
}
