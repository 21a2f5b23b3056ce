import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { docstringExamples, fencedExamples, ROOT, sources } from './examples';
import { compilerErrors, inScope } from './type-check';

const README = join(ROOT, 'README.md');
const MIGRATIONS = join(ROOT, 'docs/migrations.md');
const ADOPTING = join(ROOT, 'docs/adopting.md');
const docstrings = sources('lib', 'constructs').flatMap(docstringExamples);
const wrong = { at: 'a wrong one', code: 'new Environment("Production", { env, tests: [HealthGate.http("/health")] });' };

test('examples in docstrings, in the README and in pages of the documentation compile, and a wrong one does not', () => {
  const pages = [README, MIGRATIONS, ADOPTING, ...['docs/workloads.md', 'docs/pieces.md'].map((page) => join(ROOT, page))].map((page) =>
    fencedExamples(page, 'ts'),
  );
  expect([docstrings.length > 15, ...pages.map(({ length }) => length > 0)]).toEqual(Array(6).fill(true));
  const errors = compilerErrors([...[...docstrings, wrong].map(inScope), ...pages.flat()]);
  expect(errors).toEqual([expect.stringMatching(/^a wrong one: .*type 'EnvironmentTest'/)]);
}, 60_000);

test('the stack of a team’s own in the documentation is the example that is deployed in tests', () => {
  const [shown] = fencedExamples(join(ROOT, 'docs/workloads.md'), 'ts');
  const example = readFileSync(join(ROOT, 'examples/own-stack/orders-stack.ts'), 'utf8');
  expect(shown?.code).toBe(example.replace("from '../../lib'", "from 'path-to-live'"));
});

test.each([README, ADOPTING])('who adopts a listener by %s is given traffic by weight, and what watches it', (page) => {
  const adopts = fencedExamples(page, 'ts').filter(({ code }) => code.includes('currentlyServing'));
  expect(adopts.map(({ code }) => code)).toEqual([expect.stringMatching(/traffic: TrafficStrategy\.canary\([\s\S]*healthGates: \[HealthGate\./)]);
});

test('the README’s first app is one a newcomer reads in a minute', () => {
  const [app] = fencedExamples(README, 'ts');
  expect(app?.code.split('\n').length).toBeLessThanOrEqual(45);
});
