import { Agent, get } from 'node:http';
import { Cookies } from './cookies';
import type { Response } from './response';

/** Requests to one environment's front door. */
export interface Stream {
  readonly environment: string;
  /** For example `http://name.eu-west-2.elb.amazonaws.com`. */
  readonly url: string;
  /** Sent in turn. */
  readonly paths: readonly string[];
  readonly requestsPerSecond: number;
  /**
   * Users who send them in turn and keep their cookies, as browsers do.
   *
   * @default - every request is of somebody new
   */
  readonly users?: number;
}

/** Headers in which a release tells which one it is, and which one has written what it read. */
export const ANSWERED_BY = { version: 'x-service-version', colour: 'x-service-colour', paymentBy: 'x-payment-by' } as const;

const GIVE_UP_AFTER_MS = 10_000;
/** Connections that are kept open and used again, of each stream. */
const PERSISTENT_CONNECTIONS = 4;

/**
 * Sends requests at a fixed rate, whether or not earlier ones have been answered, every second one over a fresh connection. Nothing is
 * sent twice: what a client would see is what is reported.
 *
 * @returns what stops it, resolved when the last answer is in
 */
export function startStream(stream: Stream, report: (response: Response) => void): () => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: PERSISTENT_CONNECTIONS });
  const users = Array.from({ length: stream.users ?? 0 }, () => new Cookies());
  const open = new Set<Promise<void>>();
  const begun = Date.now();
  let sent = 0;
  const timer = setInterval(() => {
    // By the clock, not by the timer: a late timer sends what is due.
    const due = Math.floor(((Date.now() - begun) * stream.requestsPerSecond) / 1000);
    for (; sent < due; sent++) {
      const request = send(stream, sent, sent % 2 === 0 ? agent : undefined, users).then(report);
      open.add(request);
      request.finally(() => open.delete(request));
    }
  }, 5);
  return async () => {
    clearInterval(timer);
    await Promise.all(open);
    agent.destroy();
  };
}

function send(stream: Stream, number: number, agent: Agent | undefined, users: readonly Cookies[]): Promise<Response> {
  const path = stream.paths[number % stream.paths.length] ?? '/';
  const { environment } = stream;
  const user = users.length > 0 ? number % users.length : undefined;
  const cookies = user === undefined ? undefined : users[user];
  const connection = agent === undefined ? ('fresh' as const) : ('persistent' as const);
  const common = { sent: Date.now(), environment, path, connection, ...(user !== undefined && { user }) };
  const headers = cookies?.headers() ?? {};
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve({ ...common, answered: Date.now(), status: 0, error: error.message });
    const request = get(new URL(path, stream.url), { agent: agent ?? false, timeout: GIVE_UP_AFTER_MS, headers }, (answer) => {
      cookies?.take(answer.headers['set-cookie'] ?? []);
      answer.resume();
      answer.once('error', fail);
      answer.once('end', () => {
        const headers = answer.headers as Record<string, string | undefined>;
        const { [ANSWERED_BY.version]: version, [ANSWERED_BY.colour]: colour, [ANSWERED_BY.paymentBy]: paymentBy } = headers;
        resolve({ ...common, answered: Date.now(), status: answer.statusCode ?? 0, version, colour, paymentBy });
      });
    });
    request.once('timeout', () => request.destroy(new Error(`no answer within ${GIVE_UP_AFTER_MS / 1000} s`)));
    request.once('error', fail);
  });
}
