import { Conflict } from '../errors';
import type { Clock } from '../ports';

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 20;
const MOST_DOUBLINGS = 4;

/**
 * Runs `command`, which reads, decides and commits, again when somebody else was quicker: what it decides then is about the
 * world as it has become.
 *
 * @param attempts how often at most; more than there are others who may write the same item at the same time
 * @throws Conflict when somebody else was quicker every time
 */
export async function decideAgain<T>(clock: Clock, command: () => Promise<T>, attempts = ATTEMPTS): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await command();
    } catch (error) {
      if (!(error instanceof Conflict) || attempt >= attempts) throw error;
      await clock.sleep(FIRST_PAUSE_MS * 2 ** Math.min(attempt, MOST_DOUBLINGS));
    }
  }
}
