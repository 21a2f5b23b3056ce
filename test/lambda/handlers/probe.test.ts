import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { probe } from '../../../lambda/handlers/probe';

const key = 'k3y0fTheTests';
let server: Server;
let url: string;
let answer: RequestListener;
let asked: IncomingMessage[];

beforeEach(async () => {
  asked = [];
  answer = (_, response) => response.end('ok');
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function send(path = '/health', timeoutSeconds = 5) {
  return probe(url, { read: async () => key })({ colour: 'green', path, timeoutSeconds });
}

test('asks the slot by colour and key, and answers status, time and body', async () => {
  expect(await send('/health?deep=1')).toEqual({ status: 200, milliseconds: expect.any(Number), body: 'ok' });
  expect(asked[0]).toMatchObject({ method: 'GET', url: '/health?deep=1', headers: { 'x-path-to-live-slot': 'green', 'x-path-to-live-test': key } });
});

test.each([403, 500, 503])('a status of %d is an answer', async (status) => {
  answer = (_, response) => response.writeHead(status).end('no');
  expect(await send()).toMatchObject({ status, body: 'no' });
});

test('a redirect is not followed', async () => {
  answer = (_, response) => response.writeHead(302, { location: '/elsewhere' }).end();
  expect(await send()).toMatchObject({ status: 302 });
  expect(asked).toHaveLength(1);
});

test('keeps the first 2,000 characters, whatever their size in bytes', async () => {
  answer = (_, response) => response.end('ü'.repeat(30_000));
  expect((await send()).body).toBe('ü'.repeat(2_000));
});

test('a key that comes back is not carried on', async () => {
  answer = (request, response) => response.end(`you sent ${request.headers['x-path-to-live-test']}, twice: ${key}`);
  expect((await send()).body).toBe('you sent (test key), twice: (test key)');
});

test('no answer in time is status 0, with the reason', async () => {
  answer = () => {};
  const found = await send('/health', 0.1);
  expect(found).toMatchObject({ status: 0, body: '', error: 'no answer within 0.1 seconds' });
  expect(found.milliseconds).toBeGreaterThanOrEqual(90);
});

test('a body that never ends is no answer either', async () => {
  answer = (_, response) => void response.write('begun');
  expect(await send('/health', 0.1)).toMatchObject({ status: 0, error: 'no answer within 0.1 seconds' });
});

test('a connection that breaks is status 0', async () => {
  answer = (request) => request.socket.destroy();
  expect(await send()).toMatchObject({ status: 0, error: expect.stringMatching(/socket hang up|ECONNRESET/) });
});

test('a key that cannot be read is status 0, with the reason and without a request', async () => {
  const read = async () => {
    throw new Error('not authorized to read the secret');
  };
  expect(await probe(url, { read })({ colour: 'green', path: '/', timeoutSeconds: 1 })).toMatchObject({
    status: 0,
    error: 'not authorized to read the secret',
  });
  expect(asked).toHaveLength(0);
});
