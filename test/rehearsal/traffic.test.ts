import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Stream, startStream } from '../../rehearsal/traffic/generator';
import type { Response } from '../../rehearsal/traffic/response';

/** What Node and its connections go by stays real; only the generator's clock and its interval are the test's to move. */
const STAYS_REAL = ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout'] as const;

const servers: Server[] = [];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: [...STAYS_REAL] });
});

afterEach(() => {
  jest.useRealTimers();
  for (const server of servers.splice(0)) server.close();
});

/** A stream to a server of its own, as it is before the clock moves. */
async function begin(answer: RequestListener, more: Partial<Stream> = {}): Promise<{ readonly responses: Response[]; readonly stop: () => Promise<void> }> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const responses: Response[] = [];
  const stream: Stream = { environment: 'Production', url: `http://127.0.0.1:${port}`, paths: ['/', '/pay'], requestsPerSecond: 100, ...more };
  const stop = startStream(stream, (response) => responses.push(response));
  return { responses, stop };
}

/** Sends to a server for half a second of the stream's clock. */
async function traffic(answer: RequestListener): Promise<Response[]> {
  const { responses, stop } = await begin(answer);
  jest.advanceTimersByTime(500);
  await stop();
  return responses;
}

/** A server that answers nothing until it is told to, and everything from then on. */
function holding() {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = () => {};
  const wasAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const answer: RequestListener = (_, response) => {
    asked();
    released.then(() => response.end());
  };
  return { answer, release, wasAsked };
}

test('the rate does not wait for answers: nothing was answered, and every request that is due was sent', async () => {
  const server = holding();
  const { responses, stop } = await begin(server.answer);
  jest.advanceTimersByTime(500);
  expect(responses).toHaveLength(0);
  server.release();
  await stop();
  expect(responses).toHaveLength(50);
  const sent = responses.map((response) => response.sent).sort((a, b) => a - b);
  expect((sent.at(-1) as number) - (sent[0] as number)).toBe(490);
});

test('the rate is by the clock, not by the timer: a timer that is late sends what is due', async () => {
  const { responses, stop } = await begin((_, answer) => answer.end());
  jest.setSystemTime(Date.now() + 1_000);
  jest.advanceTimersToNextTimer();
  await stop();
  expect(responses).toHaveLength(100);
});

test('every answer is reported with who gave it, over fresh and persistent connections, to each path in turn', async () => {
  const sockets = new Set<unknown>();
  const responses = await traffic((request, answer) => {
    sockets.add(request.socket);
    answer.writeHead(200, { 'x-service-version': '1.1.0', 'x-service-colour': 'green' }).end();
  });
  for (const kind of ['fresh', 'persistent']) {
    const some = responses.filter(({ connection }) => connection === kind);
    expect(some).toHaveLength(25);
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
  const server = holding();
  const { responses, stop } = await begin(server.answer, { requestsPerSecond: 200 });
  jest.advanceTimersByTime(50);
  let stopped = false;
  const stopping = stop().then(() => {
    stopped = true;
  });
  await server.wasAsked;
  expect(stopped).toBe(false);
  server.release();
  await stopping;
  expect(responses).toHaveLength(10);
  expect(responses.every(({ status }) => status === 200)).toBe(true);
});

test('users keep their cookies, each their own, until they expire; none that wants TLS', async () => {
  const asked: (string | undefined)[] = [];
  const answer: RequestListener = ({ headers }, response) => {
    const given = asked.push(headers.cookie);
    const old = 'old=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT; Path=/';
    response.setHeader('set-cookie', [`slot=${given}==; Expires=Fri, 01 Jan 2100 00:00:00 GMT; Path=/`, `slotCORS=${given}; SameSite=None; Secure`, old]);
    response.end();
  };
  const { responses, stop } = await begin(answer, { users: 2, requestsPerSecond: 20 });
  jest.advanceTimersByTime(100);
  while (responses.length < 2) await new Promise((resolve) => setImmediate(resolve));
  jest.advanceTimersByTime(100);
  await stop();
  expect(responses.map(({ user }) => user).sort()).toEqual([0, 0, 1, 1]);
  expect(asked.slice(0, 2)).toEqual([undefined, undefined]);
  expect(asked.slice(2).sort()).toEqual(['slot=1==', 'slot=2==']);
});
