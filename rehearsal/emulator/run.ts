import { type ChildProcess, spawn } from 'node:child_process';

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
}

const running = new Set<ChildProcess>();

/** For when this process has to end early: a program it started must not outlive it. */
export function endEveryRun(): void {
  for (const child of running) child.kill();
}

/** Runs a program to its end. It never rejects: a program that is not there has status 127. */
export function run(program: string, args: readonly string[], { env, cwd, onLine }: RunOptions = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let [stdout, stderr, said, line] = ['', '', '', ''];
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
      running.delete(child);
      resolve({ status: code ?? 1, stdout, stderr, said });
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
