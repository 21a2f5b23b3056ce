/** What runs in a thread of its own, bundled with the rules as they are or with one of them changed. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Definitions } from '../machines/definition';
import { Engine } from './engine/engine';
import type { Bounds } from './search/bounds';
import { Exploration } from './search/explore';

const { definitions, bounds } = workerData as { readonly definitions: Definitions; readonly bounds: Bounds };

// Errors are answers here, thousands a second: nobody reads where they came from.
Error.stackTraceLimit = 0;

void new Exploration(new Engine(definitions), bounds, (line) => parentPort?.postMessage({ line }))
  .run()
  .then((explored) => parentPort?.postMessage({ explored }));
