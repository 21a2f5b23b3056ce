import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from './examples';

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map((name) => join(ROOT, name)),
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(ROOT, folder, name)),
  ),
];

/** Links to files of the project that are not there, as `<page>: <link>`. */
function deadLinks(page: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(dirname(page), link)))
    .map((link) => `${relative(ROOT, page)}: ${link}`);
}

test('what a page links to is there', () => {
  expect(PAGES.length).toBeGreaterThan(20);
  expect(PAGES.flatMap((page) => deadLinks(page, readFileSync(page, 'utf8')))).toEqual([]);
  expect(deadLinks(join(ROOT, 'README.md'), '[a](docs/nowhere.md) [b](https://example.com) [c](docs)')).toEqual(['README.md: docs/nowhere.md']);
});

test('each record has a number of its own, and a line in the list of records', () => {
  const folder = join(ROOT, 'docs', 'decisions');
  const records = readdirSync(folder).filter((name) => /^\d{4}-/.test(name));
  const listed = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^\| \[(\d{4})\]\((\S+?)\)/gm)];
  expect(new Set(records.map((name) => name.slice(0, 4))).size).toBe(records.length);
  expect(listed.map(([, number = '', file = '']) => [number, file])).toEqual(records.sort().map((name) => [name.slice(0, 4), name]));
});
