import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const files = (folder: string) => readdirSync(join(root, folder)).map((file) => join(folder, file));
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const NAMED = /new PathToLive\([^,]+, '([^']+)'|\bpath: '([A-Z][^']*)'/g;

/** What the integration tests deploy: their own apps, and the examples that their cases name. */
function deployed(): string[] {
  const examples = files(join('test', 'integ', 'cases')).flatMap((file) =>
    [...text(file).matchAll(/(examples\/[\w/-]+\.ts)/g)].map(([, example]) => example as string),
  );
  return [...files(join('test', 'integ', 'apps')), ...new Set(examples)].filter((file) => file.endsWith('.ts'));
}

test('no two apps of the integration tests are the same path: one after the other they are deployed to one account, in any order', () => {
  const named = deployed().flatMap((file) => [...new Set([...text(file).matchAll(NAMED)].map(([, path, hub]) => path ?? hub))].map((path) => ({ path, file })));
  expect(named.length).toBeGreaterThan(10);
  const shared = named.filter(({ path }, index) => named.findIndex((other) => other.path === path) !== index);
  expect(shared).toEqual([]);
});
