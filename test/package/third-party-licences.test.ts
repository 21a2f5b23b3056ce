import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thirdPartyLicences } from '../../tools/third-party-licences';

const root = mkdtempSync(join(tmpdir(), 'licences-'));
afterAll(() => rmSync(root, { recursive: true }));

function packageOf(folder: string, manifest: object, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, folder, name), text);
}

packageOf('node_modules/one', { name: 'one', version: '1.0.0', license: 'MIT' }, { LICENSE: 'may be used\n', 'index.js': '' });
packageOf('node_modules/@some/two', { name: '@some/two', version: '2.0.0', license: 'MIT' }, { 'license.md': 'may be used', NOTICE: 'by two' });
packageOf('node_modules/one/node_modules/two', { name: 'two', version: '3.0.0', license: 'Apache-2.0' }, {});
packageOf('node_modules/silent', { name: 'silent', version: '4.0.0', license: 'MIT' }, {});

test('every package with code in it is named, every text is there once', () => {
  const sources = [
    'lambda/handlers/stop.ts',
    'node_modules/one/index.js',
    'node_modules/one/lib/a.js',
    'node_modules/@some/two/a.js',
    'node_modules/one/node_modules/two/a.js',
  ];
  const [list = '', ...texts] = thirdPartyLicences(root, sources).split(`${'-'.repeat(80)}\n`);
  expect(list.split('\n').filter((line) => line.includes(':'))).toEqual(['@some/two 2.0.0: MIT', 'one 1.0.0: MIT', 'two 3.0.0: Apache-2.0']);
  expect(texts.map((text) => text.trim())).toEqual(expect.arrayContaining(['@some/two 2.0.0\none 1.0.0\n\nmay be used', '@some/two 2.0.0\n\nby two']));
  expect(texts).toHaveLength(2);
});

test('a package without a text that must go with it is refused', () => {
  expect(() => thirdPartyLicences(root, ['node_modules/silent/a.js'])).toThrow(/silent 4\.0\.0 has no text of its licence \(MIT\)/);
});
