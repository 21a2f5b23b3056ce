import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The releases of the story, in order. */
export const VERSIONS = { first: '1.0.0', second: '1.1.0', bad: '1.2.0' } as const;
/** What the traffic asks for, in turn; most of it is what the bad version breaks, and the rest reads and writes the table. */
export const LIVE_PATHS = ['/pay', '/pay', '/pay', '/payments'] as const;

/**
 * Writes the code of one version, as a team's build would.
 *
 * @param failsIn environment in which this version's payments fail
 * @returns the folder
 */
export function writeService(root: string, state: string, version: string, failsIn?: string): string {
  const folder = join(state, 'services', version);
  mkdirSync(folder, { recursive: true });
  for (const file of ['service.js', 'payments.js']) cpSync(join(root, 'rehearsal', 'services', file), join(folder, file));
  const knowsCurrency = version !== VERSIONS.first;
  writeFileSync(join(folder, 'index.js'), `// ${version}\nexports.handler = require('./service').service(${JSON.stringify({ failsIn, knowsCurrency })});\n`);
  return folder;
}

/**
 * What a version's app is synthesized with: its code, and what it brings for the table. The first version brings nothing; the others have the migration
 * in their sources from the one on that needed it.
 *
 * @param failsIn environment in which this version's payments fail
 * @returns `<key>=<value>`
 */
export function sourcesOf(root: string, state: string, version: string, failsIn?: string): string[] {
  const service = `service=${writeService(root, state, version, failsIn)}`;
  if (version !== VERSIONS.first) return [service];
  const none = join(state, 'services', 'no-migrations');
  mkdirSync(none, { recursive: true });
  return [service, `migrations=${none}`];
}
