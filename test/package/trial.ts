import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { runPtl } from '../cli/run-ptl';
import type { Consumer } from './consumer';
import { type Ended, run, runNode } from './run';

const VERSION = '1.4.2';
/** Credentials that mean nothing, and AWS where nobody listens. */
const NO_AWS = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'eu-west-2',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_MAX_ATTEMPTS: '1',
};

/** What a team does with the package, one method a promise of the README. Each gives what went wrong. */
export class Trial {
  constructor(private readonly consumer: Consumer) {}

  /** The declarations are sound, the app compiles against them, and what is wrong in an app does not. */
  async types(): Promise<string[]> {
    const { code, out, err } = await runNode(this.consumer.folder, [
      '--import',
      require.resolve('tsx'),
      join(__dirname, 'type-check.ts'),
      this.consumer.folder,
    ]);
    return code === 0 ? [] : [out || err];
  }

  /** Both apps synthesize with the CDK CLI, without a compiler, a bundler or a network, and come to the same. */
  async synth(): Promise<string[]> {
    const runs = [await this.synthesized('app.js', 'cdk.out'), await this.synthesized('plain.js', 'plain.out')];
    const failed = runs.flatMap(({ code, out, err }) => (code === 0 ? [] : [`cdk synth failed (${code}): ${out}${err}`]));
    if (failed.length > 0) return failed;
    const [one, other] = [this.templates('cdk.out'), this.templates('plain.out')];
    const different = [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
    // hub, front doors and alarms in other accounts, and a slot of each colour in each of two environments
    const count = one.size === 8 ? [] : [`${one.size} templates instead of 8: ${[...one.keys()].join(', ')}`];
    return [...count, ...different.map((name) => `TypeScript and JavaScript come to different templates: ${name}`)];
  }

  /** `ptl` explains itself as it does here, without tsx. */
  async help(): Promise<string[]> {
    const asked = [['--help'], ['release', '--help'], ['--version']];
    const answers = await Promise.all(
      asked.map(async (args) => ({
        args,
        here: await runPtl(args, { called: 'npx ptl' }),
        there: await run(this.consumer.folder, 'npx', ['--no', '--', 'ptl', ...args]),
      })),
    );
    return answers.flatMap(({ args, here, there }) =>
      there.code === 0 && there.out.trim() === here.out.trim() ? [] : [`ptl ${args.join(' ')} says (${there.code}): ${there.out}${there.err}`],
    );
  }

  /** `ptl` has all it needs to publish, submit and look: it gets as far as an AWS that is not there. */
  async reachesForAws(): Promise<string[]> {
    const url = { PTL_API_URL: 'http://127.0.0.1:9' };
    const tried = await Promise.all([
      this.unreachable(['release', VERSION, '--assembly', 'cdk.out'], url),
      this.unreachable(['status', '--path', 'Payments'], {}),
      this.unreachable(['status', '--path', 'Payments'], url),
    ]);
    return tried.flat();
  }

  /** A package that lost a bundle says so to who uses it, not to who works on it. */
  async lostBundle(): Promise<string[]> {
    const bundle = join(this.consumer.installed, 'dist/lambda/accept');
    renameSync(bundle, `${bundle}.lost`);
    const { code, err } = await runNode(this.consumer.folder, ['app.js']);
    renameSync(`${bundle}.lost`, bundle);
    const said = /the handler "accept" is missing from this installation of path-to-live, .+; install path-to-live again \(path-to-live:BundleMissing\)/;
    return code !== 0 && said.test(err) ? [] : [`without a bundle the app ends with ${code} and says: ${err}`];
  }

  private synthesized(app: string, output: string): Promise<Ended> {
    const cdk = join(this.consumer.folder, 'node_modules/aws-cdk/bin/cdk');
    const args = ['synth', '**', '-c', `release=${VERSION}`, '--app', `node ${app}`, '-o', output, '--quiet', '--no-notices'];
    // What the CDK's own validation says of these templates is tested with the whole app.
    return runNode(this.consumer.folder, [cdk, ...args], { CDK_VALIDATION: 'false' });
  }

  /** Name -> content. */
  private templates(output: string): Map<string, string> {
    const names = readdirSync(join(this.consumer.folder, output), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.template.json'));
    return new Map(names.sort().map((name) => [name, readFileSync(join(this.consumer.folder, output, name), 'utf8')]));
  }

  private async unreachable(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string[]> {
    const { code, out, err } = await runNode(this.consumer.folder, ['node_modules/.bin/ptl', ...args, '--json'], { ...NO_AWS, ...env });
    return code === 1 && out.includes('"code": "Unreachable"') ? [] : [`ptl ${args.join(' ')} does not find AWS unreachable (${code}): ${out}${err}`];
  }
}
