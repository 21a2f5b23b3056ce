import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where package.json is, seen from the sources and from the published package. */
const ROOTS = [join(__dirname, '..'), join(__dirname, '..', '..')];

/** The version of path-to-live that runs, for example `0.1.0`. */
export function ownVersion(): string {
  const [manifest = ''] = ROOTS.map((root) => join(root, 'package.json')).filter((file) => existsSync(file));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}
