import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { build } from 'esbuild';
import { bundleHandlers, type HandlerBundle, handlerNames, unusedParts } from '../../../tools/bundle';
import { examplePlan } from '../example-path';
import { FakeFrontDoors } from '../in-memory-ports';

const EVERYWHERE = ['clock', 'log', 'uniqueName', 'remainingMilliseconds'];
const root = path.resolve(__dirname, '../../..');
let outdir: string;
let bundles: Map<string, HandlerBundle>;
/** Handler -> what is in its bundle of ours, readable. */
let readable: Map<string, string>;

beforeAll(async () => {
  outdir = mkdtempSync(path.join(tmpdir(), 'bundles-'));
  bundles = new Map((await bundleHandlers(outdir)).map((bundle) => [bundle.name, bundle]));
  readable = await readableBundles();
}, 60_000);
afterAll(() => rmSync(outdir, { recursive: true }));

async function readableBundles(): Promise<Map<string, string>> {
  const entryPoints = handlerNames().map((name) => path.join(root, `lambda/handlers/${name}.ts`));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    bundle: true,
    packages: 'external',
    format: 'cjs',
    outdir,
    write: false,
    treeShaking: true,
  });
  return new Map(outputFiles.map((file) => [path.basename(file.path, '.js'), file.text]));
}

function sourceOf(name: string): string {
  return readFileSync(path.join(root, `lambda/handlers/${name}.ts`), 'utf8');
}

/** `{ ledger, clock: time }` -> ledger, clock */
function namesIn(list: string): string[] {
  return list.split(',').flatMap((name) => name.trim().split(':')[0]?.trim() || []);
}

/**
 * Ports that a handler's own and the domain's functions use: `ports.x`, `{ x } = ports`, `({ x }: Ports)`, and what a delivery needs. Only
 * functions that are in the bundle count.
 */
function portsUsed(unminified: string): string[] {
  const used = unminified.split(/^\/\/ (?=lambda\/)/m).flatMap((section) => {
    const [file = ''] = section.split('\n', 1);
    if (!/^lambda\/(domain|handlers)\//.test(file) || /\/(wiring|task|environment-clients)\.ts$/.test(file)) return [];
    const functions = readFileSync(path.join(root, file), 'utf8').split(/^(?=(?:export )?(?:async )?function )/m);
    return functions.filter((text) => new RegExp(`function ${/function (\w+)/.exec(text)?.[1]}\\d*\\(`).test(section)).flatMap(portsIn);
  });
  return [...new Set(used)].filter((name) => !EVERYWHERE.includes(name)).sort();
}

function portsIn(text: string): string[] {
  const dotted = [...text.matchAll(/\bports\.(\w+)/g)].map(([, name]) => name as string);
  const destructured = [...text.matchAll(/\{([^{}]*)\} = ports\b|\{([^{}]*)\}: (?:Ports|Pick<Ports)/g)];
  const delivering = /\bdeliver\(ports\b/.test(text) ? ['machines', 'bus'] : [];
  return [...dotted, ...destructured.flatMap(([, from, parameter]) => namesIn(from ?? parameter ?? '')), ...delivering];
}

const names = handlerNames();
const tasks = names.filter((name) => /= task\(/.test(sourceOf(name)));

test.each(names)('%s loads by itself and has a handler', (name) => {
  expect(require(path.join(outdir, name, 'index.js'))).toMatchObject({ handler: expect.any(Function) });
});

test.each(tasks)('%s is given the ports it uses, and no other', (name) => {
  const named = /= task\(\w+(?:, \{([^}]*)\})?\)/.exec(sourceOf(name));
  expect(portsUsed(readable.get(name) ?? '')).toEqual(namesIn(named?.[1] ?? '').sort());
});

test.each(names)('%s is small', (name) => {
  // The API reads and writes everything a release consists of: the clients of seven services.
  expect(bundles.get(name)?.bytes).toBeLessThan(name === 'api' ? 500_000 : 400_000);
});

test('an error whose type is not in the bundle is known by its code', async () => {
  const contents = `export { AlbTargets } from './lambda/adapters/alb-targets'; export { ElasticLoadBalancingV2Client as Client } from '@aws-sdk/client-elastic-load-balancing-v2';`;
  const outfile = path.join(outdir, 'refused.js');
  const stdin = { contents, resolveDir: root };
  await build({ stdin, bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'], plugins: [unusedParts], outfile });
  const { AlbTargets, Client } = require(outfile);
  const answering = (code: string) => {
    const xml = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
    const handle = () => Promise.resolve({ response: { statusCode: 400, headers: {}, body: Readable.from([xml]) } });
    const client = new Client({ region: 'eu-west-2', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, requestHandler: { handle } });
    return new AlbTargets(() => client, new FakeFrontDoors()).healthy(examplePlan(), 'arn:gone');
  };
  expect(await answering('TargetGroupNotFound')).toBe(0);
  await expect(answering('ValidationError')).rejects.toMatchObject({ name: 'ValidationError' });
});
