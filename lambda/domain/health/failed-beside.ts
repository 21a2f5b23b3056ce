import type { RunTestInput } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { ownsLock } from '../environment';
import type { EnvironmentState } from '../model';
import type { Ports } from '../ports';
import { waitingBake, withoutBake } from './bake';
import { endedByTest } from './ended-by';
import type { Reading } from './verdict';

/** The bake begins in the same instant as the test; its token is stored within seconds. */
const LOOKS = 7;
const PAUSE_MS = 5_000;

/** Ends the bake beside which a test did not pass: the machine that waits rolls back at once. Where nobody waits, the machine finds the verdict itself. */
export async function failedBeside(ports: Pick<Ports, 'ledger' | 'clock'>, input: RunTestInput, reading: Reading): Promise<void> {
  for (let look = 1; look <= LOOKS; look++) {
    const isOver = await decideAgain(ports.clock, async () => {
      const state = await ports.ledger.environment(input.environment);
      if (!ownsLock(state, input)) return true;
      const token = tokenOf(state, input);
      if (token === undefined) return false;
      await ports.ledger.commit({ put: [withoutBake(state)], audit: [], deliver: [endedByTest(token, reading)] });
      return true;
    });
    if (isOver) return;
    if (look < LOOKS) await ports.clock.sleep(PAUSE_MS);
  }
}

/** @returns undefined when the step does not bake, or not yet */
function tokenOf(state: EnvironmentState, { release, percent }: RunTestInput): string | undefined {
  const bake = waitingBake(state);
  return bake?.release === release && bake.percent === percent && bake.asks === undefined ? bake.token : undefined;
}
