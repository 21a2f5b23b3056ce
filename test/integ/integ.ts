import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator } from '../../rehearsal/emulator/emulator';
import { ACCOUNT } from '../../rehearsal/emulator/environment';
import { run } from '../../rehearsal/emulator/run';
import { compiled } from './compiled';

export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;
export type Context = Readonly<Record<string, string>>;
/** What a command said, and how it ended. */
export type Ran = Awaited<ReturnType<typeof run>>;

/** One case: deploys apps of `apps/` to a local AWS of its own run, and judges what it sees. */
export type Case = (integ: Integ) => Promise<void>;

/** Seconds one command may take: several times what the longest does. One that hangs is a failure that says so, and not a run without an end. */
export const MAX_SECONDS = 300;

/** What a case works with: the CDK's CLI, ptl, and the count of what passed. */
export class Integ {
  readonly root = join(__dirname, '..', '..');
  /** `ptl`, for Node to run. */
  readonly ptlScript = join(this.root, compiled('bin/ptl.ts'));
  /** What commands are run with by who may do anything. */
  readonly env: NodeJS.ProcessEnv;
  passed = 0;
  failed = 0;

  constructor(
    readonly emulator: Emulator,
    /** Folder for what a run leaves behind. */
    readonly state: string,
  ) {
    const cache = join(this.root, 'test/integ/cdk-code-cache.cjs');
    this.env = {
      ...emulator.env,
      CDK_CODE_CACHE: join(this.root, '.rehearsal', 'cdk-code'),
      NODE_OPTIONS: `${emulator.env.NODE_OPTIONS} --require ${JSON.stringify(cache)}`,
    };
  }

  judge(title: string, good: boolean, evidence = ''): void {
    good ? this.passed++ : this.failed++;
    console.log(`${good ? 'passed' : 'FAILED'}  ${title}${good ? '' : `\n${evidence}`}`);
  }

  cdk(args: readonly string[], cwd = this.root, more: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const env = { ...this.env, ...more };
    return run(join(this.root, 'node_modules', '.bin', 'cdk'), [...args, '--no-notices'], { cwd, env, seconds: MAX_SECONDS });
  }

  /** Makes regions of another account ready, as its administrator does: for who deploys from the account of the hub. */
  bootstrapElsewhere(account: string, regions: readonly string[]): Promise<Ran> {
    const trust = ['--trust', ACCOUNT, '--cloudformation-execution-policies', 'arn:aws:iam::aws:policy/AdministratorAccess'];
    return this.cdk(['bootstrap', ...regions.map((region) => `aws://${account}/${region}`), ...trust], this.state, { AWS_ACCESS_KEY_ID: account });
  }

  ptl(...args: string[]): Promise<Ran> {
    return this.ptlAs(this.env, ...args);
  }

  /** @param env of whoever runs it */
  ptlAs(env: NodeJS.ProcessEnv | undefined, ...args: string[]): Promise<Ran> {
    return run(process.execPath, [this.ptlScript, ...args], { cwd: this.root, env, seconds: MAX_SECONDS });
  }

  /** The command that runs an app of `apps/`. */
  app(name: string): string {
    return `node ${compiled(`test/integ/apps/${name}.ts`)}`;
  }

  /** @returns the stacks' outputs, or what went wrong. */
  deploy(app: string, stacks: readonly string[], context: Context = {}): Promise<{ outputs: Outputs } | { failure: string }> {
    return this.deployApp(this.app(app), stacks, context);
  }

  /** The same for an app that is somewhere else. @param app the command that runs it */
  async deployApp(app: string, stacks: readonly string[], context: Context = {}): Promise<{ outputs: Outputs } | { failure: string }> {
    const outputsFile = join(this.state, 'outputs.json');
    rmSync(outputsFile, { force: true });
    const given = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const deployed = await this.cdk([
      ...['deploy', ...stacks, '--app', app, '--output', join(this.state, 'cdk.out'), '--outputs-file', outputsFile],
      ...['--require-approval', 'never', '--concurrency', '3', ...given],
    ]);
    return deployed.status === 0 ? { outputs: JSON.parse(readFileSync(outputsFile, 'utf8')) as Outputs } : { failure: deployed.said };
  }

  /** A deployment whose assertions must all be there and report success. */
  async assertions(title: string, app: string, count: number, context: Context, stacks = ['**']): Promise<void> {
    const deployed = await this.deploy(app, stacks, context);
    if ('failure' in deployed) return this.judge(title, false, deployed.failure);
    const results = Object.values(deployed.outputs).flatMap((outputs) => Object.entries(outputs).filter(([name]) => name.startsWith('AssertionResults')));
    this.judge(`${title}: ${count} assertions ran`, results.length === count, JSON.stringify(results));
    for (const [name, result] of results) {
      this.judge(`${title}: ${name}`, (JSON.parse(result) as { status?: string }).status === 'success', result);
    }
  }
}
