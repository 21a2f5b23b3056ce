import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** A request whose answer goes on, line by line, as its client sees it. */
export class OpenConnection {
  /** What the last line said. */
  version: string | undefined;
  /** When the last line came, in milliseconds since 1970. */
  lastAt = 0;
  /** When and how it ended; undefined as long as it is open. */
  ended: { readonly at: number; readonly whole: boolean } | undefined;

  private constructor(url: string) {
    const end = (whole: boolean) => {
      this.ended ??= { at: Date.now(), whole };
    };
    const request = get(url, { agent: false }, (answer) => {
      answer.setEncoding('utf8').on('data', (lines: string) => {
        this.version = lines.trim().split('\n').at(-1);
        this.lastAt = Date.now();
      });
      answer.once('error', () => end(false)).once('close', () => end(answer.complete));
    });
    request.once('error', () => end(false));
  }

  /** @returns it once its first line is there */
  static async open(url: string): Promise<OpenConnection> {
    const opened = new OpenConnection(url);
    for (const begun = Date.now(); opened.lastAt === 0 && Date.now() - begun < 10_000; ) await wait(20);
    return opened;
  }

  /** Waits until it has ended, or nobody waits any longer. */
  async hasEnded(seconds: number): Promise<this> {
    for (const begun = Date.now(); this.ended === undefined && Date.now() - begun < seconds * 1000; ) await wait(20);
    return this;
  }
}
