/** `npm run explore`: see options.ts for how to run it. Options are read before anything that takes time is loaded. */
import { asked } from '../options';
import { readOptions } from './options';

async function main(): Promise<void> {
  const options = asked('explore', readOptions);
  if (!options) return;
  const { explored } = await import('./explored.js');
  if (!(await explored(options))) process.exitCode = 1;
}

void main();
