import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import manifest from '../../package.json';
import { deadLinks } from './dead-links';
import { ROOT } from './examples';

const filesOf = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name.split(sep).join('/')}`);
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...['docs', 'examples'].flatMap(filesOf).filter((name) => name.endsWith('.md'))];

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');

test('what a page links to is there', () => {
  const isThere = (file: string) => existsSync(join(ROOT, file));
  expect(PAGES.length).toBeGreaterThan(20);
  expect(PAGES.flatMap((page) => deadLinks(page, read(page), isThere))).toEqual([]);
  expect(deadLinks('README.md', '[a](docs/nowhere.md) [b](https://example.com) [c](docs)', isThere)).toEqual(['README.md: docs/nowhere.md']);
});

test('what a page of the package links to is in the package', () => {
  // npm adds some by itself.
  const named = [...manifest.files, 'README.md', 'LICENSE'];
  const isPacked = (file: string) => named.some((each) => file === each || file.startsWith(`${each}/`));
  const packed = PAGES.filter(isPacked);
  expect(packed).toEqual(expect.arrayContaining(['README.md', 'docs/runbook.md', 'docs/decisions/README.md']));
  expect(packed.flatMap((page) => deadLinks(page, read(page), isPacked))).toEqual([]);
  expect(deadLinks('docs/runbook.md', '[a](../README.md) [b](../lib) [c](traffic.md#freezes)', isPacked)).toEqual(['docs/runbook.md: ../lib']);
});

test('each record has a number of its own, and a line in the list of records', () => {
  const folder = join(ROOT, 'docs', 'decisions');
  const records = readdirSync(folder).filter((name) => /^\d{4}-/.test(name));
  const listed = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^\| \[(\d{4})\]\((\S+?)\)/gm)];
  expect(new Set(records.map((name) => name.slice(0, 4))).size).toBe(records.length);
  expect(listed.map(([, number = '', file = '']) => [number, file])).toEqual(records.sort().map((name) => [name.slice(0, 4), name]));
});
