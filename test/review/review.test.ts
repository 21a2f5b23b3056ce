import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPtl } from '../cli/run-ptl';
import { exampleAssembly, filesIn, temporary } from './assemblies';
import { type Data, permission } from './reviewed';

jest.setTimeout(180_000);

let example: string;
let folder: string;
let html: string;
let markdown: string;

beforeAll(async () => {
  example = exampleAssembly();
  folder = join(temporary('example'), 'review');
  const { code, err } = await runPtl(['review', '--assembly', example, '--output', folder]);
  expect([code, err]).toEqual([0, '']);
  html = readFileSync(join(folder, 'index.html'), 'utf8');
  markdown = readFileSync(join(folder, 'review.md'), 'utf8');
});

describe('the folder', () => {
  test('has a page, the same in Markdown and as data, and each picture twice', () => {
    expect(filesIn(folder)).toEqual(
      [
        ...[
          'machine-Payments-Integration',
          'machine-Payments-Preproduction',
          'machine-Payments-Production',
          'machine-Payments-path',
          'machine-Payments-retire',
          'machine-Payments-submit',
          'stacks',
        ].flatMap((name) => [`diagrams/${name}.mmd`, `diagrams/${name}.svg`]),
        'index.html',
        'review.json',
        'review.md',
      ].sort(),
    );
  });

  test('is the same, byte for byte, from another folder and into another, and in place of an earlier one', async () => {
    const elsewhere = temporary('elsewhere');
    mkdirSync(join(elsewhere, 'project'));
    cpSync(example, join(elsewhere, 'project', 'out'), { recursive: true });
    for (const round of [1, 2]) {
      const { code } = await runPtl(['review', '--assembly', 'out', '--output', '../a/deeper/folder'], { directory: join(elsewhere, 'project') });
      expect([round, code]).toEqual([round, 0]);
    }
    const other = join(elsewhere, 'a', 'deeper', 'folder');
    expect(filesIn(other)).toEqual(filesIn(folder));
    for (const name of filesIn(folder)) expect([name, readFileSync(join(other, name)).equals(readFileSync(join(folder, name)))]).toEqual([name, true]);
  });

  test('names no place of this machine, no date of today and nothing that needs a network', () => {
    for (const name of filesIn(folder)) {
      const content = readFileSync(join(folder, name), 'utf8');
      expect([name, content.includes(process.cwd()), content.includes('/tmp/'), /node_modules/.test(content)]).toEqual([name, false, false, false]);
      expect([name, content.includes(new Date().toISOString().slice(0, 10))]).toEqual([name, false]);
    }
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|<iframe/);
    expect([...html.matchAll(/ (?:src|href)="(?!#)([^"]*)"/g)].map(([, address]) => address)).toEqual([]);
  });

  test('the page can be read without seeing it: one title, headings in order, tables with heads, pictures with words', () => {
    expect(html).toContain('<html lang="en">');
    expect(html.match(/<h1>/g)).toHaveLength(1);
    const levels = [...html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level, index) => index > 0 && level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
    for (const [table] of html.matchAll(/<table>[\s\S]*?<\/table>/g))
      expect([/<caption>/.test(table), /<th scope="col"/.test(table), /<th scope="row"/.test(table)]).toEqual([true, true, true]);
    const pictures = [...html.matchAll(/<svg [^>]*>/g)].map(([tag]) => tag);
    expect(pictures).toHaveLength(7);
    for (const tag of pictures) expect(tag).toMatch(/role="img" aria-label="[^"]{20,}"/);
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !html.includes(`id="${id}"`))).toEqual([]);
  });

  test('the Markdown has the same sections and tables, and its pictures are there', () => {
    const sections = [...html.matchAll(/<h2[^>]*>(.*?)<\/h2>/g)].map(([, title]) => title);
    expect([...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(sections);
    const pictures = [...markdown.matchAll(/\]\((diagrams\/[^)]+)\)/g)].map(([, file]) => file as string);
    expect(pictures).toHaveLength(14);
    expect(pictures.filter((file) => !filesIn(folder).includes(file))).toEqual([]);
    expect(markdown.match(/^\| --- /gm)?.length).toBe(html.match(/<table>/g)?.length);
  });

  test('the pictures have every state by its name, and the happy path is drawn apart', () => {
    const svg = readFileSync(join(folder, 'diagrams', 'machine-Payments-Production.svg'), 'utf8');
    const words = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text?.replace('&#45;', '-')).join(' ');
    const mermaid = readFileSync(join(folder, 'diagrams', 'machine-Payments-Production.mmd'), 'utf8');
    for (const state of [
      'Enter Production',
      'Is Production healthy at 50 percent?',
      'Ask for go/no-go in Production',
      'Roll back Production',
      'Leave Production to the safety net',
    ]) {
      expect(words).toContain(state);
      expect(mermaid).toContain(state);
    }
    const thick = [...mermaid.matchAll(/ (s\d+) ==> (s\d+)/g)];
    expect(thick.length).toBeGreaterThan(10);
    expect(mermaid).toMatch(/ -\.->\|error, otherwise\| /);
  });
});

describe('of the example', () => {
  let data: Data;

  beforeAll(() => {
    data = JSON.parse(readFileSync(join(folder, 'review.json'), 'utf8'));
  });

  test('every environment is proved', () => {
    expect(data.proofs.map(({ environment, holds }) => [environment, holds])).toEqual([
      ['Integration', true],
      ['Preproduction', true],
      ['Production', true],
    ]);
    expect(markdown).toContain('The longest path, ');
    expect(markdown.match(/every path ends in Accept or Roll back, or in the safety net where even rolling back fails, within [^.]* at most/g)).toHaveLength(3);
  });

  test('traffic is switched by the hub’s function with a role of the environment, and by whoever owns the live rule; by nobody who is given a policy', () => {
    const hands = data.permissions
      .filter(({ abilities }) => abilities.some(({ kind, how }) => kind === 'switch' && how !== 'asks'))
      .flatMap(({ name, runs }) => (runs.length > 0 ? runs : [name]));
    const owners = ['Integration', 'Preproduction', 'Production'].flatMap((name) => [
      `Payments-${name}-operator`,
      `function Payments-${name}/TrafficSwitch/Owner`,
    ]);
    expect(hands.sort()).toEqual([...owners, 'function Accept', 'function MoveTraffic'].sort());
    expect(permission(data, 'function MoveTraffic', 'switch')).toMatchObject([
      { how: 'as', environments: ['Integration', 'Preproduction', 'Production'], steps: ['assumes Payments-<environment>-operator'] },
    ]);
  });

  test('what a release brings for the shared state is listed, and called by the hub’s migrator alone', () => {
    expect(markdown).toMatch(/### Migrations\n[^#]*\| 2026-11-add-currency \| expand \| after the deployment, before the tests \| [^|]* \| [0-9a-f]{32} \|\n/);
    const hands = data.permissions.filter(({ abilities }) => abilities.some(({ kind, how }) => kind === 'migrate' && how !== 'asks'));
    const roles = ['Integration', 'Preproduction', 'Production'].map((name) => `Payments-${name}-migrate`);
    expect(hands.flatMap(({ name, runs }) => (runs.length > 0 ? runs : [name])).sort()).toEqual([...roles, 'function Migrate'].sort());
  });

  test('people decide by their own policies only, and a pipeline can neither decide nor deploy', () => {
    const itself = (name: string) =>
      data.permissions
        .find((one) => one.name === name)
        ?.abilities.filter(({ how }) => how !== 'asks')
        .map(({ kind }) => kind);
    expect(['submit', 'decide', 'manage', 'retire', 'read'].map((policy) => itself(`Payments-${policy}`))).toEqual([
      ['submit', 'ledgerRead'],
      ['decide', 'ledgerRead'],
      ['manage', 'ledgerRead'],
      ['retire', 'ledgerRead'],
      ['ledgerRead'],
    ]);
  });

  test('slots are deployed by the one function, and removed by the one that retires, which have CloudFormation act as the execution role', () => {
    const deploying = data.permissions.filter(
      ({ runs, abilities }) => runs.length > 0 && abilities.some(({ kind, how }) => kind === 'deploy' && how !== 'asks'),
    );
    expect(deploying.flatMap(({ runs }) => runs)).toEqual(['function Deploy', 'function Retire']);
    expect(permission(data, 'function Deploy', 'addRule')[0]?.steps).toEqual([
      'assumes Payments-<environment>-deploy',
      'has cloudformation.amazonaws.com act as Payments-<environment>-execution',
    ]);
  });

  test('a function of a slot can do none of it', () => {
    const slots = data.permissions.filter(({ name }) => /-(Blue|Green)\//.test(name));
    expect(slots).toHaveLength(6);
    expect(slots.flatMap(({ abilities }) => abilities)).toEqual([]);
  });

  test('hidden URLs are closed by a secret, and nobody calls the API without a signature', () => {
    const { rules, routes } = data.endpoints;
    expect(rules.filter(({ what }) => what === 'hidden URL').map(({ closed }) => closed)).toEqual(Array(6).fill(true));
    expect(rules.find(({ environment, colour, what }) => environment === 'Production' && colour === 'blue' && what === 'hidden URL')?.takes).toBe(
      'header x-path-to-live-slot: blue and header x-path-to-live-key with the value of the secret path-to-live/Payments/Production/hidden/blue',
    );
    const live = rules.find(({ environment, what }) => environment === 'Production' && what === 'live rule');
    expect(
      rules.filter(({ environment }) => environment === 'Production').every(({ what, priority }) => what === 'live rule' || priority < (live?.priority ?? 0)),
    ).toBe(true);
    expect([...new Set(routes.map(({ authorization }) => authorization))]).toEqual(['AWS_IAM']);
    expect(data.endpoints.loadBalancers.map(({ letsIn, deletionProtection }) => [letsIn, deletionProtection])).toEqual(
      Array(3).fill([['tcp 80 from 0.0.0.0/0'], true]),
    );
  });

  test('what keeps data says its key, how long, and what becomes of it', () => {
    const of = (type: string) => data.data.filter((one) => one.type === type);
    expect(of('AWS::DynamoDB::Table').map(({ stack, kept, removed }) => [stack, kept, removed])).toEqual([
      ['Payments-Hub', 'until deleted, point-in-time recovery, protected against deletion', 'stays'],
      ...['Integration', 'Preproduction', 'Production'].map((name) => [
        `Payments-${name}-Shared`,
        'until deleted, point-in-time recovery, not protected against deletion',
        'stays',
      ]),
    ]);
    expect(of('AWS::S3::Bucket').map(({ key, kept, removed }) => [key, kept, removed])).toEqual(
      Array(3).fill(['S3’s own keys (SSE-S3)', '90 days, not versioned', 'stays']),
    );
    expect(of('AWS::Logs::LogGroup').filter(({ kept }) => kept === 'for ever')).toEqual([]);
    expect(of('AWS::SecretsManager::Secret')).toHaveLength(9);
  });

  test('resources, template, rules and definitions are counted beside their limits', () => {
    const count = (of: string, what: string) => data.counts.find((one) => one.of === of && one.what === what);
    expect(count('Payments-Hub', 'resources')).toMatchObject({ limit: 500, count: expect.any(Number) });
    expect(count('Production', 'rules of the load balancer')).toMatchObject({ count: 5, limit: 100 });
    expect(count('Payments-Production', 'bytes of definition')?.count).toBeGreaterThan(10_000);
    expect(data.counts.filter((one) => !(one.count > 0 && one.count < one.limit))).toEqual([]);
  });

  test('the findings that were accepted are there with their reasons, plain HTTP is what to look at first', () => {
    expect(data.optOuts.findings).toContainEqual({
      what: 'AwsSolutions-EC23',
      reason: expect.stringMatching(/users come in/),
      at: ['Payments/<environment>/Entrance/SecurityGroup'],
    });
    expect(data.attention.map(({ text }) => text).join('\n')).toMatch(/Plain HTTP, and no redirect to HTTPS: port 80 of Payments-Integration/);
  });
});
