import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edit } from '../../proof/code/edit';
import { SEEDED } from '../../proof/explore/seeded';
import { BUGS } from '../../proof/simulate/seeded/bugs';

const DOMAIN = join(__dirname, '../../lambda/domain');

/** How often what is to be changed is there. */
function found({ file, from }: Edit): number {
  return readFileSync(join(DOMAIN, file), 'utf8').split(from).length - 1;
}

test.each([
  ['exploration', SEEDED],
  ['simulation', BUGS.map(({ name, edit }) => ({ name, edits: [edit] }))],
])('every rule that the %s breaks on purpose is there to be broken, once, and is another one then', (_proof, bugs) => {
  const stale = bugs.flatMap(({ name, edits }) => edits.filter((edit) => found(edit) !== 1 || edit.from === edit.to).map(({ from }) => `${name}: ${from}`));
  expect(bugs.length).toBeGreaterThan(10);
  expect(stale).toEqual([]);
});
