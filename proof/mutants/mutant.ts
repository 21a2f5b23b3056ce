/** One change of one place in the rules. */
export interface Mutant {
  /** From the project's folder on. */
  readonly file: string;
  readonly line: number;
  /** The source line it begins in. */
  readonly on: string;
  readonly from: string;
  readonly to: string;
  /** Whether any test runs that place. */
  readonly reached: boolean;
}

const LONGEST = 100;

/** In one line, and cut where it is long: what a line break or a long block is replaced by is not what tells mutants apart. */
export function textOf(code: string): string {
  const text = code.replace(/\s+/g, ' ').trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 2)} …` : text;
}
