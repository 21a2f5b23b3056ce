import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graph } from '../../cli/review/machines/graph';
import { inWaves, machinesOf, threeEnvironments, withCapacity, withOutages, withPauses, withSharedState, withTestsBeside } from '../workflow/machines';
import { ROOT } from './examples';

const runbook = readFileSync(join(ROOT, 'docs', 'runbook.md'), 'utf8');
const table = runbook.split('\n## By state\n')[1]?.split('\n## ')[0] ?? '';
const rows = table.split('\n').filter((line) => line.startsWith('| `'));
const patternsOf = (row: string) => [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, pattern = '']) => pattern);
const patterns = rows.flatMap(patternsOf);
const expressions = patterns.map(
  (pattern) =>
    new RegExp(
      `^${pattern
        .split('…')
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.+')}$`,
    ),
);

/** Every state there is, with all that a path can have. */
function states(): string[] {
  const everything = withTestsBeside(withPauses(withOutages(withCapacity(withSharedState(threeEnvironments())))));
  const plain = withPauses(withCapacity(withSharedState(threeEnvironments())));
  const [first, ...others] = threeEnvironments();
  const waves = inWaves('Users', first ? [first] : [], others);
  return [everything, plain, waves].flatMap((plans) =>
    Object.values(machinesOf(plans)).flatMap((definition) => {
      const graph = new Graph(definition);
      return [graph, ...graph.branches].flatMap(({ names }) => names);
    }),
  );
}

test('has every state of the synthesized machines, and no state that none has', () => {
  const names = [...new Set(states())];
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !expressions.some((expression) => expression.test(name)))).toEqual([]);
  expect(patterns.filter((_, index) => !names.some((name) => expressions[index]?.test(name)))).toEqual([]);
});

test('leads from each to entries that are there', () => {
  const headings = [...runbook.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[`,/]/g, '').replaceAll(' ', '-'));
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const links = [...row.matchAll(/\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect([row, links.length > 0, links.filter((anchor) => !headings.includes(anchor ?? ''))]).toEqual([row, true, []]);
  }
});
