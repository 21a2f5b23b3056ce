import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from './problem';

/**
 * Makes a folder this process's own until it ends: two runs of the same would take each other's local AWS and what it leaves behind. What a run has left that did not
 * come to its end is taken over.
 *
 * @param state the folder, made where it is not there
 * @param command as it is typed, for the message
 * @throws Problem while another process has it
 */
export function claim(state: string, command: string): void {
  mkdirSync(state, { recursive: true });
  const file = join(state, 'pid');
  if (!taken(file)) {
    const owner = Number(readFileSync(file, 'utf8'));
    if (runs(owner)) {
      throw new Problem(
        `${command} runs in this folder already, as process ${owner}, and a second one would destroy what it is at: wait until that has ended, or use another copy of the project; where process ${owner} is something else, remove ${file}`,
      );
    }
    rmSync(file, { force: true });
    if (!taken(file)) throw new Problem(`${command} was started in this folder twice at the same moment: the other one goes on`);
  }
  process.once('exit', () => rmSync(file, { force: true }));
}

function taken(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Signal 0 is sent to nobody, and fails where there is nobody to send it to. Without the right to, there is somebody. */
function runs(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
