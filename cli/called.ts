import { basename, dirname, relative, sep } from 'node:path';

/** How a process was started, as far as it tells how to start it again. */
export interface Start {
  /** What Node was told to run. */
  readonly script: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * By what `ptl` is called where the user is: `ptl` where it is installed for everything, `npx ptl` in a project that has it, and in a clone of
 * path-to-live itself the script.
 */
export function calledAs({ script, directory, env }: Start): string {
  if (env.npm_command === 'exec' || dirname(script).split(sep).includes('node_modules')) return 'npx ptl';
  if (basename(script) === 'ptl') return 'ptl';
  const file = relative(directory, script).replace(/\.ts$/, '.js');
  return `node ${/^[\w./\\-]+$/.test(file) ? file : JSON.stringify(file)}`;
}

/** A text whose commands, behind a `$` or after `with:`, can be pasted. */
export function pasteable(text: string, { called }: { readonly called: string }): string {
  return text.replace(/(^[ \t]*\$ |\bwith: )ptl(?= )/gm, (_, before: string) => `${before}${called}`);
}

/** A sentence with every command in it as it is called: errors name commands in the middle of what they say. @param commands those there are */
export function asCalled(sentence: string, commands: readonly string[], { called }: { readonly called: string }): string {
  return sentence.replace(new RegExp(`(?<![\\w./-]|npx )ptl(?= (?:${commands.join('|')})(?![\\w-]))`, 'g'), () => called);
}
