import { execSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const { build } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { build: string };

// Stands for the bundler, and counts how often it was run.
const BUNDLER = `
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
if (existsSync('lambda/broken.ts')) process.exit(3);
mkdirSync('dist/lambda', { recursive: true });
appendFileSync('runs', '.');
`;

let project: string;
const file = (name: string) => join(project, name);
const runs = () => (existsSync(file('runs')) ? readFileSync(file('runs'), 'utf8').length : 0);
const synthesizing = () => execSync(build, { cwd: project, stdio: 'pipe' });
/** Seconds from now: what a file system's clock is too coarse for. */
const touch = (name: string, seconds: number) => utimesSync(file(name), Date.now() / 1000 + seconds, Date.now() / 1000 + seconds);

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'ptl-build-'));
  for (const folder of ['tools', 'lambda/handlers']) mkdirSync(file(folder), { recursive: true });
  copyFileSync(join(ROOT, 'tools/bundle-when-older.js'), file('tools/bundle-when-older.js'));
  symlinkSync(join(ROOT, 'node_modules'), file('node_modules'));
  writeFileSync(file('tools/bundle.ts'), BUNDLER);
  for (const name of ['package-lock.json', 'lambda/handlers/probe.ts', 'lambda/handlers/stop.ts']) writeFileSync(file(name), '');
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

// One after the other: each finds what the one before left.
describe('what cdk runs before it synthesizes', () => {
  test('bundles the handlers of a fresh clone, and then not again', () => {
    synthesizing();
    synthesizing();
    expect(runs()).toBe(1);
  });

  test.each(['lambda/handlers/probe.ts', 'package-lock.json'])('bundles again when %s is newer', (name) => {
    const before = runs();
    touch(name, 60);
    synthesizing();
    expect(runs()).toBe(before + 1);
    touch(name, -60);
    synthesizing();
    expect(runs()).toBe(before + 1);
  });

  test('bundles again when a file is gone', () => {
    const before = runs();
    rmSync(file('lambda/handlers/stop.ts'));
    synthesizing();
    expect(runs()).toBe(before + 1);
  });

  test('fails when the bundler does, each time', () => {
    writeFileSync(file('lambda/broken.ts'), '');
    for (const _ of [1, 2]) expect(synthesizing).toThrow(expect.objectContaining({ status: 3 }));
  });
});
