import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json';
import { runNode } from './run';

const ROOT = join(__dirname, '../..');
/** What `lib` is made of. */
const ROOMS = ['lib', 'constructs', 'lambda/contract'];

/** What jsii insists on knowing, and what it need not: `ptl` and what that depends on are not for other languages. */
const ASKED_FOR = {
  author: { name: 'path-to-live', organization: true },
  repository: { type: 'git', url: 'https://example.org/path-to-live.git' },
  jsii: { outdir: 'jsii', tsc: { outDir: 'dist', rootDir: '.' }, targets: { python: { distName: 'path-to-live', module: 'path_to_live' } } },
};

/** As the project's own; and what the CDK's root exports beside this are its services, 1,300 files that nothing here needs by that name. */
const COMPILER = {
  target: 'es2022',
  module: 'node16',
  moduleResolution: 'node16',
  lib: ['es2022'],
  types: ['node'],
  strict: true,
  noImplicitOverride: true,
  esModuleInterop: true,
  skipLibCheck: true,
  declaration: true,
  rootDir: '.',
  outDir: 'dist',
  paths: { 'aws-cdk-lib': ['./node_modules/aws-cdk-lib/core/index.d.ts'] },
};

/** Copies what a team imports to a folder of its own, as a project for jsii: it writes beside what it reads. */
export function surfaceIn(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const room of ROOMS) cpSync(join(ROOT, room), join(folder, room), { recursive: true });
  for (const file of ['README.md', 'LICENSE']) cpSync(join(ROOT, file), join(folder, file));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER, files: ['lib/index.ts'] }));
  const { name, version, description, license, main, types, peerDependencies } = manifest;
  const { 'aws-cdk-lib': cdk, constructs } = manifest.devDependencies;
  const devDependencies = { 'aws-cdk-lib': cdk, constructs };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name, version, description, license, main, types, peerDependencies, devDependencies, ...ASKED_FOR }),
  );
}

/** @returns what jsii refuses of the project in a folder, with file and line */
export async function refusedByJsii(folder: string): Promise<string[]> {
  const { code, out, err } = await runNode(folder, [require.resolve('jsii/bin/jsii'), '--tsconfig', 'tsconfig.json', '--validate-tsconfig', 'minimal']);
  if (code === 0) return [];
  const errors = `${out}\n${err}`.split('\n').filter((line) => /\berror\b/.test(line) && !line.startsWith('['));
  return errors.length > 0 ? errors : [`jsii failed (${code}): ${out}${err}`];
}
