import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Stream, startStream } from '../../rehearsal/traffic/generator';
import type { Response } from '../../rehearsal/traffic/response';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Sends to a server for a while. */
async function traffic(answer: RequestListener, { milliseconds = 500, ...more }: Partial<Stream> & { milliseconds?: number } = {}): Promise<Response[]> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const responses: Response[] = [];
  const stream: Stream = { environment: 'Production', url: `http://127.0.0.1:${port}`, paths: ['/', '/pay'], requestsPerSecond: 100, ...more };
  const stop = startStream(stream, (response) => responses.push(response));
  await wait(milliseconds);
  await stop();
  return responses;
}

test('the rate does not wait for answers: slow ones change nothing', async () => {
  const responses = await traffic((_, answer) => setTimeout(() => answer.end(), 300));
  expect(responses.length).toBeGreaterThanOrEqual(40);
  expect(responses.length).toBeLessThanOrEqual(55);
});

test('every answer is reported with who gave it, over fresh and persistent connections, to each path in turn', async () => {
  const sockets = new Set<unknown>();
  const responses = await traffic((request, answer) => {
    sockets.add(request.socket);
    answer.writeHead(200, { 'x-service-version': '1.1.0', 'x-service-colour': 'green' }).end();
  });
  for (const kind of ['fresh', 'persistent']) {
    const some = responses.filter(({ connection }) => connection === kind);
    expect(some.length).toBeGreaterThan(15);
    expect(some[0]).toMatchObject({ status: 200, version: '1.1.0', colour: 'green', environment: 'Production' });
  }
  expect(new Set(responses.map(({ path }) => path))).toEqual(new Set(['/', '/pay']));
  expect(sockets.size).toBeLessThan(responses.length);
});

test('nothing is sent twice: a connection that breaks is a request that failed', async () => {
  let received = 0;
  const responses = await traffic((request) => {
    received++;
    request.socket.destroy();
  });
  expect(responses.length).toBe(received);
  expect(responses.every(({ status, error }) => status === 0 && error !== undefined)).toBe(true);
});

test('stopping waits for the answers that are due', async () => {
  const responses = await traffic((_, answer) => setTimeout(() => answer.end(), 200), { milliseconds: 50, requestsPerSecond: 200 });
  expect(responses.length).toBeGreaterThan(3);
  expect(responses.every(({ status }) => status === 200)).toBe(true);
});
