/** A table: words to the left, numbers to the right. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many columns, from the left, are words. */
  readonly words: number;
}

/** A part of the report. */
export interface Section {
  readonly title: string;
  /** What was measured and how, and what is aimed at; one paragraph each. */
  readonly text: readonly string[];
  readonly tables: readonly Table[];
  /** What the tables do not show. */
  readonly remarks: readonly string[];
}

/** For a terminal. */
export function asText({ title, text, tables, remarks }: Section): string {
  return [`\n${title}\n${'='.repeat(title.length)}`, ...text, ...tables.map(textTable), ...list(remarks)].join('\n\n');
}

/** For docs/. */
export function asMarkdown({ title, text, tables, remarks }: Section): string {
  return [`## ${title}`, ...text, ...tables.map(markdownTable), ...list(remarks)].join('\n\n');
}

function list(remarks: readonly string[]): string[] {
  return remarks.length === 0 ? [] : [remarks.map((remark) => `- ${remark}`).join('\n')];
}

function textTable({ columns, rows, words }: Table): string {
  const widths = columns.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => (column < words ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ')}`.trimEnd();
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function markdownTable({ columns, rows, words }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map((_, column) => (column < words ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
