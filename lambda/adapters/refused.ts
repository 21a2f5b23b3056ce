import { isTransient, messageOf } from './transient-error';

/**
 * What a service answers, or why it refused, in words.
 *
 * @throws only what a service that is busy or away answers, for the machine to try again
 */
export async function refusedOr<Answer>(ask: () => Promise<Answer>): Promise<Answer | { readonly error: string }> {
  try {
    return await ask();
  } catch (error) {
    if (isTransient(error)) throw error;
    return { error: messageOf(error) };
  }
}

/** What a service answers; undefined where what it is asked about is in something that is not there any more, as a slot that was removed. */
export async function unlessGone<Answer>(name: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if ((error as Error).name === name) return undefined;
    throw error;
  }
}
