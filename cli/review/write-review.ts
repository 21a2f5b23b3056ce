import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../user-error';

/** File name in the review's folder -> content. */
export type Files = Readonly<Record<string, string>>;

/** In every folder this command wrote, so that it only ever replaces its own. */
const MARK = 'review.json';
const MADE_BY = '"madeBy": "ptl review"';

/**
 * Writes the files of a review, in place of an earlier review's.
 *
 * @throws UserError when the folder holds something else
 */
export async function writeReview(folder: string, files: Files): Promise<void> {
  await requireFree(folder);
  await rm(join(folder, 'diagrams'), { recursive: true, force: true });
  await mkdir(join(folder, 'diagrams'), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

/**
 * Looks before there is anything to write, so that nobody waits for nothing.
 *
 * @throws UserError
 */
export async function requireFree(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UserError(
      'BadOutput',
      `the review cannot be written to ${JSON.stringify(folder)}: ${error.code === 'ENOTDIR' ? 'it is a file' : error.code}; name a folder with --output`,
      { cause: error },
    );
  });
  if (found.length === 0) return;
  const mark = await readFile(join(folder, MARK), 'utf8').catch(() => '');
  if (mark.includes(MADE_BY)) return;
  throw new UserError(
    'OutputNotEmpty',
    `the folder ${JSON.stringify(folder)} is not empty and holds no review: nothing was written. Empty it, or name another one with --output`,
  );
}
