import { existsSync, readFileSync } from 'node:fs';

/** One request of the traffic, as its client saw it; one JSON line of the log. */
export interface Response {
  /** Milliseconds since 1970. */
  readonly sent: number;
  /** When the whole answer was there, or when the client gave up. */
  readonly answered: number;
  readonly environment: string;
  readonly path: string;
  readonly connection: 'fresh' | 'persistent';
  /** Which of the users who keep their cookies has sent it, from 0; absent where it was somebody new. */
  readonly user?: number;
  /** HTTP status, 0 when no answer came. */
  readonly status: number;
  /** What the answer says of itself; absent when no release answered. */
  readonly version?: string;
  readonly colour?: string;
  /** The version that has written the payment it read; absent when it read none. */
  readonly paymentBy?: string;
  /** Why no answer came, in the words of Node. */
  readonly error?: string;
}

/** The log so far. A last line that is still being written is left out. */
export function readResponses(log: string): Response[] {
  if (!existsSync(log)) return [];
  const text = readFileSync(log, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Response);
}
