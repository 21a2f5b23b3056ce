/** Why the rehearsal cannot go on, in words that say what to do; told without a stack. */
export class Problem extends Error {
  override readonly name = 'Problem';
}
