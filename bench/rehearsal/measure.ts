import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCalls } from '../../rehearsal/figures/calls';
import type { Figures } from '../../rehearsal/figures/figures';
import { temporaryFolder } from '../temporary-folder';
import { type CallCount, callsOfRollBack } from './roll-back-calls';

const root = join(__dirname, '..', '..');

/** What `npm run rehearse -- --json` writes. */
export interface RehearsalFigures extends Figures {
  readonly seconds: number;
  /** Absent where it cannot be known. */
  readonly memoryBytes?: number;
  readonly promises: readonly { readonly promise: string; readonly kept: boolean; readonly seen: string }[];
}

export interface Rehearsed {
  readonly figures: RehearsalFigures;
  /** By action, most first; empty when nothing went back. */
  readonly rollBackCalls: readonly CallCount[];
}

/**
 * Runs the rehearsal as anybody would, its story on standard error, and takes what it measured.
 *
 * @throws Error when it ended without figures
 */
export async function rehearse(tell: (line: string) => void): Promise<Rehearsed> {
  tell('The rehearsal, about three minutes');
  const file = join(temporaryFolder(), 'figures.json');
  await run(file);
  const figures = JSON.parse(readFileSync(file, 'utf8')) as RehearsalFigures;
  const alarm = figures.rollBack?.alarm;
  return { figures, rollBackCalls: alarm === undefined ? [] : callsOfRollBack(readCalls(join(root, '.rehearsal', 'calls.jsonl')), alarm) };
}

/** A rehearsal that broke a promise ends with 1, and has figures all the same. */
function run(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'rehearsal', 'start.js'), '--json', file], { cwd: root, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('close', (code) => (existsSync(file) ? resolve() : reject(new Error(`the rehearsal ended with ${code} and measured nothing; see above`))));
  });
}
