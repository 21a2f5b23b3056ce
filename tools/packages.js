// Installs the project's npm packages, inside the project's folder, when they are missing or older than the lock file. Plain JavaScript without
// dependencies, because it runs before there are any.
const { spawnSync } = require('node:child_process');
const { existsSync, statSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const [major, minor] = process.versions.node.split('.').map(Number);

function stop(message) {
  console.error(message);
  process.exit(1);
}

function installed() {
  const stamp = join(root, 'node_modules', '.package-lock.json');
  return existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

if (major < 20 || (major === 20 && minor < 19)) {
  stop(`Node ${process.versions.node} is too old: path-to-live needs 20.19 or newer. Install it from https://nodejs.org and try again.`);
}
if (!installed()) {
  console.log('Installing the npm packages into node_modules (once, a minute or two) ...');
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (run.status !== 0) {
    stop(
      'npm could not install the packages, see its message above. It needs a network the first time; behind a proxy or mirror, set npm\'s "registry" and try again.',
    );
  }
}
