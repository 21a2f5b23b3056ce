import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Aws } from '../aws';
import { Problem } from '../problem';
import { ACCOUNT, childEnvironment, REGION } from './environment';
import { Faults } from './faults';
import { freePort } from './free-port';
import { lastLines } from './run';

/** A local AWS that runs. */
export interface Emulator extends Aws {
  readonly port: number;
  /** For example `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** File with one JSON line per API call, see `emulator/calls.ts`. */
  readonly calls: string;
  readonly log: string;
  readonly pid: number;
  /** What goes wrong on purpose. Only for an emulator that was started for that. */
  readonly faults: Faults;
  /** Ends it and everything it started. Safe to call twice. */
  stop(): Promise<void>;
}

export interface EmulatorOptions {
  /** The project's folder. */
  readonly root: string;
  /** Folder for its log, its calls and its temporary files. */
  readonly state: string;
  /** Interpreter that has its packages. */
  readonly python: string;
  /**
   * What containers run: image without its tag or digest -> folder whose `index.js` stands for it.
   *
   * @default - there are no images, so no task starts
   */
  readonly images?: Readonly<Record<string, string>>;
  /**
   * For who wants things to go wrong: pauses before another try of a state take this share of their time, 0-1.
   *
   * @default - nothing goes wrong on purpose, and pauses are as long as they are
   */
  readonly faults?: { readonly pauses: number };
}

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;
/** Somebody else may take the free port in between. */
const PORTS_TRIED = 3;

/**
 * Starts the local AWS on a free port of 127.0.0.1, with IAM evaluated. It ends with this process, however that ends: it watches its
 * standard input.
 *
 * @throws Problem with the end of its log when it does not come up
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(await freePort(), options);
    } catch (error) {
      if (attempt === PORTS_TRIED || !(error instanceof Problem) || !error.message.includes('already in use')) throw error;
    }
  }
}

async function startOn(port: number, { root, state, python, images = {}, faults }: EmulatorOptions): Promise<Emulator> {
  const steering = faults && (await freePort());
  const [log, calls, functions, temporary] = ['emulator.log', 'calls.jsonl', 'functions.log', 'tmp'].map((name) => join(state, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const left of [calls, functions, temporary]) rmSync(left, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const endpoint = `http://127.0.0.1:${port}`;
  const env = childEnvironment(process.env, port, join(root, 'rehearsal', 'local_aws', 'names.cjs'));
  const output = openSync(log, 'w');
  // Its own process group: a Ctrl-C is for the story, which then ends the emulator in its turn.
  const child = spawn(python, ['-m', 'local_aws'], {
    cwd: state,
    detached: true,
    stdio: ['pipe', output, output],
    env: {
      ...env,
      PYTHONPATH: join(root, 'rehearsal'),
      PYTHONDONTWRITEBYTECODE: '1',
      NODE_PATH: join(root, 'node_modules'),
      TMPDIR: temporary,
      BIND_HOST: '127.0.0.1',
      AUTH: 'true',
      IOT_MTLS_ENABLED: '0',
      LAMBDA_EXECUTOR: 'local',
      LOCAL_AWS_CALLS: calls,
      LOCAL_AWS_FUNCTION_LOGS: functions,
      LOCAL_AWS_IMAGES: JSON.stringify(images),
      LOCAL_AWS_ENDS_WITH_STDIN: '1',
      ...(faults && { LOCAL_AWS_FAULTS: String(steering), LOCAL_AWS_IDLE_SECONDS: '240', SFN_WAIT_SCALE: String(faults.pauses) }),
    },
  });
  await healthy(child, endpoint, log);
  return {
    ...{ account: ACCOUNT, region: REGION, port, endpoint, env, client: clientConfig(endpoint), calls, log, pid: child.pid ?? 0 },
    faults: new Faults(steering),
    stop: () => stop(child),
  };
}

async function healthy(child: ChildProcess, endpoint: string, log: string): Promise<void> {
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended ??= `it ended with ${code ?? signal}`;
  });
  for (const begun = Date.now(); Date.now() - begun < START_TIMEOUT_MS; await wait(100)) {
    if (ended !== undefined) break;
    const answer = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
    if (answer?.ok) return;
  }
  await stop(child);
  const why = ended ?? `it did not answer within ${START_TIMEOUT_MS / 1000} s`;
  throw new Problem(`The local AWS did not start: ${why}. Its log, ${log}, ends with:\n${lastLines(readFileSync(log, 'utf8'))}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin?.end();
  await Promise.race([ended, wait(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

function clientConfig(endpoint: string) {
  return { endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}
