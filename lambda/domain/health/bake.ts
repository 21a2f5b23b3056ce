import type { AskWatchedInput, ReadGatesInput, StartBakeInput, Verdict, WatchedGateKind } from '../../contract';
import type { Bake, EnvironmentState } from '../model';
import { isOvertaken, turnOf } from '../token-turn';

type Step = Pick<ReadGatesInput, 'release' | 'colour' | 'percent'>;

/**
 * Leaves the machine's token where an alarm finds it: of a bake, or of people who are asked. Asked again for the same token, or for one of an earlier try or
 * an earlier step, nothing changes.
 */
export function withBake(state: EnvironmentState, input: StartBakeInput | AskWatchedInput, startedAt: string): EnvironmentState {
  if (state.bake && (state.bake.token === input.token || isLate(input, state.bake))) return state;
  const { token, release, colour, percent } = input;
  return { ...state, bake: { token, release, colour, percent, startedAt, ...('asks' in input && { asks: input.asks }), ...turnOf(input) } };
}

/** Under one lock the share of a release only rises, and each of its steps bakes before it asks. */
function isLate(input: StartBakeInput | AskWatchedInput, bake: Bake): boolean {
  const [asked, stored] = [placeOf(input), placeOf(bake)];
  return asked === stored ? isOvertaken(input, bake) : asked < stored;
}

/** In the order in which a step comes to them. */
const ORDER: readonly (WatchedGateKind | undefined)[] = [undefined, 'inconclusive', 'pause'];

function placeOf({ percent, asks }: { readonly percent: number; readonly asks?: WatchedGateKind }): number {
  return percent * ORDER.length + ORDER.indexOf(asks);
}

/** The bake of this step, if its token was ever stored. */
export function bakeOf(state: EnvironmentState, { release, colour, percent }: Step): Bake | undefined {
  const { bake } = state;
  return bake?.release === release && bake.colour === colour && bake.percent === percent && bake.asks === undefined ? bake : undefined;
}

/**
 * The percent of live traffic a slot bakes at: what its step asks for, or all of it where nothing was live to share with, as of the very first
 * release in an environment.
 */
export function shareOf(state: EnvironmentState, { colour, percent }: Pick<Step, 'colour' | 'percent'>): number {
  return state.weights[colour] ?? percent;
}

/** What somebody waits for right now, a bake or people. */
export function waitingBake(state: EnvironmentState): Bake | undefined {
  return state.bake?.readAt === undefined ? state.bake : undefined;
}

/** Its token was answered: nobody waits for it any more. */
export function withoutBake(state: EnvironmentState): EnvironmentState {
  const { bake: _answered, ...rest } = state;
  return rest;
}

/** The gates were read after it, or people have decided. It stays, so that a reading that is tried again knows that there was a bake, and since when. */
export function withBakeRead(state: EnvironmentState & { readonly bake: Bake }, readAt: string, verdict: Verdict = 'passed'): EnvironmentState {
  const { verdict: _before, ...bake } = state.bake;
  return { ...state, bake: { ...bake, readAt, ...(verdict !== 'passed' && { verdict }) } };
}
