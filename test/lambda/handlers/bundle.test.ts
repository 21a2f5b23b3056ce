import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { type BuildOptions, build } from 'esbuild';
import { bundleHandlers, handlerNames, unusedParts } from '../../../tools/bundle';
import { examplePlan } from '../example-path';
import { FakeFrontDoors } from '../fake-platform';

const EVERYWHERE = ['clock', 'log', 'uniqueName', 'remainingMilliseconds'];
const root = path.resolve(__dirname, '../../..');
const { bundlesAreOlder } = require('../../../tools/bundle-when-older') as { bundlesAreOlder: () => boolean };
let outdir: string;
/** Handler -> file of its bundle. */
let bundleOf: (name: string) => string;
/** Handler -> what is in its bundle of ours, readable. */
let readable: Map<string, string>;

beforeAll(async () => {
  outdir = mkdtempSync(path.join(tmpdir(), 'bundles-'));
  // `npm test` has just bundled them; who runs this file alone after a change has not.
  const older = bundlesAreOlder();
  if (older) await bundleHandlers(outdir);
  bundleOf = (name) => path.join(older ? outdir : path.join(root, 'dist/lambda'), name, 'index.js');
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
  expect(require(bundleOf(name))).toMatchObject({ handler: expect.any(Function) });
});

test.each(tasks)('%s is given the ports it uses, and no other', (name) => {
  const named = /= task\(\w+(?:, \{([^}]*)\})?\)/.exec(sourceOf(name));
  expect(portsUsed(readable.get(name) ?? '')).toEqual(namesIn(named?.[1] ?? '').sort());
});

test.each(names)('%s has nothing of ours that is no part of lambda: that is what is looked at to see whether it must be bundled again', (name) => {
  const files = [...(readable.get(name) ?? '').matchAll(/^\/\/ (\S+\.\w+)$/gm)].map(([, file]) => file as string);
  expect(files).toContain(`lambda/handlers/${name}.ts`);
  expect(files.filter((file) => !file.startsWith('lambda/'))).toEqual([]);
});

test.each(names)('%s is small', (name) => {
  // The API reads and writes everything a release consists of: the clients of seven services.
  expect(statSync(bundleOf(name)).size).toBeLessThan(name === 'api' ? 500_000 : 400_000);
});

describe('an error whose type is not in a bundle', () => {
  const built = new Map<string, Promise<string>>();
  /** File of a piece of code, bundled as handlers are: once, however many answers it is given. */
  function bundleWith(contents: string): Promise<string> {
    const outfile = path.join(outdir, `${randomUUID()}.js`);
    const how: BuildOptions = { bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'], plugins: [unusedParts], outfile };
    const file = built.get(contents) ?? build({ stdin: { contents, resolveDir: root }, ...how }).then(() => outfile);
    built.set(contents, file);
    return file;
  }

  /** What a client of the SDK makes of an answer. */
  async function answered(contents: string, { statusCode = 400, body }: { readonly statusCode?: number; readonly body: string }) {
    const { Client, ...rest } = require(await bundleWith(contents));
    const handle = () => Promise.resolve({ response: { statusCode, headers: {}, body: Readable.from([body]) } });
    const client = new Client({ region: 'eu-west-2', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1, requestHandler: { handle } });
    return { client, ...rest };
  }

  test.each([
    ['TargetGroupNotFound', 0],
    ['ValidationError', 'ValidationError'],
  ])('of load balancing is known by its code: %s', async (code, expected) => {
    const { client, AlbTargets } = await answered(
      "export { AlbTargets } from './lambda/adapters/alb-targets'; export { ElasticLoadBalancingV2Client as Client } from '@aws-sdk/client-elastic-load-balancing-v2';",
      { body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>` },
    );
    const targets = new AlbTargets(() => client, new FakeFrontDoors());
    expect(await targets.healthy(examplePlan(), 'arn:gone').catch(({ name }: Error) => name)).toBe(expected);
  });

  test.each([
    ['TransactionCanceledException', ['ConditionalCheckFailed', 'None']],
    ['ThrottlingException', undefined],
  ])('of the ledger keeps its name, and a cancelled transaction why: %s', async (name, reasons) => {
    const { client, Command } = await answered("export { DynamoDBClient as Client, TransactWriteItemsCommand as Command } from '@aws-sdk/client-dynamodb';", {
      body: JSON.stringify({
        __type: `com.amazonaws.dynamodb.v20120810#${name}`,
        Message: 'no',
        CancellationReasons: [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
      }),
    });
    const error = await client.send(new Command({ TransactItems: [] })).catch((thrown: Error) => thrown);
    expect(error.name).toBe(name);
    if (reasons) expect(error.CancellationReasons.map(({ Code }: { Code: string }) => Code)).toEqual(reasons);
  });
});
