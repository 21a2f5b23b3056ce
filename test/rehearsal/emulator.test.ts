import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../rehearsal/emulator/environment';
import { freePort } from '../../rehearsal/emulator/free-port';
import { findPython, isNewEnough, preparePython } from '../../rehearsal/emulator/python';
import { lastLines, run } from '../../rehearsal/emulator/run';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));

/** A program that prints something and ends with a status. */
function program(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('the environment of what uses the emulator', () => {
  const own = {
    PATH: '/bin',
    AWS_PROFILE: 'production',
    AWS_SESSION_TOKEN: 'real',
    CDK_DEFAULT_ACCOUNT: '1',
    https_proxy: 'http://proxy',
    PTL_API_URL: 'https://real',
  };
  const env = childEnvironment({ ...own, NODE_OPTIONS: '--max-old-space-size=512' }, 4321, '/a folder/names.cjs');

  test("has nothing of the user's own AWS", () => {
    for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'CDK_DEFAULT_ACCOUNT', 'https_proxy', 'PTL_API_URL']) expect(env).not.toHaveProperty(name);
    expect(env).toMatchObject({ PATH: '/bin', AWS_ENDPOINT_URL: 'http://127.0.0.1:4321', AWS_ACCESS_KEY_ID: 'test', AWS_CONFIG_FILE: '/dev/null' });
  });

  test("resolves AWS's names, whatever folder the project is in, beside what the user asks of Node", () => {
    expect(env).toMatchObject({ NODE_OPTIONS: '--max-old-space-size=512 --require "/a folder/names.cjs"', GATEWAY_PORT: '4321' });
  });
});

test('a free port can be listened on', async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  await new Promise((resolve) => server.close(resolve));
});

describe('Python', () => {
  test.each([
    ['3.9.18', false],
    ['3.10.0', true],
    ['3.14.1', true],
    ['2.7.18', false],
    ['4.0.0', false],
  ])('%s is new enough: %s', (version, enough) => {
    expect(isNewEnough(version)).toBe(enough);
  });

  test('the first that is new enough is taken', async () => {
    const candidates = [
      join(folder, 'missing'),
      program('python-old', 'echo 3.8.1'),
      program('python-new', 'echo 3.12.4'),
      program('python-newer', 'echo 3.13.0'),
    ];
    expect(await findPython(candidates)).toBe(candidates[2]);
  });

  test.each([
    ['none', [], 'needs Python 3.10 or newer, and there is no Python here'],
    ['too old a one', ['echo 3.9.2'], /needs Python 3\.10 or newer, and here .*python-0 is 3\.9\.2\. Install one/],
  ])('%s: the message says what is needed and what to do', async (_, scripts, message) => {
    const candidates = scripts.map((script, index) => program(`python-${index}`, script));
    await expect(findPython(candidates)).rejects.toThrow(message);
  });

  test.each([
    [
      'no venv module',
      'case "$1 $2" in "-m venv") echo "No module named venv" >&2; exit 1;; *) echo 3.12.0;; esac',
      /apt install python3-venv.*No module named venv/s,
    ],
    [
      'no network',
      'case "$1 $2" in "-m venv") mkdir -p "$3/bin"; printf \'#!/bin/sh\\necho "Could not find a version" >&2; exit 1\\n\' > "$3/bin/python"; chmod +x "$3/bin/python";; *) echo 3.12.0;; esac',
      /needs a network the first time.*Could not find a version/s,
    ],
  ])('%s: the message says so, with what the program said', async (_, script, message) => {
    const requirements = join(folder, 'requirements.txt');
    writeFileSync(requirements, 'something==1\n');
    const venv = mkdtempSync(join(folder, 'venv-'));
    await expect(preparePython({ venv, requirements, say: () => undefined, candidates: [program('python-x', script)] })).rejects.toThrow(message);
  });
});

describe('running a program', () => {
  test('one that is not there has status 127, and is no exception', async () => {
    expect(await run(join(folder, 'missing'), [])).toMatchObject({ status: 127, said: expect.stringContaining('ENOENT') });
  });

  test('each line of standard error is told as it comes', async () => {
    const lines: string[] = [];
    const { stdout } = await run(program('talks', 'echo one >&2; echo result; echo two >&2'), [], { onLine: (line) => lines.push(line) });
    expect([lines, stdout]).toEqual([['one', 'two'], 'result\n']);
  });

  test('one that hangs is killed after its time, and says so', async () => {
    const hung = await run(program('hangs', 'echo begun; exec sleep 600'), [], { seconds: 0.3 });
    expect(hung).toMatchObject({ status: 124, said: 'begun\n\nkilled: it had not ended after 0.3 s' });
  });

  test('of what it said, a message holds the end', () => {
    expect(lastLines('a\nb\nc\n', 2)).toBe('  b\n  c');
  });
});

describe('npm run rehearse', () => {
  const start = join(__dirname, '../../rehearsal/start.js');

  test('--help says what it does, what it needs and where it leaves things', () => {
    const help = execFileSync(process.execPath, [start, '--help'], { encoding: 'utf8' });
    for (const words of ['--keep', '--json', 'Python 3.10', '.rehearsal', 'about three minutes, and some minutes more the first time', 'Exit codes'])
      expect(help).toContain(words);
  });

  test('an option it does not have is refused, with those it has', () => {
    const { status, stderr } = spawnSync(process.execPath, [start, '--kep'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/--kep.*--keep, --json <file> and --help/)]);
  });
});
