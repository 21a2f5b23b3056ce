import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { bundled } from '../code/bundled';
import type { SeededBug } from './seeded/bugs';
import type * as Simulation from './simulate';
import type { Found } from './simulate';
import type { Synthesized } from './world/path';

/** Most of what a world makes is gone with it: room for many makes collecting it cheap. */
const YOUNG_MB = 64;

/** The simulation, with every rule and handler, as one text: loaded file by file it takes half as long again. @param bug a rule to break on the way */
export function bundle(bug?: SeededBug): Promise<string> {
  return bundled('proof/simulate/simulate.ts', bug && [bug.edit]);
}

export function loaded(code: string): typeof Simulation {
  const module = { exports: {} };
  new Function('module', 'exports', 'require', code)(module, module.exports, createRequire(__filename));
  return module.exports as typeof Simulation;
}

/** One share of a simulation, on a core of its own. */
export function simulateInWorker(code: string, share: { readonly synthesized: Synthesized } & Omit<Simulation.SimulateOptions, 'paths'>): Promise<Found> {
  const begin = `{
    const { parentPort, workerData } = require('node:worker_threads');
    const { simulate, pathsOf } = module.exports;
    const { synthesized, ...share } = workerData;
    simulate({ ...share, paths: pathsOf(synthesized) }).then((found) => parentPort.postMessage(found));
  }`;
  return new Promise((resolve, reject) => {
    new Worker(`const module = { exports: {} };\n${code}\n${begin}`, { eval: true, workerData: share, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } })
      .once('message', resolve)
      .once('error', reject);
  });
}
