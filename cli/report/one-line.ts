/** What a terminal obeys instead of showing it: control characters, line breaks, and what turns the direction of writing. */
const OBEYED = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * A text that others wrote, a party's reason or what a release answered to a test, for a line of ours: it can neither begin a line of its own, which
 * might look like what another party said, nor tell the terminal to take one back.
 */
export function oneLine(text: string): string {
  return text.replace(OBEYED, ' ');
}
