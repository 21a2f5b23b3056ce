// `npm run integ`: deploys the integration tests to the local AWS and fails unless every assertion reports success. Arguments
// name the cases to run: `npm run integ -- wholeRelease`.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

require('./packages.js');
const root = join(__dirname, '..');
for (const script of [['tools/bundle-when-older.js'], ['--import', 'tsx', 'test/integ/run.ts', ...process.argv.slice(2)]]) {
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const run = spawnSync(process.execPath, script, { cwd: root, stdio: 'inherit', env });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
