import { posix } from 'node:path';

/**
 * Links of a page to files that are not there, as `<page>: <link>`.
 *
 * @param page relative to the root, with `/`
 * @param isThere told the same
 */
export function deadLinks(page: string, text: string, isThere: (file: string) => boolean): string[] {
  return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link) && !isThere(posix.join(posix.dirname(page), link).replace(/\/$/, '')))
    .map((link) => `${page}: ${link}`);
}

/** Whether a file, or a folder with files, is among these. */
export function among(files: readonly string[]): (file: string) => boolean {
  const there = new Set(files.flatMap((file) => file.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))));
  return (file) => there.has(file);
}
