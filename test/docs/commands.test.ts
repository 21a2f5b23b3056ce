import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandContext } from '../../cli/commands/command';
import { ptlProgram } from '../../cli/program';
import { FINDING_KINDS, HUB_POLICIES } from '../../lambda/contract';
import { scripts } from '../../package.json';
import { fencedExamples, ROOT } from './examples';

const context = {
  surroundings: { print: () => undefined, say: () => undefined, columns: 80 },
  identity: {},
  exit: () => undefined,
} as unknown as CommandContext;
const { commands } = ptlProgram(context);

/** What is typed in the README's shell examples, without the comments behind it. */
const typed = fencedExamples(join(ROOT, 'README.md'), 'sh').flatMap(({ code }) => code.split('\n').map((line) => line.replace(/\s+#.*/, '')));

/** What `ptl` would not understand of a line: its command, or options of it. */
function misunderstood(line: string): string[] {
  const [, name = '', rest = ''] = /^ptl ([\w-]+)(.*)$/.exec(line) ?? [];
  const command = commands.find((one) => one.name() === name);
  if (command === undefined) return [line];
  const options = rest.replace(/"[^"]*"/g, '').match(/(?<=\s)--?[a-z][\w-]*/g) ?? [];
  return options.filter((option) => !command.options.some(({ short, long }) => [short, long].includes(option))).map((option) => `${line}: ${option}`);
}

test('the npm commands of the README are there', () => {
  const named = typed.flatMap((line) => /^npm (?:run |(?=test))([\w:-]+)/.exec(line)?.[1] ?? []);
  expect(named).toEqual(expect.arrayContaining(['rehearse', 'test']));
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('ptl understands the commands that the hub tells people to use', () => {
  const files = readdirSync(join(ROOT, 'lambda'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sources = files.map((file) => readFileSync(join(ROOT, 'lambda', file), 'utf8'));
  const told = sources.flatMap((source) => [...source.matchAll(/(?<!\ba )\bptl [a-z-]+(?: \$\{[^}]+\})?(?: --[a-z-]+)*/g)].map(([line]) => line));
  expect(told).toEqual(
    expect.arrayContaining([expect.stringMatching(/^ptl release .* --again$/), expect.stringMatching(/^ptl release .* --again --emergency$/)]),
  );
  expect(told.filter((line) => line !== 'ptl --help').flatMap(misunderstood)).toEqual([]);
});

test('the runbook has an entry, with what to type, for each kind of finding, and ptl understands it', () => {
  const runbook = readFileSync(join(ROOT, 'docs', 'runbook.md'), 'utf8');
  const entries = runbook.split('\n### ').slice(1);
  const headings = entries.map((entry) => entry.split('\n')[0]).join(' ');
  expect(FINDING_KINDS.filter((kind) => !headings.includes(`\`${kind}\``))).toEqual([]);
  expect(entries.filter((entry) => !/^- \*\*Type\*\*/m.test(entry))).toEqual([]);
  const told = [...runbook.matchAll(/npx (ptl [a-z-]+[^`\n]*)/g)].map(([, line = '']) => line.replace(/\s+#.*/, ''));
  expect(told.length).toBeGreaterThan(20);
  expect(told.flatMap(misunderstood)).toEqual([]);
});

test('the runbook says for each command of ptl which managed policy it needs', () => {
  const table =
    readFileSync(join(ROOT, 'docs', 'runbook.md'), 'utf8')
      .split('| managed policy |')[1]
      ?.split('\n\n')[0] ?? '';
  expect(commands.map((command) => command.name()).filter((name) => !table.includes(`\`ptl ${name}`))).toEqual([]);
  expect(Object.keys(HUB_POLICIES).filter((policy) => !table.includes(`| \`Payments-${policy}\` |`))).toEqual([]);
  expect(table.match(/`ptl [a-z-]+/g)?.length).toBe(commands.length + 2); // two have options that need another policy, or none
});

test('what the runbook has people look up is a resource of the hub, and of one kind', () => {
  const runbook = readFileSync(join(ROOT, 'docs', 'runbook.md'), 'utf8');
  const named = [...new Set([...runbook.matchAll(/Payments-Hub-(\w+)/g)].map(([, name = '']) => name))];
  // A test of its own holds these against what is synthesized.
  const ids = readFileSync(join(ROOT, 'test/app/__snapshots__/example-app.test.ts.snap'), 'utf8');
  const count = (name: string) => ids.match(new RegExp(`"${name}[0-9A-F]{8} AWS::`, 'g'))?.length ?? 0;
  expect(named.map((name) => [name, count(name)])).toEqual([
    ['SafetyNetAlarm', 1],
    ['SafetyNetGivenUp', 1],
    ['FunctionsReconcileLog', 1],
    ['FunctionsSweepLog', 1],
  ]);
});

test('a glass is broken in the region of the environment, which the command says', () => {
  const runbook = readFileSync(join(ROOT, 'docs', 'runbook.md'), 'utf8');
  const typedThere = runbook.match(/^ *npx ptl roll-back \w+ --break-glass.*/gm) ?? [];
  expect([typedThere.length, typedThere.filter((line) => !/--region|--rule-arn/.test(line))]).toEqual([2, []]);
});

test('ptl understands the commands of the README and of its own help', () => {
  const readme = typed.filter((line) => line.startsWith('npx ptl ')).map((line) => line.slice(4));
  let help = '';
  for (const command of commands) {
    command
      .configureOutput({
        writeOut: (text) => {
          help += text;
        },
      })
      .outputHelp();
  }
  const examples = [...help.matchAll(/^ {2}\$ (ptl [^|\n]+)/gm)].map(([, line = '']) => line);
  expect([readme.length > 5, examples.length >= commands.length]).toEqual([true, true]);
  expect([...readme, ...examples].flatMap(misunderstood)).toEqual([]);
  expect(['ptl deploy', 'ptl status --nonsense'].flatMap(misunderstood)).toHaveLength(2);
});
