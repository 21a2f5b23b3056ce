const DOCUMENTS = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];
/** What people read and copy, as it is here. */
const PAGES = /^(?:docs\/[\w./-]+\.(?:md|svg|json)|examples\/[\w./-]+)$/;
/** The pages that the package's own words send people to. */
const TOLD = ['docs/runbook.md', 'docs/traffic.md', 'docs/schemas/README.md', 'examples/service/index.js'];
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
 * @param isOurs whether a page or an example is the project's, and was not left there by something that ran
 */
export function wrongContents(
  files: readonly string[],
  handlers: readonly string[],
  isSource: (name: string) => boolean,
  isOurs: (file: string) => boolean,
): string[] {
  const needed = [...DOCUMENTS, ...TOLD, 'bin/ptl.js', 'dist/lambda/THIRD-PARTY-LICENCES.txt', ...handlers.map((name) => `dist/lambda/${name}/index.js`)];
  const compiled = files.filter((file) => !needed.includes(file) && !DATA.test(file) && !(PAGES.test(file) && isOurs(file)));
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
