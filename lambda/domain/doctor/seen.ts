import { Retry } from '../errors';

/** What was seen, or why it could not be. */
export type Seen<T> = { readonly value: T } | { readonly unseen: string };

/** @throws Retry when a service was busy or away: nothing can be said of what is there */
export async function seen<T>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    if (error instanceof Retry) throw error;
    return { unseen: error instanceof Error ? error.message : String(error) };
  }
}
