import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

/** How a program ended. */
export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as they came. */
  readonly said: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Told of each line of standard error as it comes. */
  readonly onLine?: (line: string) => void;
  /** It is killed when it runs longer; its status is then 124, and what it said ends with that. @default - as long as it likes */
  readonly seconds?: number;
}

/** Each with the promise of its end. */
const running = new Map<ChildProcess, Promise<void>>();
let ending = false;
const END_TIMEOUT_MS = 5_000;
/** What the shell's `timeout` says of a program that it killed. */
const OVERDUE = 124;

/**
 * For when this process has to end early: a program it started must not outlive it. Who waits for a run then, or for one more, waits for
 * ever: what was ended half way says nothing.
 *
 * @returns whether all have ended
 */
export async function endEveryRun(): Promise<boolean> {
  ending = true;
  for (const child of running.keys()) child.kill();
  await Promise.race([Promise.all(running.values()), wait(END_TIMEOUT_MS, undefined, { ref: false })]);
  for (const child of running.keys()) child.kill('SIGKILL');
  return running.size === 0;
}

/** Runs a program to its end. It never rejects: a program that is not there has status 127. */
export function run(program: string, args: readonly string[], { env, cwd, onLine, seconds }: RunOptions = {}): Promise<Run> {
  return new Promise((resolve) => {
    if (ending) return;
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    running.set(child, new Promise((closed) => child.once('close', () => closed())));
    let [stdout, stderr, said, line] = ['', '', '', ''];
    let overdue = false;
    const limit =
      seconds &&
      setTimeout(() => {
        overdue = true;
        child.kill('SIGKILL');
      }, seconds * 1_000);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      said += text;
      const lines = (line + text).split('\n');
      line = lines.pop() ?? '';
      for (const each of lines) onLine?.(each);
    });
    child.once('error', (error) => resolve({ status: 127, stdout, stderr, said: error.message }));
    child.once('close', (code) => {
      clearTimeout(limit);
      running.delete(child);
      if (overdue) said += `\nkilled: it had not ended after ${seconds} s`;
      if (!ending) resolve({ status: overdue ? OVERDUE : (code ?? 1), stdout, stderr, said });
    });
  });
}

/** The last lines of what a program said, indented, for a message. */
export function lastLines(said: string, count = 15): string {
  return said
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map((line) => `  ${line}`)
    .join('\n');
}
