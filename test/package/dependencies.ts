import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `require("x")` and `import("x")` anywhere, `import … from "x"` where a statement ends. */
const IMPORT = /\b(?:require|import)\((['"])([^.'"][^'"]*)\1\)|^(?:import|export|\}).* from (['"])([^.'"][^'"]*)\3;$/gm;

/** Names of the packages that a file of code or declarations imports, Node's own not among them. */
export function imported(code: string): string[] {
  const names = [...code.matchAll(IMPORT)].map(([, , called, , from]) => called ?? from ?? '').filter((name) => !name.startsWith('node:'));
  return [...new Set(names.map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')))];
}

/** What is there wherever it is asked for. */
const IN_A_CLONE_ONLY: ReadonlySet<string> = new Set(['bin/ptl.js tsx']);

/**
 * What is wrong with the dependencies a package declares.
 *
 * @param folder the unpacked package
 * @param files its files but for the bundles, which bring along what they need
 */
export function wrongDependencies(folder: string, files: readonly string[]): string[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const [dependencies, peers] = [manifest.dependencies, manifest.peerDependencies].map((declared) => Object.keys(declared ?? {})) as [string[], string[]];
  const used = new Map<string, string>();
  for (const file of files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
    for (const name of imported(readFileSync(join(folder, file), 'utf8'))) used.set(name, file);
  }
  const declared = [...dependencies, ...peers];
  const undeclared = [...used].filter(([name, file]) => !declared.includes(name) && !IN_A_CLONE_ONLY.has(`${file} ${name}`));
  return [
    ...undeclared.map(([name, file]) => `${file} imports ${name}, which is not among the dependencies`),
    ...declared.filter((name) => !used.has(name)).map((name) => `nothing imports ${name}, which is among the dependencies`),
  ];
}
