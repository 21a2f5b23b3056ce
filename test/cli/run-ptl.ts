import type { Identity } from '../../cli/hub/aws';
import { main } from '../../cli/main';
import type { Surroundings } from '../../cli/surroundings';

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What it slept in all, in milliseconds. */
  readonly slept: number;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  readonly identity?: Identity;
  /** How ptl was called. */
  readonly called?: string;
}

export const EXAMPLE_IDENTITY: Identity = {
  credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' }),
  region: async () => 'eu-west-2',
  who: async () => 'arn:aws:sts::111111111111:assumed-role/Pipeline/run-7',
};

/** Runs a command line in this process. Its clock moves on only when it sleeps. */
export async function runPtl(
  args: readonly string[],
  { env = {}, directory = '/nowhere', identity = EXAMPLE_IDENTITY, called = 'ptl' }: RunOptions = {},
): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const start = Date.parse('2026-11-20T16:00:00.000Z');
  let slept = 0;
  const surroundings: Surroundings = {
    called,
    env,
    directory,
    print: (line) => out.push(line),
    say: (line) => err.push(line),
    columns: 80,
    now: () => start + slept,
    sleep: async (milliseconds) => {
      slept += milliseconds;
    },
  };
  const code = await main(args, surroundings, identity);
  return { code, out: out.join('\n'), err: err.join('\n'), slept };
}
