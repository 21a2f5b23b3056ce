import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ONE_PATH, takeNext } from '../integ/take-next';

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

test('cases that deploy the same example are known to, and none of them comes to the lane that had another', () => {
  const cases = files(join('test', 'integ', 'cases')).flatMap((file) =>
    [...new Set([...text(file).matchAll(/(examples\/[\w/-]+\.ts)/g)].map(([, example]) => example))].map((example) => ({
      example,
      name: basename(file, '.ts'),
    })),
  );
  const together = cases.filter(({ example, name }) => cases.some((other) => other.example === example && other.name !== name));
  expect(together.map(({ name }) => name).sort()).toEqual([...ONE_PATH].sort());
  const waiting = ['messes', 'waves', 'adopt'];
  const taken = [takeNext(waiting, []), takeNext(waiting, ['messes']), takeNext(waiting, ['messes', 'waves']), takeNext(waiting, []), takeNext(waiting, [])];
  expect(taken).toEqual(['messes', 'waves', undefined, 'adopt', undefined]);
});
