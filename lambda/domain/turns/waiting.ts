import type { Change, Delivery, EnvironmentState, Item, Waiting } from '../model';

/** What a machine is told that waits for its turn. It then asks to enter again, and hears there what has become of it. */
const TURN = { success: { outcome: 'turn' } } as const;

/** Releases that wait for their turn, the next one first; not those that wait for people at the firebreak. */
export function queueOf({ waiting = [] }: EnvironmentState): Waiting[] {
  return waiting.filter(({ atFirebreak }) => !atFirebreak);
}

/** Without what waits of these releases. */
export function withoutWaiting(state: EnvironmentState, versions: readonly string[]): EnvironmentState {
  if (!state.waiting?.some(({ release }) => versions.includes(release))) return state;
  return withWaiting(
    state,
    state.waiting.filter(({ release }) => !versions.includes(release)),
  );
}

export function withWaiting(state: EnvironmentState, waiting: readonly Waiting[]): EnvironmentState {
  const { waiting: _before, ...rest } = state;
  return waiting.length === 0 ? rest : { ...rest, waiting };
}

/**
 * The turn that comes with a commit of an environment: whatever leaves it free, the first one that waits is told in the same transaction. Told again while it
 * is on its way in, which does no harm: nobody waits for the token any more.
 */
export function turnIn(item: Item): Delivery[] {
  if (item.kind !== 'environment' || item.lock || item.rollBackRequested || item.goingBack) return [];
  const [next] = queueOf(item);
  return next?.token === undefined ? [] : [toTurn(next.token)];
}

export function toTurn(token: string): Delivery {
  return { to: 'token', token, answer: TURN };
}

/** A release that is to stop waits nowhere any more: its machine asks once more, and is told why it may not enter. */
export function sentIn(states: readonly EnvironmentState[], version: string): Required<Pick<Change, 'put' | 'deliver'>> {
  const where = states.filter(({ waiting }) => waiting?.some(({ release }) => release === version));
  const tokens = where.flatMap((state) => queueOf(state).flatMap(({ release, token }) => (release === version && token !== undefined ? [token] : [])));
  return { put: where.map((state) => withoutWaiting(state, [version])), deliver: tokens.map(toTurn) };
}
