import * as fc from 'fast-check';
import { countTraffic } from '../../rehearsal/figures/counts';
import type { Response } from '../../rehearsal/traffic/response';

const response = (sent: number, more: Partial<Response>): Response => ({
  sent,
  answered: sent + 10,
  environment: 'Production',
  path: '/',
  connection: 'fresh',
  status: 200,
  ...more,
});

test('a 503 before the first release is expected, the same answer afterwards is lost', () => {
  const count = countTraffic([response(0, { status: 503 }), response(100, { version: '1.0.0' }), response(200, { status: 503 })]);
  expect(count).toMatchObject({ sent: 3, beforeFirstRelease: 1, byVersion: [{ version: '1.0.0', served: 1, failed: 0 }] });
  expect(count.lost).toEqual([response(200, { status: 503 })]);
});

test('only the front door may answer before the first release: no connection is lost at any time', () => {
  expect(countTraffic([response(0, { status: 0, error: 'ECONNREFUSED' })]).lost).toHaveLength(1);
  expect(countTraffic([response(0, { status: 502 })]).lost).toHaveLength(1);
});

test('a release that is live in one environment does not excuse or accuse another', () => {
  const count = countTraffic([response(0, { environment: 'Integration', version: '1.0.0' }), response(50, { status: 503 })]);
  expect(count).toMatchObject({ beforeFirstRelease: 1, lost: [] });
});

test("a version's errors are its own", () => {
  const answers = [response(0, { version: '1.2.0', status: 500 }), response(1, { version: '1.2.0' }), response(2, { version: '1.1.0' })];
  expect(countTraffic(answers).byVersion).toEqual([
    { version: '1.1.0', served: 1, failed: 0 },
    { version: '1.2.0', served: 1, failed: 1 },
  ]);
});

test('every request is counted exactly once', () => {
  const any = fc.record({
    sent: fc.nat(1000),
    environment: fc.constantFrom('Integration', 'Production'),
    status: fc.constantFrom(0, 200, 404, 500, 503),
    version: fc.constantFrom(undefined, '1.0.0', '1.1.0'),
  });
  fc.assert(
    fc.property(fc.array(any), (some) => {
      const count = countTraffic(some.map(({ sent, ...more }) => response(sent, more)));
      const byVersion = count.byVersion.reduce((sum, { served, failed }) => sum + served + failed, 0);
      expect(byVersion + count.beforeFirstRelease + count.lost.length).toBe(some.length);
    }),
  );
});
