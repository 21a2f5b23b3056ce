import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../problem';
import type { Stream } from './generator';
import { type Response, readResponses } from './response';

/** Traffic that runs, in a process of its own. */
export class Traffic {
  private constructor(
    private readonly child: ChildProcess,
    private readonly log: string,
  ) {}

  /** @param log file every response is written to; begun anew */
  static start(streams: readonly Stream[], log: string, env: NodeJS.ProcessEnv): Traffic {
    rmSync(log, { force: true });
    const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'main.ts'), log, JSON.stringify(streams)], {
      env,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    return new Traffic(child, log);
  }

  /** What was logged so far. @throws Problem when the traffic has ended by itself */
  responses(): Response[] {
    if (this.child.exitCode !== null && this.child.exitCode !== 0) throw new Problem(`The traffic ended by itself, with status ${this.child.exitCode}.`);
    return readResponses(this.log);
  }

  /** Sends no more, waits for the answers that are due. Safe to call twice. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.stdin?.end();
    await ended;
  }
}
