/** One letter in so many may be wrong for a word to be taken for a misspelling of another. */
const LETTERS_A_MISTAKE = 3;

/**
 * What somebody may have meant by a word that is not known, for a message, for example ` (did you mean "Production"?)`; upper and lower case are the same.
 *
 * @returns nothing when no known word is near
 */
export function didYouMean(word: string, known: readonly string[]): string {
  const away = (other: string) => distance(word.toLowerCase(), other.toLowerCase());
  const [nearest] = [...known].sort((a, b) => away(a) - away(b));
  const meant = nearest !== undefined && away(nearest) <= word.length / LETTERS_A_MISTAKE ? nearest : longForm(word, known);
  return meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`;
}

/** The only known word that begins like this one, as `Production` does for `prod`. */
function longForm(word: string, known: readonly string[]): string | undefined {
  const [only, ...others] = known.filter((each) => word !== '' && each.toLowerCase().startsWith(word.toLowerCase()));
  return others.length === 0 ? only : undefined;
}

/** Letters to put in, take out or exchange until one word is the other (Levenshtein), a row of the table at a time. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, count) => count);
  for (const letter of one) {
    let [before = 0] = row;
    let left = before + 1;
    row = row.map((above, column) => {
      if (column === 0) return left;
      left = Math.min(above + 1, left + 1, before + (other[column - 1] === letter ? 0 : 1));
      before = above;
      return left;
    });
  }
  return row.at(-1) ?? 0;
}
