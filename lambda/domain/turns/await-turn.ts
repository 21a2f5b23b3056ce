import type { AwaitTurnInput } from '../../contract';
import type { Change, EnvironmentState } from '../model';
import { isOvertaken, turnOf } from '../token-turn';
import { queueOf, toTurn, withWaiting } from './waiting';

/**
 * What a machine changes that comes to wait for its turn: its token is kept where whoever leaves the environment free finds it, which may be this very commit.
 * Where nothing waits of it any more, it is told at once. Safe to ask again: the token of a later try takes the place of an earlier one.
 */
export function awaited(input: AwaitTurnInput, state: EnvironmentState): Change {
  const { execution, token } = input;
  const own = queueOf(state).find((each) => each.execution === execution);
  if (!own) return { put: [], audit: [], deliver: [toTurn(token)] };
  if (own.token !== undefined && isOvertaken(input, own)) return { put: [], audit: [] };
  const waiting = (state.waiting ?? []).map((each) => (each === own ? { ...own, token, ...turnOf(input) } : each));
  return { put: [withWaiting(state, waiting)], audit: [] };
}
