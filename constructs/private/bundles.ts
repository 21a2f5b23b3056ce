import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PathToLiveError } from './errors';

/**
 * Folder of a handler's bundle. A clone makes it in `dist/lambda`; the published package, whose code is in `dist` itself, brings it along.
 *
 * @param where construct path
 * @param here folder of this file, the source or what was compiled of it
 * @throws PathToLiveError that says what to do, which is another thing for who works on this library than for who uses it
 */
export function bundleOf(where: string, handler: string, here = __dirname): string {
  const inClone = existsSync(join(here, 'bundles.ts'));
  const folder = join(here, '..', '..', ...(inClone ? ['dist'] : []), 'lambda', handler);
  const file = join(folder, 'index.js');
  if (existsSync(file)) return folder;
  const problem = inClone
    ? `has not been bundled, there is no dist/lambda/${handler}/index.js; run the app with npx cdk, which bundles before, or run npm run build:lambda first`
    : `is missing from this installation of path-to-live, there is no ${file}; install path-to-live again`;
  throw new PathToLiveError('BundleMissing', where, `the handler ${JSON.stringify(handler)} ${problem}`);
}
