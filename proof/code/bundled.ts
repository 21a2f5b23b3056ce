import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { type Edit, withEdits } from './edit';

const ROOT = join(__dirname, '..', '..');

/**
 * A proof, with the rules and handlers it is about, as one text of plain JavaScript: for a thread of its own, and with a rule broken where one is to be.
 *
 * @param entry from the root of the repository
 * @param edits of rules, on the way
 */
export async function bundled(entry: string, edits: readonly Edit[] = []): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    // Fields are assigned, not defined: half of what it costs to make a port.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    plugins: [withoutWiring, ...(edits.length > 0 ? [withEdits(edits)] : [])],
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
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
