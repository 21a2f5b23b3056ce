import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build, type Plugin } from 'esbuild';
import type { Definitions } from './engine/definitions';
import type { Bounds, Explored } from './search/bounds';
import type { Edit, SeededBug } from './seeded';

const ROOT = join(__dirname, '..', '..');

/** The exploration and the rules as one text. @param bug a rule to break on the way; the sources stay as they are */
export async function bundled(bug?: SeededBug): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['proof/explore/apart.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    plugins: [withoutWiring, ...(bug ? [seeded(bug)] : [])],
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
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

/** Handlers export what Lambda calls, with clients of AWS: nobody calls that here. */
const withoutWiring: Plugin = {
  name: 'without-wiring',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/wiring$/ }, () => ({ path: 'wiring', namespace: 'nothing' }));
    onLoad({ filter: /.*/, namespace: 'nothing' }, async () => {
      const source = await readFile(join(ROOT, 'lambda/handlers/wiring.ts'), 'utf8');
      const names = [...source.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
      return { contents: ['task', ...names].map((name) => `export const ${name} = () => undefined;`).join('\n'), loader: 'js' };
    });
  },
};

function seeded({ edits }: SeededBug): Plugin {
  return {
    name: 'seeded-bug',
    setup({ onLoad }) {
      onLoad({ filter: /lambda[/\\]domain[/\\]/ }, async ({ path }) => {
        const mine = edits.filter(({ file }) => path === join(ROOT, 'lambda/domain', file));
        return { contents: mine.reduce(edited, await readFile(path, 'utf8')), loader: 'ts' };
      });
    },
  };
}

function edited(source: string, { file, from, to }: Edit): string {
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`${file} has ${JSON.stringify(from)} ${parts.length - 1} times, and must have it once`);
  return parts.join(to);
}
