import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';

const ROOT = path.resolve(__dirname, '..');

/**
 * Clients of whose error types nobody reads more than name, message, status, and why a transaction of DynamoDB was cancelled, which the SDK's base error
 * has, too. Unregistered, an error is named by its code: where that is not the name of its type, as with CloudFormation's `ChangeSetNotFound` and all
 * of Elastic Load Balancing's, the adapter knows both.
 */
const TOLD_BY_NAME =
  /client-(?:auto-scaling|cloudformation|cloudwatch|codebuild|dynamodb|ecs|elastic-load-balancing-v2|eventbridge|lambda|s3|sfn|ssm|sts)[/\\]/;

/** One function's code. */
export interface HandlerBundle {
  readonly name: string;
  readonly bytes: number;
  /** Files that some of its code is from, relative to the project. */
  readonly sources: string[];
}

/** Files of the handlers' folder that export a `handler`: one function each, named for its file. */
export function handlerNames(root = ROOT): string[] {
  const folder = path.join(root, 'lambda/handlers');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && /^export (const|async function|function) handler\b/m.test(readFileSync(path.join(folder, file), 'utf8')))
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();
}

/**
 * Bundles every handler, SDK included, to `<outdir>/<name>/index.js`: all in one go, because esbuild parses what they share once.
 *
 * @param outdir absolute, or relative to the project
 */
export async function bundleHandlers(outdir = 'dist/lambda', root = ROOT): Promise<HandlerBundle[]> {
  const names = handlerNames(root);
  const out = path.resolve(root, outdir);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `lambda/handlers/${name}.ts`, out: `${name}/index` })),
    outdir: out,
    bundle: true,
    minify: true,
    platform: 'node',
    // The oldest Node that package.json allows; Lambda's is newer.
    target: 'node20.19',
    format: 'cjs',
    // The SDK's ES modules can be shaken, its CommonJS ones cannot: 474 kB become 314 for a client of Step Functions.
    mainFields: ['module', 'main'],
    // Another 135 kB: see the file.
    alias: { '@aws-sdk/credential-provider-node': path.join(root, 'lambda/adapters/lambda-credentials.ts') },
    plugins: [unusedParts],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return Object.entries(metafile.outputs)
    .map(([file, { bytes, inputs }]) => ({ name: path.basename(path.dirname(file)), bytes, sources: sourcesOf(inputs) }))
    .sort((a, b) => b.bytes - a.bytes);
}

/**
 * Lets esbuild leave out what nobody uses of an SDK client's shapes: the requests and answers of other operations, 68 kB of S3's for one
 * HEAD request. It keeps them by itself, since an object with a computed key might have side effects. And of some clients' error types, 65 kB of
 * Systems Manager's, none is told apart but by its name: an unregistered one is the SDK's base error with the same name and message.
 *
 * Should the SDK write its shapes in another way one day, this finds nothing to mark, and bundles are larger.
 */
export const unusedParts: Plugin = {
  name: 'unused-parts',
  setup({ onLoad }) {
    onLoad({ filter: /client-[^/\\]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const marked = source.replace(/^(export )?var (\S+) = (\[[\s\S]*?\]);$/gm, '$1var $2 = /* @__PURE__ */ (() => $3)();');
      return {
        loader: 'js',
        contents: TOLD_BY_NAME.test(file) ? marked.replace(/^n0_registry\.registerError\(.*$/gm, '') : marked,
      };
    });
    // The SDK tells services its version, and imports the whole of its package.json for it: 2 kB a client.
    onLoad({ filter: /@aws-sdk[/\\][^/\\]+[/\\]package\.json$/ }, async ({ path: file }) => {
      const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
      return { loader: 'json', contents: JSON.stringify({ version }) };
    });
  },
};

/** What was shaken out of a file to the last byte is not in the bundle. */
function sourcesOf(inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>): string[] {
  return Object.keys(inputs).filter((file) => inputs[file]?.bytesInOutput !== 0);
}

/** For people: name and kB, largest first. */
export function sizeTable(bundles: readonly HandlerBundle[]): string {
  const width = Math.max(...bundles.map(({ name }) => name.length));
  return bundles.map(({ name, bytes }) => `${name.padEnd(width)}  ${(bytes / 1000).toFixed(0).padStart(5)} kB`).join('\n');
}

if (require.main === module) {
  void bundleHandlers().then((bundles) => {
    if (process.argv.includes('--sizes')) console.log(sizeTable(bundles));
  });
}
