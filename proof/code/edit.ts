import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const DOMAIN = join(__dirname, '..', '..', 'lambda', 'domain');

/** How a rule is broken on purpose. */
export interface Edit {
  /** Within `lambda/domain`. */
  readonly file: string;
  /** What is in that file, once, and what is there instead. */
  readonly from: string;
  readonly to: string;
}

/** Changes rules on their way into a bundle; the sources stay as they are. @throws Error when a file has other than once what is to be changed */
export function withEdits(edits: readonly Edit[]): Plugin {
  return {
    name: 'with-edits',
    setup({ onLoad }) {
      onLoad({ filter: /lambda[/\\]domain[/\\]/ }, async ({ path }) => {
        const mine = edits.filter(({ file }) => path === join(DOMAIN, file));
        return { contents: mine.reduce(edited, await readFile(path, 'utf8')), loader: 'ts' };
      });
    },
  };
}

function edited(source: string, { file, from, to }: Edit): string {
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`${file} has ${JSON.stringify(from)} ${parts.length - 1} times, and must have it once`);
  return parts.join(to);
}
