import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { SeededBug } from './seeded/bugs';
import type * as Simulation from './simulate';

const ROOT = join(__dirname, '../..');
const SEEDED = 'seeded';

/**
 * The simulation, with every rule and handler in one piece of plain JavaScript: loaded file by file it takes half as long again.
 *
 * @param bug put in the place of what it breaks, wherever that is imported
 */
export async function bundled(bug?: { readonly name: string } & SeededBug): Promise<typeof Simulation> {
  const entry = join(__dirname, 'simulate.ts');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: bug ? [instead(bug)] : [],
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(module, module.exports, createRequire(entry));
  return module.exports as typeof Simulation;
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
