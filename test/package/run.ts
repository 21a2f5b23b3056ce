import { spawn } from 'node:child_process';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  /** What it said, to either. */
  readonly out: string;
  readonly err: string;
}

/** What a child is told of its surroundings: nothing of ours, and nowhere to get anything from. */
const NOTHING_OF_OURS = {
  PATH: process.env.PATH,
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: 'true',
};

/** More than any of them takes on a machine that has other things to do. */
const MOST_MS = 300_000;

/** Runs a command in a folder, its home too, with a network that is not there. */
export function run(cwd: string, command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(command, args, { cwd, env: { ...NOTHING_OF_OURS, HOME: cwd, ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: MOST_MS });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, ...said }));
  });
}

/** The same, in Node; with room for young objects, which compilers make many of. */
export function runNode(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return run(cwd, process.execPath, ['--max-semi-space-size=64', ...args], env);
}
