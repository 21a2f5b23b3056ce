import http from 'node:http';
import https from 'node:https';

/** One request to send. */
export interface HttpQuestion {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** For all of it: connecting, waiting and reading. */
  readonly timeoutMs: number;
  /** Of the body, in characters. */
  readonly keep: number;
}

/**
 * Sends a GET by Node's own `http` or `https`, over a connection of its own, and follows no redirect: what the load balancer
 * itself answers is the finding.
 *
 * @throws when no whole answer came, with the reason
 */
export function httpAnswer({ url, headers, timeoutMs, keep }: HttpQuestion): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http;
    const sent = request(url, { headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < keep) body += chunk;
      });
      response.on('end', () => finish(() => resolve({ status: response.statusCode ?? 0, body: body.slice(0, keep) })));
      response.on('error', (error) => finish(() => reject(error)));
    });
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} seconds`)), timeoutMs);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      settle();
    };
    sent.on('error', (error) => finish(() => reject(error)));
    sent.end();
  });
}
