import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entries, wrongContents } from './contents';
import { imported, wrongDependencies } from './dependencies';

describe('contents', () => {
  const told = ['docs/runbook.md', 'docs/traffic.md', 'docs/schemas/README.md', 'examples/service/index.js'];
  const documents = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dist/lambda/THIRD-PARTY-LICENCES.txt', ...told];
  const good = [...documents, 'bin/ptl.js', 'dist/lambda/accept/index.js', 'dist/lib/index.js', 'dist/lib/index.d.ts'];
  const sources = ['lib/index', 'test/setup', 'lambda/domain/ports'];
  const wrong = (files: string[]) =>
    wrongContents(
      files,
      ['accept'],
      (name) => sources.includes(name),
      (file) => !file.includes('cdk.out'),
    );

  test('what is needed is enough', () => expect(wrong(good)).toEqual([]));

  test('pages, pictures and examples may be more', () => {
    expect(wrong([...good, 'docs/decisions/0001-rooms.md', 'docs/rehearsal.svg', 'examples/own-stack/own-stack.ts'])).toEqual([]);
  });

  test.each([...documents, 'bin/ptl.js', 'dist/lambda/accept/index.js'])('without %s', (file) => {
    expect(wrong(good.filter((each) => each !== file))).toEqual([`${file} is missing`]);
  });

  test.each([
    ['a test', 'dist/test/setup.d.ts'],
    ['what is in the bundles', 'dist/lambda/domain/ports.d.ts'],
    ['the bundle of a function that is gone', 'dist/lambda/old/index.d.ts'],
    ['what was compiled of a file that is gone', 'dist/lib/old.d.ts'],
    ['a source', 'lib/index.ts'],
    ['a secret', '.env'],
    ['what an example left', 'examples/service/cdk.out/manifest.json'],
    ['a page that is none', 'docs/notes.txt'],
  ])('with %s', (_, file) => {
    expect(wrong([...good, file])).toEqual([`${file} has no place in it`]);
  });

  test('without types', () => {
    expect(wrong(good.filter((file) => file !== 'dist/lib/index.d.ts'))).toEqual(['dist/lib/index.js has no types']);
  });

  test('what package.json sends people to', () => {
    const manifest = { main: 'a.js', types: 'a.d.ts', bin: { b: 'b.js' }, exports: { '.': { types: './a.d.ts', default: './a.js' }, './c': './c.js' } };
    expect(entries(manifest)).toEqual(['a.js', 'a.d.ts', 'b.js', 'c.js']);
  });
});

describe('dependencies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dependencies-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const wrong = (code: string, dependencies: Record<string, string>, peerDependencies: Record<string, string> = {}) => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies, peerDependencies }));
    writeFileSync(join(folder, 'a.js'), code);
    return wrongDependencies(folder, ['a.js', 'package.json']);
  };

  test('are read from code and from declarations', () => {
    const code = `const a = require("commander");
const b = await import('@aws-sdk/client-ssm');
require("./own"); require("node:fs");
import type { Stack } from 'aws-cdk-lib/core';
export {
  Construct,
} from 'constructs';
throw new Error('from "p10" to "p99"');`;
    expect(imported(code)).toEqual(['commander', '@aws-sdk/client-ssm', 'aws-cdk-lib', 'constructs']);
  });

  test('are those that are used', () => {
    expect(wrong('require("a"); require("b/c")', { a: '1' }, { b: '1' })).toEqual([]);
    expect(wrong('require("a"); require("zod")', { a: '1' })).toEqual(['a.js imports zod, which is not among the dependencies']);
    expect(wrong('require("a")', { a: '1', zod: '1' })).toEqual(['nothing imports zod, which is among the dependencies']);
  });
});
