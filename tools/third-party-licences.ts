import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package whose code is in something of ours. */
interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  /** Licence and notices in full, as the package has them. */
  readonly texts: string[];
}

const OF_A_PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/**
 * What the authors of bundled packages want to be read: name, version and licence of each, and every text once.
 *
 * @param root folder of the project
 * @param sources files whose code is published, relative to it, with `/`; those that belong to no package are ours
 * @throws Error naming a package without a licence to publish with its code
 */
export function thirdPartyLicences(root: string, sources: Iterable<string>): string {
  const folders = new Set([...sources].flatMap((source) => OF_A_PACKAGE.exec(source) ?? []));
  const packages = [...folders].map((folder) => packageIn(join(root, folder))).sort((a, b) => (a.name < b.name ? -1 : 1));
  const owners = new Map<string, string[]>();
  for (const { name, version, texts } of packages) {
    for (const text of texts) owners.set(text, [...(owners.get(text) ?? []), `${name} ${version}`]);
  }
  const list = packages.map(({ name, version, license }) => `${name} ${version}: ${license}`);
  const texts = [...owners].map(([text, names]) => `${'-'.repeat(80)}\n${names.join('\n')}\n\n${text}`);
  return `${['The functions of path-to-live hold code of these packages.\n', ...list].join('\n')}\n\n${texts.join('\n\n')}\n`;
}

function packageIn(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (license !== 'Apache-2.0' && files.length === 0) {
    throw new Error(`${name} ${version} has no text of its licence (${license}) in ${folder}, which must be published with its code; use another package`);
  }
  return { name, version, license, texts: files.map((file) => readFileSync(join(folder, file), 'utf8').trim()) };
}
