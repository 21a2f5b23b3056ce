import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Run, run } from '../emulator/run';
import { Problem } from '../problem';
import type { Person } from './people';

/** How a `ptl` command ended. */
export interface PtlRun<T> {
  readonly exitCode: number;
  /** What `--json` printed. */
  readonly document: T;
}

/** What `--json` prints where a command was refused. */
export interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
}

/**
 * Runs the real CLI as somebody, with `--json`.
 *
 * @param onLine told of what it says while it runs
 * @throws Problem when it printed no JSON
 */
export async function ptl<T>(root: string, person: Person, path: string, args: readonly string[], onLine?: (line: string) => void): Promise<PtlRun<T>> {
  const env = { ...person.env, PTL_PATH: path };
  // Only who submits a release has the app at hand: an assembly that lies there is no business of the others.
  const cwd = args[0] === 'release' ? root : tmpdir();
  const ended = await run(process.execPath, [join(root, 'bin', 'ptl.js'), ...args, '--json'], { cwd, env, onLine });
  return { exitCode: ended.status, document: parsed<T>(ended, args) };
}

/**
 * The same for a command that must succeed.
 *
 * @throws Problem with why it was refused
 */
export async function act(root: string, person: Person, path: string, args: readonly string[]): Promise<void> {
  const { exitCode, document } = await ptl<Refusal>(root, person, path, args);
  if (exitCode !== 0) throw new Problem(`${person.name} could not run ptl ${args.join(' ')}: ${document.error?.message ?? `exit code ${exitCode}`}`);
}

function parsed<T>({ stdout, said, status }: Run, args: readonly string[]): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Problem(`ptl ${args.join(' ')} --json printed no JSON and ended with ${status}. It said:\n${said}`);
  }
}
