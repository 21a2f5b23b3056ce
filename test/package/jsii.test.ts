import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refusedByJsii } from './jsii';

const folder = mkdtempSync(join(tmpdir(), 'jsii-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('jsii refuses functions, generics and parts of types, and its refusal is a failure', async () => {
  const manifest = {
    name: 'seeded',
    version: '1.0.0',
    license: 'Apache-2.0',
    author: { name: 'a' },
    repository: { type: 'git', url: 'https://example.org/seeded.git' },
    main: 'dist/lib/index.js',
    types: 'dist/lib/index.d.ts',
    jsii: { outdir: 'jsii', tsc: { outDir: 'dist', rootDir: '.' }, targets: {} },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const compilerOptions = { target: 'es2022', module: 'node16', strict: true, declaration: true, types: [], rootDir: '.', outDir: 'dist' };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['lib/index.ts'] }));
  writeFileSync(join(folder, 'README.md'), 'seeded');
  mkdirSync(join(folder, 'lib'));
  const seeds = [
    'export interface PathProps { readonly name: string; readonly order: number; }',
    'export interface FunctionProps { readonly when: () => void; }',
    'export class Generic<T> { readonly value?: T; }',
    "export class Part { props(): Pick<PathProps, 'name'> { return { name: '' }; } }",
  ];
  writeFileSync(join(folder, 'lib/index.ts'), seeds.join('\n'));
  const refused = await refusedByJsii(folder);
  for (const line of [2, 3, 4]) expect(refused).toContainEqual(expect.stringMatching(new RegExp(`^lib/index.ts:${line}:\\d+ - error JSII`)));
}, 120_000);
