import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeService } from '../../rehearsal/services';

const root = join(__dirname, '../..');

/** What a version answers in an environment. */
async function answers(version: string, failsIn: string | undefined, environment: string, path: string) {
  const folder = writeService(root, mkdtempSync(join(tmpdir(), 'services-')), version, failsIn);
  Object.assign(process.env, { PATH_TO_LIVE_VERSION: version, PATH_TO_LIVE_COLOUR: 'blue', PATH_TO_LIVE_ENVIRONMENT: environment });
  const { handler } = require(join(folder, 'index.js'));
  return handler({ path });
}

test.each([
  ['1.0.0', undefined, 'Production', '/pay', 200],
  ['1.2.0', 'Production', 'Production', '/pay', 500],
  ['1.2.0', 'Production', 'Production', '/', 200],
  ['1.2.0', 'Production', 'Production', '/health', 200],
  ['1.2.0', 'Production', 'Preproduction', '/pay', 200],
])('%s, which fails in %s, answers in %s to %s: %d', async (version, failsIn, environment, path, statusCode) => {
  expect(await answers(version, failsIn, environment, path)).toMatchObject({
    statusCode,
    headers: { 'x-service-version': version, 'x-service-colour': 'blue' },
  });
});
