import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const ROOT = join(__dirname, '../..');

/** A piece of code in the documentation. */
export interface Example {
  /** File and line, as an editor opens it. */
  readonly at: string;
  readonly code: string;
}

/** Sources a team may read, whose docstrings are documentation. */
export function sources(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(ROOT, folder, name))
      .sort(),
  );
}

/** What follows each `@example` of a file, up to the next tag or the end of the comment. */
export function docstringExamples(file: string): Example[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^ *\* @example\n((?: *\*(?! @)(?!\/).*\n)+)/gm)].map((found) => ({
    at: place(file, text, found.index),
    code: (found[1] ?? '').replace(/^ *\* ?/gm, ''),
  }));
}

/** Fenced blocks of a Markdown file in one language. */
export function fencedExamples(file: string, language: string): Example[] {
  const text = readFileSync(file, 'utf8');
  // One in a list is indented with it.
  return [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^\\1\`\`\``, 'gm'))].map((found) => ({
    at: place(file, text, found.index),
    code: (found[2] ?? '').replaceAll(new RegExp(`^${found[1]}`, 'gm'), ''),
  }));
}

function place(file: string, text: string, index: number): string {
  return `${relative(ROOT, file)}:${text.slice(0, index).split('\n').length + 1}`;
}
