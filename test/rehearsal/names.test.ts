import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const NAMES = join(__dirname, '../../rehearsal/local_aws/names.cjs');
const BALANCER = 'app-1.eu-west-2.elb.amazonaws.com';
const API = 'a1b2c3d4.execute-api.eu-west-2.amazonaws.com';

let server: Server;

beforeAll(async () => {
  server = createServer((request, response) =>
    response.end(`${request.method} ${request.headers.host} ${request.url} ${request.headers.authorization ?? ''}`.trim()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => server.close());

/** Runs code in a plain Node process that knows nothing but the preloaded script. */
async function inPlainNode(code: string): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const prelude = `
    const http = require('http'), https = require('https');
    const read = (answer) => new Promise((ok) => { let text = ''; answer.on('data', (d) => (text += d)).on('end', () => ok(text)); });
    const ask = (client, ...given) => new Promise((ok, no) => client.request(...given, ok).on('error', no).end()).then(read);
    const get = (client, ...given) => new Promise((ok, no) => client.get(...given, ok).on('error', no)).then(read);`;
  const main = `(async () => ${code})().then((text) => { console.log(text); process.exit(); }, (error) => { console.log(error.code ?? error.cause?.code ?? error.message); process.exit(); });`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--require', NAMES, '--eval', `${prelude}\n${main}`], {
    env: { ...process.env, NODE_OPTIONS: '', GATEWAY_PORT: String(port) },
  });
  return stdout.trim();
}

test.each([
  ['http.request with a URL', `ask(http, 'http://${BALANCER}/pay?x=1')`, `GET ${BALANCER} /pay?x=1`],
  ['http.get with options', `get(http, { host: '${BALANCER}', path: '/pay' })`, `GET ${BALANCER} /pay`],
  ['a persistent connection', `get(http, 'http://${BALANCER}/pay', { agent: new http.Agent({ keepAlive: true }) })`, `GET ${BALANCER} /pay`],
  ['fetch', `(await fetch('http://${BALANCER}/pay')).text()`, `GET ${BALANCER} /pay`],
  ['https.request', `ask(https, 'https://${API}/status', { headers: { authorization: 'AWS4' } })`, `GET ${API} /status AWS4`],
  ['https.get over a persistent connection', `get(https, 'https://${API}/status', { agent: new https.Agent({ keepAlive: true }) })`, `GET ${API} /status`],
  ['fetch over https', `(await fetch('https://${API}/releases', { method: 'POST', body: '{}' })).text()`, `POST ${API} /releases`],
])('%s reaches the emulator, with the host it asked for', async (_, code, answer) => {
  expect(await inPlainNode(code)).toBe(answer);
});

test('the same connection serves more than one request', async () => {
  const code = `{ const agent = new https.Agent({ keepAlive: true, maxSockets: 1 }); const one = () => get(https, 'https://${API}/status', { agent }); await one(); await one(); return Object.values(agent.freeSockets).flat().length; }`;
  expect(await inPlainNode(code)).toBe('1');
});

test.each(['http://nobody.invalid/', 'https://elb.amazonaws.com.invalid/'])('%s is left alone', async (url) => {
  expect(await inPlainNode(`(await fetch('${url}')).text()`)).toMatch(/ENOTFOUND|EAI_AGAIN/);
});
