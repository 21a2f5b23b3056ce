// `npm run rehearse`, from a fresh clone: plain JavaScript without dependencies, because it runs before there are any. It reads the
// options, installs the npm packages where they are missing, and hands over to the story.
const { spawn } = require('node:child_process');
const { join } = require('node:path');
const { parseArgs } = require('node:util');

const HELP = `npm run rehearse [-- options]

Starts a local AWS, deploys the example's platform into it with cdk, and takes three releases through it under live traffic:
one that goes straight through, one that a firebreak stops until people have accepted it, and a bad one that goes back by itself.
Ends with measured figures and a picture (.rehearsal/picture.svg), and fails if a promise was broken. Needs no AWS account.

  --keep          leave everything running afterwards, and print what to look at and try; Ctrl-C ends it
  --json <file>   write the figures as JSON as well; - writes them to standard output, and the story to standard error
  --help          this text

Takes about three minutes, and some minutes more the first time, for packages.
Needs Node 20.19 or newer, Python 3.10 or newer, and a network the first time. Everything it makes is inside this folder:
node_modules, .venv (the Python packages), .rehearsal (its state: logs, assemblies, the picture).

Exit codes: 0 every promise was kept · 1 one was broken, or something failed · 130 ended by Ctrl-C`;

function options() {
  try {
    return parseArgs({ options: { keep: { type: 'boolean' }, json: { type: 'string' }, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    console.error(`${error.message.split('. ')[0]}. The options are --keep, --json <file> and --help.`);
    process.exit(1);
  }
}

const { keep = false, json, help } = options();
if (help) {
  console.log(HELP);
  process.exit(0);
}

if (json === '-') console.log = console.error; // standard output is for the figures
require('../tools/packages.js');

const story = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'story.ts'), JSON.stringify({ keep, json })], {
  cwd: join(__dirname, '..'),
  stdio: 'inherit',
  // The SDK's advice about the Node version is not part of the story.
  env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
});
// The story tidies up after itself; this process only waits for it. A Ctrl-C reaches both, a kill only this one: being told twice is no harm.
const ENDED_BY = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
for (const signal of Object.keys(ENDED_BY)) process.on(signal, () => story.kill(signal));
story.on('error', (error) => {
  console.error(`The rehearsal could not be started: ${error.message}`);
  process.exitCode = 1;
});
story.on('close', (code, signal) => {
  // By a signal it ends only before it has begun; afterwards it says so itself.
  if (code === null && ENDED_BY[signal] !== undefined) console.log('\nStopped; nothing is left running.');
  process.exitCode = code ?? ENDED_BY[signal] ?? 1;
});
