import type { TokenTurn } from '../contract';

/** What is kept beside a token. */
export function turnOf({ enteredAt, retries }: TokenTurn): TokenTurn {
  return { ...(enteredAt !== undefined && { enteredAt }), ...(retries !== undefined && { retries }) };
}

/**
 * Whether a token is of an earlier try than the one that is stored. Step Functions waits for the token of the last try alone; a call that was slow, or was
 * made twice, brings one for which nobody waits.
 */
export function isOvertaken(turn: TokenTurn, stored: TokenTurn): boolean {
  if (turn.enteredAt === undefined || stored.enteredAt === undefined) return false;
  if (turn.enteredAt !== stored.enteredAt) return turn.enteredAt < stored.enteredAt;
  return (turn.retries ?? 0) < (stored.retries ?? 0);
}
