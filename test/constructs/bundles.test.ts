import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleOf } from '../../constructs/private/bundles';

const root = mkdtempSync(join(tmpdir(), 'bundles-'));
afterAll(() => rmSync(root, { recursive: true }));

function write(file: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), '');
}

describe('in a clone', () => {
  const here = join(root, 'clone/constructs/private');
  write('clone/constructs/private/bundles.ts');
  write('clone/dist/lambda/accept/index.js');
  // no bundle: where the sources of the handlers are
  write('clone/lambda/stop/index.js');

  test('bundles are in dist', () => expect(bundleOf('Payments', 'accept', here)).toBe(join(root, 'clone/dist/lambda/accept')));

  test('one that is not there has to be made', () => {
    expect(() => bundleOf('Payments/Hub', 'stop', here)).toThrow(
      'Payments/Hub: the handler "stop" has not been bundled, there is no dist/lambda/stop/index.js; run the app with npx cdk, which bundles before, or run npm run build:lambda first (path-to-live:BundleMissing)',
    );
  });
});

describe('in the published package', () => {
  const here = join(root, 'package/dist/constructs/private');
  write('package/dist/constructs/private/bundles.js');
  write('package/dist/lambda/accept/index.js');

  test('bundles are beside the code', () => expect(bundleOf('Payments', 'accept', here)).toBe(join(root, 'package/dist/lambda/accept')));

  test('one that is not there cannot be made: nobody is sent to a script that only a clone has', () => {
    const file = join(root, 'package/dist/lambda/stop/index.js');
    expect(() => bundleOf('Payments/Hub', 'stop', here)).toThrow(
      `Payments/Hub: the handler "stop" is missing from this installation of path-to-live, there is no ${file}; install path-to-live again (path-to-live:BundleMissing)`,
    );
  });
});
