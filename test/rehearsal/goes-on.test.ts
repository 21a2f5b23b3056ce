import { untilReadAfter } from '../../rehearsal/scenarios/goes-on';
import type { Response } from '../../rehearsal/traffic/response';
import type { World } from '../../rehearsal/world';

const ENDED = 1000;
const common = { answered: ENDED + 20, path: '/payments', connection: 'fresh' } as const;
const READ: Response = { ...common, sent: ENDED + 10, environment: 'Production', status: 200, version: '1.1.0', paymentBy: '1.2.0' };

/** @param logs what has been logged at each look; the last one stays */
async function looks(logs: readonly (readonly Response[])[], withinMs: number): Promise<number> {
  let count = 0;
  const traffic = { responses: () => logs[Math.min(count++, logs.length - 1)] ?? [] };
  await untilReadAfter({ ended: ENDED }, { traffic, production: { environment: 'Production' } } as unknown as World, withinMs);
  return count;
}

test('users come until one has read what the bad version left, and no longer', async () => {
  expect(await looks([[], [{ ...READ, paymentBy: '1.0.0' }], [READ]], 60_000)).toBe(3);
});

test.each<[string, Partial<Response>]>([
  ['was sent before the bad release had ended', { sent: ENDED }],
  ['is of another environment', { environment: 'Integration' }],
  ['is of another version', { version: '1.2.0' }],
  ['was an error', { status: 500 }],
])('what %s is no evidence, and the wait has an end', async (_, other) => {
  expect(await looks([[{ ...READ, ...other }]], 100)).toBeGreaterThan(1);
});
