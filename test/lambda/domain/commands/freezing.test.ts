import { ORIGINAL, UNRELEASED } from '../../../../lambda/contract';
import type { EnvironmentState } from '../../../../lambda/domain/model';
import { call } from '../../api-call';
import { session } from '../../example-gate';
import { exampleWorld, snapshot } from '../../example-path';
import type { InMemoryPorts } from '../../in-memory-ports';
import { WavesWorld } from '../../waves-world';

const MANAGER = session('ReleaseManager');
const freeze = (ports: InMemoryPorts, body: object = { reason: 'Black Friday' }) => call(ports, MANAGER, 'POST /environments/Production/freeze', body);
const unfreeze = (ports: InMemoryPorts) => call(ports, MANAGER, 'POST /environments/Production/unfreeze', { reason: ' over ' });
const last = (ports: InMemoryPorts) => ports.bus.published.at(-1);

async function world(given: Partial<EnvironmentState> = {}): Promise<InMemoryPorts> {
  const ports = exampleWorld();
  ports.ledger.seed({ ...(await ports.ledger.environment('Production')), ...given });
  return ports;
}

test('a freeze is told in the audit of what is live, with its end and with the one whose place it takes', async () => {
  const ports = await world();
  await freeze(ports);
  expect(last(ports)).toMatchObject({ what: 'EnvironmentFrozen', release: '1.0.0', detail: { until: null } });
  expect(last(ports)?.detail).toEqual({ until: null });
  const at = ports.clock.now();
  ports.clock.advance(60);
  const until = '2026-02-01T06:00:00.000Z';
  const { body } = await freeze(ports, { reason: 'sale', until });
  expect(body.replaces).toEqual({ by: MANAGER, reason: 'Black Friday', at });
  expect(last(ports)?.detail).toEqual({ until, before: { by: MANAGER, at, until: null } });
  await freeze(ports, { reason: 'sale' });
  expect(last(ports)?.detail).toEqual({ until: null, before: { by: MANAGER, at: ports.clock.now(), until } });
  ports.clock.advance(60);
  await unfreeze(ports);
  expect(last(ports)).toMatchObject({ what: 'EnvironmentUnfrozen', release: '1.0.0', who: MANAGER, why: 'over' });
});

test.each<[string, Partial<EnvironmentState>]>([
  ['nothing', { live: undefined, weights: {}, slots: {} }],
  ['what served before any release', { live: { colour: ORIGINAL, version: ORIGINAL, digest: '' } }],
])('where %s is live it is told of no release', async (_, given) => {
  const ports = await world(given);
  await freeze(ports);
  expect(last(ports)).toMatchObject({ what: 'EnvironmentFrozen', release: UNRELEASED });
});

test('one that differs in anything takes the place of the one before: the reason, the end, or who says it', async () => {
  const ports = await world();
  const told = async (body: object, who = MANAGER) => {
    const before = ports.bus.published.length;
    expect(await call(ports, who, 'POST /environments/Production/freeze', body)).toMatchObject({ status: 200 });
    return ports.bus.published.length - before;
  };
  const until = '2026-02-01T06:00Z';
  expect(await told({ reason: 'sale', until })).toBe(1);
  expect(await told({ reason: 'sale', until: '2026-02-01T07:00+01:00' })).toBe(0);
  expect(await told({ reason: 'sale', until: '2026-02-01T07:00Z' })).toBe(1);
  expect(await told({ reason: 'a sale', until: '2026-02-01T07:00Z' })).toBe(1);
  expect(await told({ reason: 'a sale', until: '2026-02-01T07:00Z' }, session('ReleaseManager', 'deputy'))).toBe(1);
});

test('one that is over is named to who would end it, and nothing changes', async () => {
  const ports = await world();
  const [since, until] = [ports.clock.now(), '2026-01-05T10:00:00.000Z'];
  await freeze(ports, { reason: 'sale', until });
  ports.clock.advance(3600);
  const before = snapshot(ports);
  const message = `Production is not frozen, so there is no freeze to end; it was frozen by ${MANAGER} since ${since}, until ${until} (sale), which is over`;
  expect(await unfreeze(ports)).toEqual({ status: 409, body: { code: 'NotFrozen', message } });
  expect(snapshot(ports)).toEqual(before);
});

test.each([
  ['2026-01-05T09:00:00.000Z', 'until must be in the future, got: "2026-01-05T09:00:00.000Z", and it is 2026-01-05T09:00:00.000Z'],
  ['2026-02-01T25:00Z', 'until is no time of day that there is: its hour is 25, and must be 0 to 23, got: "2026-02-01T25:00Z"; for example 2026-12-01T06:00Z'],
  ['2026-02-31T06:00Z', 'until is no day that there is, got: "2026-02-31T06:00Z"; for example 2026-12-01T06:00Z'],
  ['2027-01-06T09:00:00.001Z', 'until must be within 366 days, got: "2027-01-06T09:00:00.001Z"; leave it out for a freeze that lasts until somebody ends it'],
])('an end at %s is none', async (until, message) => {
  expect(await freeze(await world(), { reason: 'x', until })).toEqual({ status: 400, body: { code: 'BadInput', message } });
});

test('an end in a moment, and one in 366 days, are possible', async () => {
  for (const until of ['2026-01-05T09:00:00.001Z', '2027-01-06T09:00:00.000Z']) {
    expect(await freeze(await world(), { reason: 'x', until })).toMatchObject({ status: 200, body: { environment: { frozen: { until } } } });
  }
});

test('of an environment that is no wave of what is under way, nothing of its waves is said; of a wave all that there is', async () => {
  const { ports } = await WavesWorld.at('Paris');
  const frozen = async (environment: string) => (await call(ports, MANAGER, `POST /environments/${environment}/freeze`, { reason: 'sale' })).body;
  expect(await frozen('Integration')).not.toHaveProperty('meanwhile');
  const lock = { release: '1.1.0', execution: 'arn:run', colour: 'green', since: ports.clock.now(), shifted: false };
  ports.ledger.seed({ ...(await ports.ledger.environment('Paris')), lock });
  expect((await frozen('Paris')).meanwhile).toMatch(/^release 1\.1\.0 has no users, .* first shift; where this stops 1\.1\.0, .* in Dublin and London, too/);
});
