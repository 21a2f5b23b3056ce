import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, DefaultStackSynthesizer } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { parse } from 'yaml';
import type { Environment } from '../../lib';
import { docstringExamples, fencedExamples, ROOT, sources } from './examples';
import { compilerErrors, inScope } from './type-check';

const README = join(ROOT, 'README.md');
const MIGRATIONS = join(ROOT, 'docs/migrations.md');
const ADOPTING = join(ROOT, 'docs/adopting.md');
const docstrings = sources('lib', 'constructs').flatMap(docstringExamples);
const wrong = { at: 'a wrong one', code: 'new Environment("Production", { env, tests: [HealthGate.http("/health")] });' };

const pages = [README, MIGRATIONS, ADOPTING, ...['docs/workloads.md', 'docs/pieces.md', 'docs/traffic.md'].map((page) => join(ROOT, page))].map((page) =>
  fencedExamples(page, 'ts'),
);
const told = fencedExamples(join(ROOT, 'docs/traffic.md'), 'json').map(({ at, code }) => {
  const imported = `import type { HealthRequest } from '${join(ROOT, 'lambda/contract')}';\n`;
  return { at, code: `${imported}export const told: HealthRequest = ${code};\n` };
});
const misspelt = told.map(({ code }) => ({ at: 'a misspelt one', code: code.replace('"since"', '"from"') }));

describe('compiled', () => {
  let errors: readonly string[];
  const isOfWhatIsTold = (error: string) => [...told, ...misspelt].some(({ at }) => error.startsWith(`${at}: `));

  // One program: most of what it takes is to read the library and the CDK.
  beforeAll(() => {
    errors = compilerErrors([...[...docstrings, wrong].map(inScope), ...pages.flat(), ...told, ...misspelt]);
  }, 60_000);

  test('examples in docstrings, in the README and in pages of the documentation compile, and a wrong one does not', () => {
    expect([docstrings.length > 15, ...pages.map(({ length }) => length > 0)]).toEqual(Array(7).fill(true));
    expect(errors.filter((error) => !isOfWhatIsTold(error))).toEqual([expect.stringMatching(/^a wrong one: .*type 'EnvironmentTest'/)]);
  });

  test('what a function is told that is a health gate has the shape of the contract', () => {
    expect(told).toHaveLength(1);
    expect(errors.filter(isOfWhatIsTold)).toEqual([expect.stringMatching(/^a misspelt one: .*from.* does not exist in type 'HealthRequest'/)]);
  });
});

test('the stack of a team’s own in the documentation is the example that is deployed in tests', () => {
  const shown = fencedExamples(join(ROOT, 'docs/workloads.md'), 'ts').find(({ code }) => code.includes('class OrdersStack'));
  const example = readFileSync(join(ROOT, 'examples/own-stack/orders-stack.ts'), 'utf8');
  expect(shown?.code).toBe(example.replace("from '../../lib'", "from 'path-to-live'"));
});

test.each([README, ADOPTING])('who adopts a listener by %s is given traffic by weight, and what watches it', (page) => {
  const adopts = fencedExamples(page, 'ts').filter(({ code }) => code.includes('currentlyServing'));
  expect(adopts.map(({ code }) => code)).toEqual([expect.stringMatching(/traffic: TrafficStrategy\.canary\([\s\S]*healthGates: \[HealthGate\./)]);
});

test('the handler of a migration in the documentation is the example’s, which the rehearsal runs', () => {
  const [shown] = fencedExamples(MIGRATIONS, 'js');
  expect(shown?.code).toBe(readFileSync(join(ROOT, 'examples/migrations/2026-11-add-currency/index.js'), 'utf8'));
});

test('a migration is tried as the documentation says: page by page, until it is done', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ptl-try-'));
  try {
    mkdirSync(join(folder, 'migrations/2026-11-add-currency'), { recursive: true });
    const pages = 'exports.handler = async ({ next = 1 }) => (next < 3 ? { done: false, next: next + 1 } : { done: true, said: process.env.TABLE });';
    writeFileSync(join(folder, 'migrations/2026-11-add-currency/index.js'), pages);
    const [tries] = fencedExamples(MIGRATIONS, 'sh');
    const commands = (tries?.code ?? '').replace(/^npm install .*$/m, '');
    const { status, stdout } = spawnSync('sh', ['-c', commands], { cwd: folder, encoding: 'utf8', timeout: 20_000 });
    expect({ status, lines: stdout.trim().split('\n') }).toEqual({
      status: 0,
      lines: ['{ done: false, next: 2 }', '{ done: false, next: 3 }', "{ done: true, said: 'payments' }"],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('of pipelines', () => {
  const PIPELINES = join(ROOT, 'docs/pipelines.md');

  test('the statement to copy names the roles that the CDK publishes files by', () => {
    const [shown] = fencedExamples(PIPELINES, 'json');
    const roleIn = (AccountId: string) => {
      const values: Readonly<Record<string, string>> = {
        Partition: 'aws',
        Region: 'eu-west-2',
        Qualifier: DefaultStackSynthesizer.DEFAULT_QUALIFIER,
        AccountId,
      };
      return DefaultStackSynthesizer.DEFAULT_FILE_ASSET_PUBLISHING_ROLE_ARN.replace(/\$\{(?:AWS::)?(\w+)\}/g, (_, name: string) => values[name] ?? '');
    };
    expect(JSON.parse(shown?.code ?? '')).toEqual({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ['222222222222', '333333333333'].map(roleIn) });
  });

  test('the platform’s job is the example’s, and deploys no slot', () => {
    const { jobs } = parse(readFileSync(join(ROOT, 'examples/pipelines/github-actions/platform.yml'), 'utf8'));
    const commands = (jobs.platform.steps as { run?: string }[]).flatMap(({ run = '' }) => (run.startsWith('npx') ? [run] : []));
    const [shown] = fencedExamples(PIPELINES, 'sh');
    expect(
      shown?.code
        .replace(/ +#.*$/gm, '')
        .trim()
        .split('\n'),
    ).toEqual(commands);
    expect(commands.at(-1)).toMatch(/^npx cdk deploy --all /);
  });
});

test('the README’s first app is one a newcomer reads in a minute', () => {
  const [app] = fencedExamples(README, 'ts');
  expect(app?.code.split('\n').length).toBeLessThanOrEqual(45);
});

describe('the examples of the README, as they are written there,', () => {
  const [app, adopts] = fencedExamples(README, 'ts').map(({ code }) => code);
  const library = require('../../lib') as typeof import('../../lib');

  /** Runs an example, compiled as a team's own would be, in a folder with a `service`. @returns what it exports */
  function run(code: string): Record<string, unknown> {
    const { outputText } = transpileModule(code, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
    const exported = {};
    const before = process.cwd();
    process.chdir(join(ROOT, 'examples'));
    try {
      new Function('require', 'exports', outputText)((name: string) => (name === 'path-to-live' ? library : require(name)), exported);
    } finally {
      process.chdir(before);
    }
    return exported;
  }

  test('synthesize: the first app', () => {
    const { app: made } = run(`${app}\nexport { app };`) as { app: App };
    const stacks = made.synth().stacks.map(({ stackName }) => stackName);
    expect(stacks).toEqual(expect.arrayContaining(['Payments-Hub', 'Payments-Production']));
  }, 60_000);

  test('synthesize: the environment on what a team has', () => {
    const { made } = run((adopts ?? '').replace(/^new Environment/m, 'export const made = new Environment')) as { made: Environment };
    const path = new library.PathToLive(new App(), 'Payments', {
      hub: { account: '111111111111', region: 'eu-west-2' },
      workload: new library.LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler' }),
      environments: [made],
    });
    expect((path.node.root as App).synth().stacks.map(({ stackName }) => stackName)).toContain('Payments-Production');
  }, 60_000);
});
