const DOCUMENTS = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];
/** Data beside the code that reads it. */
const DATA = /^dist\/cli\/review\/cost\/[a-z0-9-]+\.json$/;
const COMPILED = /^dist\/(.+?)(?:\.d\.ts|\.js)$/;
/** Rooms of this repository that nobody needs to use the library, or that are in the bundles. */
const OURS = /^(test|tools|rehearsal|bench|examples|lambda\/(domain|adapters|handlers))\//;

/**
 * What is wrong with a package of these files.
 *
 * @param handlers names of the functions whose bundles must be there
 * @param isSource whether the project has a source of this name, without `.ts`
 */
export function wrongContents(files: readonly string[], handlers: readonly string[], isSource: (name: string) => boolean): string[] {
  const needed = [...DOCUMENTS, 'bin/ptl.js', 'dist/lambda/THIRD-PARTY-LICENCES.txt', ...handlers.map((name) => `dist/lambda/${name}/index.js`)];
  const compiled = files.filter((file) => !needed.includes(file) && !DATA.test(file));
  const missing = needed.filter((file) => !files.includes(file)).map((file) => `${file} is missing`);
  const strange = compiled.filter((file) => {
    const [, source = ''] = COMPILED.exec(file) ?? [];
    return OURS.test(source) || !isSource(source);
  });
  const untyped = compiled.filter((file) => file.endsWith('.js') && !files.includes(file.replace(/\.js$/, '.d.ts')));
  return [...missing, ...strange.map((file) => `${file} has no place in it`), ...untyped.map((file) => `${file} has no types`)];
}

/** Files that the package's own description sends people to. */
export function entries(manifest: { readonly main: string; readonly types: string; readonly bin: object; readonly exports: object }): string[] {
  const leaves = (value: object | string): string[] => (typeof value === 'string' ? [value] : Object.values(value).flatMap(leaves));
  const named = [manifest.main, manifest.types, ...leaves(manifest.bin), ...leaves(manifest.exports)];
  return [...new Set(named.map((file) => file.replace(/^\.\//, '')))];
}
