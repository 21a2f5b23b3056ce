import type { ReadGatesInput, StartBakeInput } from '../../contract';
import type { Bake, EnvironmentState } from '../model';
import { isOvertaken, turnOf } from '../token-turn';

type Step = Pick<ReadGatesInput, 'release' | 'colour' | 'percent'>;

/** Leaves the machine's token where an alarm finds it. Asked again for the same token, or for one of an earlier try, nothing changes. */
export function withBake(state: EnvironmentState, input: StartBakeInput, startedAt: string): EnvironmentState {
  if (state.bake?.token === input.token) return state;
  if (state.bake && isOvertaken(input, state.bake)) return state;
  const { token, release, colour, percent } = input;
  return { ...state, bake: { token, release, colour, percent, startedAt, ...turnOf(input) } };
}

/** The bake of this step, if its token was ever stored. */
export function bakeOf(state: EnvironmentState, { release, colour, percent }: Step): Bake | undefined {
  const { bake } = state;
  return bake?.release === release && bake.colour === colour && bake.percent === percent ? bake : undefined;
}

/**
 * The percent of live traffic a slot bakes at: what its step asks for, or all of it where nothing was live to share with, as of the very first
 * release in an environment.
 */
export function shareOf(state: EnvironmentState, { colour, percent }: Pick<Step, 'colour' | 'percent'>): number {
  return state.weights[colour] ?? percent;
}

/** The bake somebody waits for right now. */
export function waitingBake(state: EnvironmentState): Bake | undefined {
  return state.bake?.readAt === undefined ? state.bake : undefined;
}

/** Its token was answered: nobody waits for it any more. */
export function withoutBake(state: EnvironmentState): EnvironmentState {
  const { bake: _answered, ...rest } = state;
  return rest;
}

/** The gates were read after it. It stays, so that a reading that is tried again knows that there was a bake, and since when. */
export function withBakeRead(state: EnvironmentState & { readonly bake: Bake }, readAt: string): EnvironmentState {
  return { ...state, bake: { ...state.bake, readAt } };
}
