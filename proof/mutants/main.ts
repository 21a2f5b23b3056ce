/** `npm run mutants`: see options.ts for how to run it. Options are read before anything that takes time is loaded. */
import { asked } from '../options';
import { readOptions } from './options';

async function main(): Promise<void> {
  const options = asked('mutants', readOptions);
  if (!options) return;
  const { mutated } = await import('./mutated.js');
  if (!(await mutated(options))) process.exitCode = 1;
}

void main();
