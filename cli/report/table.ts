import { shortLine } from './in-short';

const GAP = '  ';

/**
 * Rows under headings, in columns as wide as their longest cell; the last column is broken into lines where the line would get too long.
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], columns: number): string[] {
  const all = [headings, ...rows];
  const widths = headings.slice(0, -1).map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const indent = widths.reduce((sum, width) => sum + width + GAP.length, 0);
  return all.flatMap((row) => {
    const start = widths.map((width, column) => (row[column] ?? '').padEnd(width) + GAP).join('');
    const [first = '', ...others] = wrap(row[widths.length] ?? '', Math.max(20, columns - indent));
    return [(start + first).trimEnd(), ...others.map((line) => ' '.repeat(indent) + line)];
  });
}

/** A text in lines of at most so many characters; a word that is longer keeps a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of shortLine(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Names and their texts, one under the other; a long text goes on under itself. */
export function fields(named: readonly (readonly [name: string, text: string])[], columns: number): string[] {
  const width = Math.max(...named.map(([name]) => name.length));
  return named.flatMap(([name, text]) => hanging(`  ${name.padEnd(width)}${GAP}`, text, columns));
}

/** A text behind a start, in lines that go on under the text. */
export function hanging(start: string, text: string, columns: number): string[] {
  return wrap(text, Math.max(20, columns - start.length)).map((line, index) => (index === 0 ? start : ' '.repeat(start.length)) + line);
}
