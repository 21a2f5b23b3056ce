import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** Bundles the handlers when somebody runs jest alone, without `npm test`, in a fresh clone. Constructs need them. */
export function bundled(): void {
  // the last one in the alphabet: the bundler writes all of them or none
  if (existsSync(join(ROOT, 'dist/lambda/traffic-switch/index.js'))) return;
  execFileSync(process.execPath, ['--import', 'tsx', 'tools/bundle.ts'], { cwd: ROOT, stdio: 'inherit' });
}
