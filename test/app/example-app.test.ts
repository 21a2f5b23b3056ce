import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { App } from 'aws-cdk-lib';
import { compareAssemblies } from '../../bench/synth/same-resources';
import { bundled } from '../bundles';
import { type Checked, checked } from './checked';

interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>;
}

/**
 * The CDK's rules are WebAssembly that runs once here: compiled well, in the background, it costs more than it saves, and keeps jest's worker from
 * ending when the tests have. On: as it comes; off: compiled quickly, once.
 */
function compileWell(on: boolean): void {
  for (const flag of [`--${on ? 'no-' : ''}liftoff-only`, `--${on ? '' : 'no-'}wasm-tier-up`, `--${on ? '' : 'no-'}wasm-dynamic-tiering`]) {
    setFlagsFromString(flag);
  }
}

let app: App;
let example: Checked;
let templates: Record<string, Template>;

beforeAll(() => {
  bundled();
  // The one place where the CDK validates templates: the whole example, as a user's synth does.
  Object.assign(process.env, {
    CDK_VALIDATION: 'true',
    CDK_DEFAULT_ACCOUNT: '111111111111',
    CDK_DEFAULT_REGION: 'eu-west-2',
    CDK_CONTEXT_JSON: JSON.stringify({ ...require('../../cdk.json').context, 'aws:cdk:disable-creation-stack-traces': true }),
  });
  app = require('../../bin/path-to-live').app;
  compileWell(false);
  example = checked(app);
  compileWell(true);
  templates = Object.fromEntries(example.assembly.stacksRecursively.map((stack) => [stack.stackName, stack.template]));
}, 120_000);

describe('the example app', () => {
  const shared = ['Integration', 'Preproduction', 'Production'].map((environment) => `Payments-${environment}-Shared`);

  test('is a hub, a front door and shared state an environment, two slots each, and tests of the team’s', () => {
    const slots = ['Integration', 'Preproduction', 'Production'].flatMap((environment) => ['Blue', 'Green'].map((slot) => `Payments-${environment}-${slot}`));
    expect(Object.keys(templates).sort()).toEqual(
      ['Payments-PerformanceTests', 'Payments-Hub', 'Payments-Integration', 'Payments-Preproduction', 'Payments-Production', ...shared, ...slots].sort(),
    );
  });

  test('"cdk deploy --all" takes the platform, hub first, and no slot', () => {
    // the CLI's --all is the stacks of the main assembly; nested ones are only reached by '**'
    const platform = example.assembly.stacks;
    expect(platform.map(({ stackName }) => stackName).sort()).toEqual(
      ['Payments-Hub', 'Payments-Integration', 'Payments-PerformanceTests', 'Payments-Preproduction', 'Payments-Production', ...shared].sort(),
    );
    for (const stack of platform.filter(({ stackName }) => !['Payments-Hub', 'Payments-PerformanceTests', ...shared].includes(stackName))) {
      expect(stack.dependencies.map(({ id }) => id)).toContain(platform.find(({ stackName }) => stackName === 'Payments-Hub')?.id);
    }
  });

  test('has nothing that the CDK, CloudFormation or cdk-nag would object to', () => {
    expect(example.open).toEqual([]);
  });

  test('every acknowledgement of a finding suppresses one', () => {
    expect(example.unused).toEqual([]);
  });

  test('no template comes near the limits of CloudFormation: 500 resources, a megabyte', () => {
    for (const [name, template] of Object.entries(templates)) {
      expect([name, Object.keys(template.Resources).length < 250, JSON.stringify(template).length < 500_000]).toEqual([name, true, true]);
    }
  });

  test('what a slot is at run time is in no id and in no physical name', () => {
    const ids = app.node.findAll().map(({ node }) => node.path);
    const names = Object.values(templates).flatMap(({ Resources }) =>
      Object.values(Resources).flatMap(({ Properties = {} }) =>
        Object.entries(Properties).flatMap(([key, value]) => (/Name$/.test(key) ? [JSON.stringify(value)] : [])),
      ),
    );
    expect([...ids, ...names].filter((id) => /(^|[^a-z])(live|shadow|idle|active|standby)([^a-z]|$)/i.test(id.replaceAll('path-to-live', '')))).toEqual([]);
  });

  test('is as many resources of every type, and states, as its twin by hand, which the benchmark holds it against', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'by-hand-'));
    Object.assign(process.env, { SERVICES: 'Payments', CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' });
    require('../../bench/by-hand/main').app.synth();
    expect(compareAssemblies(example.assembly.directory, outdir).differences).toEqual([]);
    rmSync(outdir, { recursive: true });
  });

  test('templates hold no secret and no weight', () => {
    const all = JSON.stringify(templates);
    expect(all).not.toMatch(/"SecretString":/);
    expect(all.replaceAll('WeightedRandom', '')).not.toMatch(/"Weight"/);
  });

  test('logical ids and types stay: another id is another resource, which for a user of this library is a loss', () => {
    const ids = Object.entries(templates).map(([name, { Resources }]) => [
      name,
      Object.entries(Resources)
        .map(([id, { Type }]) => `${blanked(id)} ${Type}`)
        .sort(),
    ]);
    expect(Object.fromEntries(ids)).toMatchSnapshot();
  });

  test.each(['Payments-Production', 'Payments-Production-Blue'])('the template of %s', (name) => {
    expect(JSON.parse(blanked(JSON.stringify(templates[name])))).toMatchSnapshot();
  });
});

/** Hashes of code, and the versions that are named by them. */
function blanked(text: string): string {
  return text.replace(/[0-9a-f]{64}/g, '<hash>').replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1<hash>');
}

test('what becomes of users’ accounts knows nothing of how it is tried out', () => {
  const { execFileSync } = require('node:child_process') as typeof import('node:child_process');
  const root = join(__dirname, '../..');
  const files = execFileSync('find', ['lib', 'constructs', 'lambda', 'bin', 'examples', 'cdk.json', '-type', 'f'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
  const telling = files.filter((file) => /emulator|ministack|localstack|rehears|127\.0\.0\.1|localhost/i.test(readFileSync(join(root, file), 'utf8')));
  expect(telling).toEqual([]);
});
