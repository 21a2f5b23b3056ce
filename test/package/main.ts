/**
 * `npm run package-check`: builds and packs the project, and tries the package as a team would that installs it, in a folder outside of this
 * repository and without a network. Beside that, jsii compiles the public surface.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../package.json';
import { handlerNames } from '../../tools/bundle';
import { among, deadLinks } from '../docs/dead-links';
import { Consumer } from './consumer';
import { entries, wrongContents } from './contents';
import { wrongDependencies } from './dependencies';
import { refusedByJsii, surfaceIn } from './jsii';
import { pack } from './pack';
import { letThroughByJsii } from './seeded-surface';
import { surfaceProblems } from './surface';
import { Trial } from './trial';

const ROOT = join(__dirname, '../..');
let failures = 0;

/** Runs a check and prints how it ended; one that fails keeps no other from running. */
async function check(title: string, problems: () => Promise<string[]> | string[]): Promise<void> {
  const started = performance.now();
  const found = await Promise.resolve()
    .then(problems)
    .catch((error: Error) => [error.stack ?? error.message]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log([`${found.length === 0 ? 'passed' : 'FAILED'}: ${title} (${seconds} s)`, ...found.map((problem) => `  ${problem}`)].join('\n'));
  if (found.length > 0) failures += 1;
}

function compiledByJsii(folder: string): Promise<string[]> {
  surfaceIn(folder);
  return refusedByJsii(folder);
}

async function tried(folder: string): Promise<void> {
  const { tarball, files, size, unpackedSize } = await pack(folder);
  console.log(`packed: ${files.length} files, ${(size / 1e6).toFixed(2)} MB, unpacked ${(unpackedSize / 1e6).toFixed(2)} MB`);
  const handlers = handlerNames();
  const isSource = (name: string) => existsSync(join(ROOT, `${name}.ts`));
  const isOurs = among(execFileSync('git', ['ls-files', 'docs', 'examples'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n'));
  const needed = entries(manifest).filter((file) => !files.includes(file));
  await check('the package holds what is needed, and nothing else', () => [
    ...wrongContents(files, handlers, isSource, isOurs),
    ...needed.map((file) => `${file}, which package.json names, is missing`),
  ]);
  const consumer = await Consumer.installing(tarball, join(folder, 'consumer'));
  await check('what its pages link to is in it', () =>
    files.filter((file) => file.endsWith('.md')).flatMap((page) => deadLinks(page, readFileSync(join(consumer.installed, page), 'utf8'), among(files))),
  );
  // Nothing of the package runs an example: whoever copies one has what it imports, as Lambda's runtime does.
  const own = files.filter((file) => !file.startsWith('examples/'));
  const unbundled = own.filter((file) => !handlers.some((name) => file.startsWith(`dist/lambda/${name}/`)));
  await check('it depends on what it uses, and on nothing else', () => wrongDependencies(consumer.installed, unbundled));
  await check('other languages could have what it exports, and none of it can be set', () => surfaceProblems(join(consumer.installed, 'dist/lib/index.d.ts')));
  const trial = new Trial(consumer);
  await Promise.all([check('types of the package and of an app', () => trial.types()), inTurn(trial)]);
}

async function byJsii(folder: string): Promise<void> {
  await check('jsii compiles the public surface', () => compiledByJsii(join(folder, 'jsii')));
  await check('jsii refuses functions, generics and parts of types', () => letThroughByJsii(join(folder, 'seeded')));
}

async function inTurn(trial: Trial): Promise<void> {
  await check('npx ptl, without tsx', () => trial.help());
  await check('cdk synth of the README’s app, in TypeScript and in plain JavaScript', () => trial.synth());
  await check('npx ptl reaches for AWS', () => trial.reachesForAws());
  await check('a bundle that is not there', () => trial.lostBundle());
}

async function main(): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'path-to-live-package-')));
  const started = performance.now();
  try {
    await Promise.all([byJsii(folder), tried(folder)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${failures === 0 ? 'The package can be used' : `${failures} FAILED`} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  process.exitCode = failures === 0 ? 0 : 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
