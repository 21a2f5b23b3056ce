import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../problem';
import { lastLines, run } from './run';

/** What the emulator needs. */
const OLDEST = [3, 10] as const;
const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
/** Kept in the virtual environment: what was installed into it, as soon as all of it was. */
const STAMP = 'installed-requirements.txt';

export interface PythonOptions {
  /** Where the virtual environment is, or is made. */
  readonly venv: string;
  readonly requirements: string;
  readonly say: (line: string) => void;
  /**
   * Programs to try, in order.
   *
   * @default - the usual names of Python 3
   */
  readonly candidates?: readonly string[];
}

/**
 * The Python of a virtual environment that has the emulator's packages: made the first time, and again when the requirements change.
 *
 * @returns path of its interpreter
 * @throws Problem that says what is missing and how to get it
 */
export async function preparePython({ venv, requirements, say, candidates = CANDIDATES }: PythonOptions): Promise<string> {
  const python = join(venv, 'bin', 'python');
  const wanted = readFileSync(requirements, 'utf8');
  const stamp = join(venv, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && (await run(python, ['--version'])).status === 0) return python;

  const base = await findPython(candidates);
  say(`Installing the local AWS into ${venv} (once, about a minute).`);
  rmSync(venv, { recursive: true, force: true });
  const made = await run(base, ['-m', 'venv', venv]);
  if (made.status !== 0) {
    throw new Problem(
      `${base} cannot make a virtual environment. Where Python's venv module is a package of its own, install it (Debian, Ubuntu: sudo apt install python3-venv) and run this again. It said:\n${lastLines(made.said)}`,
    );
  }
  const installed = await run(python, ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', '--requirement', requirements]);
  if (installed.status !== 0) {
    throw new Problem(
      `The local AWS could not be installed. That needs a network the first time; behind a mirror set PIP_INDEX_URL, behind a proxy HTTPS_PROXY, and run this again. pip said:\n${lastLines(installed.said)}`,
    );
  }
  writeFileSync(stamp, wanted);
  return python;
}

/** @throws Problem when none of them is new enough */
export async function findPython(candidates: readonly string[]): Promise<string> {
  const found: string[] = [];
  for (const candidate of candidates) {
    const { status, stdout } = await run(candidate, ['-c', 'import sys; print(*sys.version_info[:3], sep=".")']);
    if (status !== 0) continue;
    if (isNewEnough(stdout.trim())) return candidate;
    found.push(`${candidate} is ${stdout.trim()}`);
  }
  const there = found.length === 0 ? 'there is no Python here' : `here ${found.join(', ')}`;
  throw new Problem(
    `The local AWS needs Python ${OLDEST.join('.')} or newer, and ${there}. Install one (https://www.python.org/downloads, or your system's package python3) and run this again.`,
  );
}

/** @param version for example `3.11.2` */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === OLDEST[0] && minor >= OLDEST[1];
}
