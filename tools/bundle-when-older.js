// What `cdk` runs before it synthesizes (`build` in cdk.json), and `npm test` before it tests: bundles the handlers unless they are as new as what they
// are made of. Plain JavaScript, because that is looked at in a tenth of the time that TypeScript takes to start, and `cdk` runs this for every
// command, also of a ready assembly.
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, statSync, utimesSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const stamp = join(root, 'dist', 'lambda', 'bundled');
/** Sources, the packages that are bundled with them, and how. */
const madeOf = ['lambda', 'package-lock.json', join('tools', 'bundle.ts')];

/** Of a folder and all in it: a file that was removed makes its folder newer. */
function newest(path) {
  const { mtimeMs } = statSync(path);
  return statSync(path).isDirectory() ? Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name)))) : mtimeMs;
}

/** Whether something they are made of is newer than the bundles. */
function bundlesAreOlder() {
  return !existsSync(stamp) || statSync(stamp).mtimeMs < Math.max(...madeOf.map((path) => newest(join(root, path))));
}

function bundle() {
  // What is written while it bundles is newer.
  const started = new Date();
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', join(__dirname, 'bundle.ts')], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, '');
  utimesSync(stamp, started, started);
}

if (require.main === module && bundlesAreOlder()) bundle();
module.exports = { bundlesAreOlder };
