import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusedByJsii } from './jsii';

const MANIFEST = {
  name: 'seeded',
  version: '1.0.0',
  license: 'Apache-2.0',
  author: { name: 'a' },
  repository: { type: 'git', url: 'https://example.org/seeded.git' },
  main: 'dist/lib/index.js',
  types: 'dist/lib/index.d.ts',
  jsii: { outdir: 'jsii', tsc: { outDir: 'dist', rootDir: '.' }, targets: {} },
};
const COMPILER_OPTIONS = { target: 'es2022', module: 'node16', strict: true, declaration: true, types: [], rootDir: '.', outDir: 'dist' };
/** The first is fine; each of the others is what jsii refuses. */
const SEEDS = [
  'export interface PathProps { readonly name: string; readonly order: number; }',
  'export interface FunctionProps { readonly when: () => void; }',
  'export class Generic<T> { readonly value?: T; }',
  "export class Part { props(): Pick<PathProps, 'name'> { return { name: '' }; } }",
];

/** A surface with a function, a generic and a part of a type in it: what of that jsii lets through, so that its silence about ours means something. */
export async function letThroughByJsii(folder: string): Promise<string[]> {
  mkdirSync(join(folder, 'lib'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['lib/index.ts'] }));
  writeFileSync(join(folder, 'README.md'), 'seeded');
  writeFileSync(join(folder, 'lib/index.ts'), SEEDS.join('\n'));
  const refused = await refusedByJsii(folder);
  return SEEDS.flatMap((seed, index) => {
    const isRefused = refused.some((line) => line.startsWith(`lib/index.ts:${index + 1}:`) && line.includes(' - error JSII'));
    return isRefused === index > 0 ? [] : [`${isRefused ? 'refused' : 'let through'}: ${seed}`];
  });
}
