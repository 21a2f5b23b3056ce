import { existsSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join('.rehearsal', 'integ-js');

/** What is run once and once more: the lanes, and by their cases `ptl`, the apps here, and the examples. */
function sources(): string[] {
  const apps = readdirSync(join(ROOT, 'test/integ/apps')).map((file) => `test/integ/apps/${file}`);
  const examples = readdirSync(join(ROOT, 'examples')).map((name) => `examples/${name}/${name}.ts`);
  return ['test/integ/lane.ts', 'bin/ptl.ts', ...apps, ...examples.filter((file) => existsSync(join(ROOT, file)))];
}

/** Each file sees the folder of its source: that is where it looks for bundles of handlers, and for the service beside it. */
const inItsPlace: Plugin = {
  name: 'in-its-place',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: `const [__dirname, __filename] = ${JSON.stringify([dirname(path), path])};${await readFile(path, 'utf8')}`,
    }));
  },
};

/**
 * Compiles all of them, by the compiler that `tsx` compiles with, into one file each: they are started 200 times, and what `tsx` takes for that is most of what they
 * take in all.
 */
export async function compile(): Promise<void> {
  rmSync(join(ROOT, FOLDER), { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: sources(),
    outdir: FOLDER,
    outbase: '.',
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    keepNames: true,
    plugins: [inItsPlace],
    logLevel: 'warning',
  });
}

/** @param source for example `bin/ptl.ts` @returns what was compiled of it, relative to the project */
export function compiled(source: string): string {
  return join(FOLDER, source.replace(/\.ts$/, '.js'));
}
