import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The releases of the story, in order. */
export const VERSIONS = { first: '1.0.0', second: '1.1.0', bad: '1.2.0' } as const;
/** What the traffic asks for, in turn; most of it is what the bad version breaks. */
export const LIVE_PATHS = ['/pay', '/pay', '/pay', '/'] as const;

/**
 * Writes the code of one version, as a team's build would.
 *
 * @param failsIn environment in which this version's payments fail
 * @returns the folder
 */
export function writeService(root: string, state: string, version: string, failsIn?: string): string {
  const folder = join(state, 'services', version);
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'rehearsal', 'services', 'service.js'), join(folder, 'service.js'));
  writeFileSync(join(folder, 'index.js'), `// ${version}\nexports.handler = require('./service').service(${JSON.stringify({ failsIn })});\n`);
  return folder;
}
