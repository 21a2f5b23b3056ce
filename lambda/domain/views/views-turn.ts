import type { TurnView } from '../../contract';
import type { EnvironmentState } from '../model';
import { queueOf } from '../turns/waiting';

/** Who waits for the turn in an environment, and for whom. */
export function turnsOf(state: EnvironmentState): TurnView[] | undefined {
  const queue = queueOf(state);
  const { lock } = state;
  const ahead = (index: number) => (index > 0 ? queue[index - 1]?.release : lock && (lock.contract ? `the contract of ${lock.release}` : lock.release));
  const turns = queue.map(({ release, since, until, emergency }, index): TurnView => {
    const behind = ahead(index);
    return { release, since, until, ...(behind !== undefined && { behind }), ...(emergency && { emergency }) };
  });
  return turns.length === 0 ? undefined : turns;
}
