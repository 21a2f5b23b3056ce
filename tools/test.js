// `npm test`: bundles the handlers unless that is done, then checks types and style beside the tests, and fails when any of them does.
// Arguments are passed on to jest, and then only jest runs: `npm test -- test/lambda`.
const { spawn } = require('node:child_process');
const { join } = require('node:path');

const root = join(__dirname, '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
// TypeScript's native compiler: the same check in a third of the processor time. What needs the compiler's API has the one before it. One checker: several
// look at the same declarations each, which takes twice the processor time beside tests that have every core; and a collector that is in no hurry.
const TYPE_CHECKER = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc');
const TYPE_CHECK = [process.execPath, TYPE_CHECKER, '-p', '.', '--noEmit', '--checkers', '1'];
const UNHURRIED = { GOGC: '400' };
const jestArguments = process.argv.slice(2);

function run(title, [command, ...args], surroundings = {}) {
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...surroundings } });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => output.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (code) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      process.stdout.write(`\n--- ${title}: ${code === 0 ? 'passed' : 'FAILED'} (${seconds} s)\n${Buffer.concat(output)}`);
      resolve({ title, passed: code === 0 });
    });
  });
}

async function main() {
  const bundled = await run('bundles of the handlers', [process.execPath, 'tools/bundle-when-older.js']);
  if (!bundled.passed) return false;
  const jest = () => run('tests', [bin('jest'), '--ci', ...jestArguments]);
  if (jestArguments.length > 0) return (await jest()).passed;
  const results = await Promise.all([
    run('style and directions of imports', [bin('biome'), 'check', '--error-on-warnings']),
    run('types', TYPE_CHECK, UNHURRIED),
    jest(),
  ]);
  // Once more at the end: what failed first is far above what took longest.
  console.log(`\n${results.map(({ title, passed }) => `${title}: ${passed ? 'passed' : 'FAILED'}`).join('; ')}`);
  return results.every(({ passed }) => passed);
}

main().then((green) => process.exit(green ? 0 : 1));
