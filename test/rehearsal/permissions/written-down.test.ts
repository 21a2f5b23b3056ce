import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Assembly } from '../../../rehearsal/permissions/assembly/assembly';
import { BOOTSTRAP } from '../../../rehearsal/permissions/assembly/deployed';
import { DOCUMENT, documentWith } from '../../../rehearsal/permissions/document-file';
import { NEVER_EXERCISED } from '../../../rehearsal/permissions/never-exercised';
import { SHAPES } from '../../../rehearsal/permissions/of-the-rehearsal';
import { type Shape, shapesAsText } from '../../../rehearsal/permissions/shapes/shape';
import { bundled } from '../../bundles';
import { stacksOf } from './held';

const root = join(__dirname, '..', '..', '..');

test('docs/permissions.md says what the templates say (npm run permissions -- --write-docs)', () => {
  bundled();
  const here = { account: '111111111111', region: 'eu-west-2' };
  const stacks = stacksOf({ hub: here, integration: here, preproduction: here, production: here }).filter(({ stackName }) => !stackName.startsWith(BOOTSTRAP));
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(documentWith(new Assembly(stacks)));
}, 120_000);

test('whatever a reason refers to is there', () => {
  const named = NEVER_EXERCISED.flatMap(({ reason }) => reason.match(/test\/[\w./-]+\.ts/g) ?? []);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('recorded calls are kept sorted, each once, and without what one deployment settled', () => {
  const text = readFileSync(SHAPES, 'utf8');
  expect(shapesAsText(JSON.parse(text) as Shape[])).toBe(text);
  expect(text).not.toMatch(/\d{12}|[a-z]{2}-(west|east|central|north|south)-\d/);
});
