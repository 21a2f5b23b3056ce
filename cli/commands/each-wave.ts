import type { EnvironmentView } from '../../lambda/contract';
import type { HubApi } from '../hub/hub-api';
import { UserError } from '../user-error';
import { wavesNamed } from '../waves';

/** A wave with which it could not be done. */
interface NotDone {
  readonly environment: string;
  readonly code: string;
  readonly why: string;
}

/** What became of each wave, in the order of the path. */
export interface WavesDone<T> {
  readonly waves: string;
  readonly environments: readonly (T | NotDone)[];
}

/**
 * Does something with an environment or, where that is the name of waves, with each of them: one with which it cannot be done does not keep the others.
 *
 * @throws UserError as the hub has it, where there is neither an environment nor a wave of this name
 */
export async function eachWave<T extends object>(hub: HubApi, name: string, act: (environment: string) => Promise<T>): Promise<T | WavesDone<T>> {
  try {
    return await act(name);
  } catch (error) {
    const environments: (T | NotDone)[] = [];
    for (const { environment } of await wavesOr(error, hub, name)) environments.push(await orWhyNot(environment, act));
    return { waves: name, environments };
  }
}

/** The waves that go by a name, in the order of the path. @throws error where it is about something else, and where there is no wave of this name */
export async function wavesOr(error: unknown, hub: HubApi, name: string): Promise<EnvironmentView[]> {
  if (!(error instanceof UserError) || error.code !== 'UnknownEnvironment') throw error;
  const waves = wavesNamed((await hub.status()).environments, name);
  if (waves.length === 0) throw error;
  return waves;
}

export function isNotDone<T extends object>(wave: T | NotDone): wave is NotDone {
  return 'why' in wave;
}

/** In words: what was done, or why not. */
export function wordsOfWaves<T extends object>({ environments }: WavesDone<T>, words: (done: T) => readonly string[]): string[] {
  return environments.flatMap((wave) => (isNotDone(wave) ? [`${wave.environment} is left as it is: ${wave.why}`] : words(wave)));
}

/** @param done what should have become of them, for the message @throws UserError when it could not be done with one of them */
export function requireEvery<T extends object>({ waves, environments }: WavesDone<T>, done: string): void {
  const left = environments.filter(isNotDone);
  const [first] = left;
  if (first === undefined) return;
  throw new UserError(first.code, `not every wave of ${waves} is ${done}: ${left.map(({ environment, why }) => `${environment}: ${why}`).join('; ')}`);
}

/** What it has come to with one wave, or why the hub did not do it. */
export async function orWhyNot<T extends object>(environment: string, act: (environment: string) => Promise<T>): Promise<T | NotDone> {
  try {
    return await act(environment);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { environment, code: error.code, why: error.message };
  }
}
