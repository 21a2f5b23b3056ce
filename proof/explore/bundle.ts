import { Worker } from 'node:worker_threads';
import { bundled as bundledEntry } from '../code/bundled';
import type { Definitions } from '../machines/definition';
import type { Bounds, Explored } from './search/bounds';
import type { SeededBug } from './seeded/bug';

/** The exploration and the rules as one text. @param bug a rule to break on the way */
export function bundled(bug?: SeededBug): Promise<string> {
  return bundledEntry('proof/explore/apart.ts', bug?.edits);
}

/** Explores in a thread of its own. */
export function exploredApart(code: string, definitions: Definitions, bounds: Bounds, tell: (line: string) => void = () => undefined): Promise<Explored> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true, workerData: { definitions, bounds }, resourceLimits: { maxOldGenerationSizeMb: 12_000 } });
    worker.on('message', ({ line, explored }: { readonly line?: string; readonly explored?: Explored }) => {
      if (line !== undefined) tell(line);
      if (explored === undefined) return;
      resolve(explored);
      void worker.terminate();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the exploration ended with ${code}, and without a result`)));
  });
}
