/** What a review says, before it is HTML or Markdown. */

/** Words to the left, numbers to the right. */
export interface TableBlock {
  readonly kind: 'table';
  /** What the rows are, for those who do not see the table. */
  readonly caption: string;
  readonly columns: readonly string[];
  /** Each cell as lines. */
  readonly rows: readonly (readonly Cell[])[];
  /**
   * Columns of numbers, by their places from 0.
   *
   * @default - none
   */
  readonly numbers?: readonly number[];
}
/** One line, or several. */
export type Cell = string | readonly string[];

export interface FigureBlock {
  readonly kind: 'figure';
  /** File name without its ending, for example `machine-Payments-Production`. */
  readonly file: string;
  readonly title: string;
  /** What is to be seen, for those who do not see it. */
  readonly description: string;
  readonly svg: string;
  readonly mermaid: string;
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'verdict'; readonly good: boolean; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  | TableBlock
  | FigureBlock;

export interface Section {
  /** For links, for example `proof`. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Document {
  readonly title: string;
  readonly sections: readonly Section[];
}

export const text = (content: string): Block => ({ kind: 'text', text: content });
export const heading = (content: string): Block => ({ kind: 'heading', text: content });
export const list = (items: readonly string[]): Block[] => (items.length === 0 ? [] : [{ kind: 'list', items }]);
export const verdict = (good: boolean, content: string): Block => ({ kind: 'verdict', good, text: content });

/** A table, or a sentence where it would have no rows. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  numbers: readonly number[] = [],
  otherwise = 'None.',
): Block {
  return rows.length === 0 ? text(otherwise) : { kind: 'table', caption, columns, rows, numbers };
}
