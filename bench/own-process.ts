import { spawn } from 'node:child_process';

/** What a program wrote to file descriptor 3, and how long it took from its start to its end. */
export interface Measured<Report> {
  readonly report: Report;
  readonly wallSeconds: number;
}

/**
 * Runs Node in a process of its own.
 *
 * @param args options, script, arguments
 * @throws Error with the last lines of what it said, when it fails or reports nothing
 */
export function runNode<Report>(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Measured<Report>> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    let [said, report, ended] = ['', '', 0];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stdio[3]?.on('data', (data: Buffer) => {
      report += data.toString();
    });
    child.once('error', reject);
    child.once('exit', () => {
      ended = performance.now();
    });
    child.once('close', (code) => {
      if (code === 0 && report !== '') resolve({ report: JSON.parse(report) as Report, wallSeconds: (ended - started) / 1000 });
      else reject(new Error(`node ${args.join(' ')} ended with ${code}:\n${said.trimEnd().split('\n').slice(-15).join('\n')}`));
    });
  });
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
