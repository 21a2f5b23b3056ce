import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build, type Plugin } from 'esbuild';
import type { SeededBug } from './seeded/bugs';
import type * as Simulation from './simulate';
import type { Found } from './simulate';
import type { Synthesized } from './world/path';

const ROOT = join(__dirname, '../..');
const SEEDED = 'seeded';

/** Where what is bundled finds its packages. */
const ENTRY = join(__dirname, 'simulate.ts');

/**
 * The simulation, with every rule and handler in one piece of plain JavaScript: loaded file by file it takes half as long again.
 *
 * @param bug put in the place of what it breaks, wherever that is imported
 */
export async function bundle(bug?: { readonly name: string } & SeededBug): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    // Fields are assigned, not defined: half of what it costs to make a port.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    logLevel: 'error',
    plugins: bug ? [instead(bug)] : [],
  });
  return outputFiles[0]?.text ?? '';
}

export function loaded(code: string): typeof Simulation {
  const module = { exports: {} };
  new Function('module', 'exports', 'require', code)(module, module.exports, createRequire(ENTRY));
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
    new Worker(`const module = { exports: {} }; require = require('node:module').createRequire(${JSON.stringify(ENTRY)});\n${code}\n${begin}`, {
      eval: true,
      workerData: share,
    })
      .once('message', resolve)
      .once('error', reject);
  });
}

/** Puts a module of the same exports, but for one, before the real one. */
function instead({ name, module, exported }: { readonly name: string } & SeededBug): Plugin {
  const real = join(ROOT, module);
  return {
    name: SEEDED,
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^\.\.?\// }, async ({ path, pluginData, namespace, resolveDir, kind }) => {
        if (pluginData === SEEDED || namespace === SEEDED) return undefined;
        const found = await resolve(path, { resolveDir, kind, pluginData: SEEDED });
        return found.path === real ? { path: real, namespace: SEEDED } : undefined;
      });
      onLoad({ filter: /.*/, namespace: SEEDED }, () => ({
        contents: [
          `import * as real from ${JSON.stringify(`./${module.split('/').pop()}`)};`,
          `import { BUGS } from ${JSON.stringify(join(__dirname, 'seeded/bugs.ts'))};`,
          `export * from ${JSON.stringify(`./${module.split('/').pop()}`)};`,
          `export const ${exported} = BUGS[${JSON.stringify(name)}].broken(real.${exported});`,
        ].join('\n'),
        resolveDir: dirname(real),
        loader: 'ts',
      }));
    },
  };
}
