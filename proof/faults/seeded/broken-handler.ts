import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { withEdits } from '../../code/edit';
import type { SeededBug } from './bugs';

const root = join(__dirname, '../../..');

/** Bundles a function with one of its rules broken. @returns the folder */
export async function bundleBroken(name: string, { handler, edit }: SeededBug, state: string): Promise<string> {
  const folder = join(state, 'broken', name);
  await build({
    absWorkingDir: root,
    entryPoints: [`lambda/handlers/${handler}.ts`],
    outfile: join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    plugins: [withEdits([edit])],
  });
  return folder;
}

/** Has a synthesized assembly deploy this folder in place of a handler's bundle. */
export function putInPlace(outdir: string, stack: string, handler: string, folder: string): void {
  const [manifest, template] = [join(outdir, `${stack}.assets.json`), join(outdir, `${stack}.template.json`)];
  const files = JSON.parse(readFileSync(manifest, 'utf8')).files as Readonly<Record<string, { readonly source: { readonly path: string } }>>;
  const [hash, file] = Object.entries(files).find(([, { source }]) => source.path.endsWith(`/lambda/${handler}`)) ?? [];
  if (hash === undefined || file === undefined) throw new Error(`${manifest} has no bundle of the handler ${handler}`);
  const other = `${Date.now().toString(16).padStart(16, '0')}${hash.slice(16)}`;
  for (const written of [manifest, template]) {
    const text = readFileSync(written, 'utf8');
    writeFileSync(written, text.replaceAll(hash, other).replaceAll(JSON.stringify(file.source.path), JSON.stringify(folder)));
  }
}
