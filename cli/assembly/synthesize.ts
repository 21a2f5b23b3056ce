import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UserError } from '../user-error';

export interface SynthesizeOptions {
  /**
   * The release it is for.
   *
   * @default - none: its slots are for no release
   */
  readonly version?: string;
  /** Directory of the project whose `cdk.json` and CDK CLI are used. */
  readonly project: string;
  /** Directory the assembly is written to. */
  readonly output: string;
  /** `key=value` each. */
  readonly context: readonly string[];
  /**
   * Command that runs the CDK app.
   *
   * @default - what the project's cdk.json says
   */
  readonly app?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Enough of the CDK CLI's output to hold an app's error with its stack. */
const LINES_SHOWN = 40;

/**
 * Synthesizes the project's app, for one version or for none, with the CDK CLI the project has pinned: its version, context and configuration are the
 * team's, not ours.
 *
 * @throws UserError with what the CDK CLI said
 */
export async function synthesize(options: SynthesizeOptions): Promise<void> {
  const { version, output, context, app } = options;
  const told = [
    ...(version === undefined ? [] : ['-c', `release=${version}`]),
    ...context.flatMap((pair) => ['-c', pair]),
    ...(app === undefined ? [] : ['--app', app]),
  ];
  const run = spawn(process.execPath, [cdkCli(options.project), 'synth', '**', ...told, '-o', output, '--quiet', '--no-notices'], {
    cwd: options.project,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  run.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  run.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const status = await new Promise<number | string>((resolve, reject) => {
    run.on('error', reject);
    run.on('close', (code, signal) => resolve(code ?? signal ?? 'no exit code'));
  });
  if (status === 0) return;
  const lines = Buffer.concat(said).toString().trimEnd().split('\n').slice(-LINES_SHOWN);
  throw new UserError(
    'SynthFailed',
    `cdk synth failed (${status}), so there is nothing to ${version === undefined ? 'review' : 'release'} yet. It said:\n${lines.map((line) => `  ${line}`).join('\n')}`,
  );
}

function cdkCli(project: string): string {
  try {
    return createRequire(join(project, 'package.json')).resolve('aws-cdk/bin/cdk');
  } catch (error) {
    throw new UserError(
      'NoCdk',
      `the project in ${JSON.stringify(project)} has no CDK CLI of its own: the package aws-cdk is not installed there. Install it (npm install --save-dev aws-cdk), run ptl in the directory of the CDK app, or give a ready assembly with --assembly`,
      { cause: error },
    );
  }
}
