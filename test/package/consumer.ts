import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { fencedExamples } from '../docs/examples';
import { run } from './run';

const ROOT = join(__dirname, '../..');
/** What a team's own project has, beside what the package asks for. */
const OWN = ['aws-cdk', 'typescript', '@types/node'];

/** What a team may get wrong, and what it must not reach. Compiles only if each of the lines marked is refused. */
const REFUSED_BY_TYPES = `
import { Environment, HealthGate, Party } from 'path-to-live';
import type { TestAnswer, TestRequest } from 'path-to-live/contract';
// @ts-expect-error what is not exported is out of reach
import { Ledger } from 'path-to-live/dist/constructs/hub/ledger';

const env = { account: '222222222222', region: 'eu-west-2' };
// @ts-expect-error a health gate is no test
export const mixedUp = new Environment('Integration', { env, tests: [HealthGate.http('/health')] });
// @ts-expect-error values are made by their factories
export const made = new Party('Product', []);
export const handler = async ({ slot }: TestRequest): Promise<TestAnswer> => ({ verdict: 'passed', expected: slot.url, actual: slot.url });
`;

/** A team's project outside of this repository, with the package unpacked into it and what that depends on: nothing else can be found from there. */
export class Consumer {
  /** Where the package is. */
  readonly installed: string;

  private constructor(readonly folder: string) {
    this.installed = join(folder, 'node_modules/path-to-live');
  }

  /** @param folder does not exist yet */
  static async installing(tarball: string, folder: string): Promise<Consumer> {
    const consumer = new Consumer(folder);
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    mkdirSync(consumer.installed);
    const { code, err } = await run(folder, 'tar', ['-xzf', tarball, '--strip-components=1', '-C', consumer.installed]);
    if (code !== 0) throw new Error(`the package cannot be unpacked: ${err}`);
    const { bin, dependencies, peerDependencies } = JSON.parse(readFileSync(join(consumer.installed, 'package.json'), 'utf8'));
    for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), ...OWN]) consumer.link(name);
    for (const [name, file] of Object.entries<string>(bin)) symlinkSync(join('../path-to-live', file), join(folder, 'node_modules/.bin', name));
    consumer.writeProject();
    return consumer;
  }

  /** A package of this repository's, whose own dependencies are found where it really is. */
  private link(name: string): void {
    const place = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), place, 'dir');
  }

  private writeProject(): void {
    const [app] = fencedExamples(join(ROOT, 'README.md'), 'ts');
    const written = app?.code ?? '';
    const files = {
      'package.json': JSON.stringify({ name: 'consumer', private: true }),
      'cdk.json': JSON.stringify({ app: 'node app.js' }),
      'service/index.js': 'exports.handler = async () => ({ statusCode: 200 });\n',
      'app.ts': written,
      'app.js': ts.transpile(written, { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 }),
      'plain.js': inPlainJavaScript(written),
      'refused.ts': REFUSED_BY_TYPES,
    };
    mkdirSync(join(this.folder, 'service'));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(this.folder, name), content);
  }
}

/** As somebody writes it who does not use TypeScript: no types, no compiler, `require`. */
export function inPlainJavaScript(typescript: string): string {
  const untyped = ts.transpile(typescript, { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 });
  return untyped.replace(/^import (\{.*\}) from ('.*'|".*");$/gm, 'const $1 = require($2);');
}
