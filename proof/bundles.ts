import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The handlers' bundles, which a hub is synthesized with: made unless they are as new as their sources. */
export function makeBundles(): void {
  const root = join(__dirname, '..');
  execFileSync(process.execPath, ['tools/bundle-when-older.js'], { cwd: root, stdio: 'inherit' });
}
