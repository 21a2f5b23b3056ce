/**
 * `npm run build`: what is published, made anew in `dist`. The bundled handlers, the licences of what is in them, and library and `ptl` as
 * JavaScript with their types.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleHandlers } from './bundle';
import { thirdPartyLicences } from './third-party-licences';

const ROOT = join(__dirname, '..');

async function build(): Promise<void> {
  // What an earlier build left would be published too.
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  const bundles = await bundleHandlers();
  writeFileSync(join(ROOT, 'dist/lambda/THIRD-PARTY-LICENCES.txt'), thirdPartyLicences(ROOT, new Set(bundles.flatMap(({ sources }) => sources))));
  const { status } = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error(`the TypeScript compiler failed (${status}), see above`);
}

build().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
