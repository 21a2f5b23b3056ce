/** `npm run simulate`: see options.ts for how to run it. Options are read before anything that takes time is loaded. */
import { asked } from '../options';
import { readOptions } from './options';

async function main(): Promise<void> {
  const options = asked('simulate', readOptions);
  if (!options) return;
  const { simulated } = await import('./simulated.js');
  if (!(await simulated(options))) process.exitCode = 1;
}

void main();
