import { MANAGER, PIPELINE, world } from '../../api/world';
import { call } from '../../api-call';
import { exampleRelease } from '../../example-path';
import { inMemoryPorts } from '../../in-memory-ports';

const HASH = 'a1b2c3d4e5f60718';
const before = async (place: string) =>
  (await call(await world(), PIPELINE, 'GET /tickets', undefined, { rawQueryString: `before=${encodeURIComponent(place)}` })).status;

test.each([
  [`2026-01-01T00:00:00.000Z#${HASH}`, 200],
  [`2026-01-01T00:00:00Z#${HASH}`, 200],
  [`x2026-01-01T00:00:00.000Z#${HASH}`, 400],
  [`2026-01-01T00:00:00.000Z#${HASH}x`, 400],
  ['2026-01-01T00:00:00.000Z#', 400],
  [`26-01-01T00:00:00.000Z#${HASH}`, 400],
  [`2026-1-1T00:00:00.000Z#${HASH}`, 400],
  [`2026-01-01TZ#${HASH}`, 400],
  [`2026-01-01Tnoon:00:00Z#${HASH}`, 400],
])('tickets before %s: %d', async (place, status) => {
  expect(await before(place)).toBe(status);
});

test('where a place among tickets comes from is said to who gives another', async () => {
  const { body } = await call(await world(), PIPELINE, 'GET /tickets', undefined, { rawQueryString: 'before=1' });
  const message =
    'before must be when a ticket happened last, # and its fingerprint, got: "1"; take both from the last one of the answer before, or leave it out';
  expect(body).toEqual({ code: 'BadInput', message });
});

test('a path that was not deployed yet has nothing to show, and what is looked for in it is said to be missing', async () => {
  const ports = inMemoryPorts();
  expect((await call(ports, PIPELINE, 'GET /status')).body).toMatchObject({ path: '', environments: [], releases: [], openGates: [] });
  const answer = await call(ports, MANAGER, 'POST /environments/Production/freeze', { reason: 'x' });
  expect(answer).toEqual({
    status: 404,
    body: { code: 'UnknownEnvironment', message: 'the path has no environment "Production"; it has none yet: run cdk deploy' },
  });
});

test('a front door that cannot be read is in the log, with why', async () => {
  const ports = await world();
  ports.frontDoors.away = new Error('no route to the account');
  await call(ports, PIPELINE, 'GET /status');
  expect(ports.log.lines).toContainEqual({
    level: 'error',
    message: 'front door could not be read',
    fields: { environment: 'Production', error: 'Error: no route to the account' },
  });
});

test('a version that nobody has submitted is named, and how to see those there are', async () => {
  const { status, body } = await call(await world(), PIPELINE, 'GET /releases/9.9.9');
  const message = 'no release has the version "9.9.9"; submit it with ptl release, or see the versions there are with ptl status';
  expect([status, body]).toEqual([404, { code: 'UnknownRelease', message }]);
});

test.each<[string, string]>([
  ['1.1', '1.1.0'],
  ['1', '1.1.0'],
  ['v1.1.0', '1.1.0'],
  ['V1.1', '1.1.0'],
])('of a version that is written otherwise, %s, that of the release is named, to look at, send on and abort', async (written, meant) => {
  const ports = await world();
  const say = `no release has the version "${written}" (did you mean "${meant}"?); submit it with ptl release`;
  const asked = ['GET /releases/{}', 'POST /releases/{}/resume', 'POST /releases/{}/abort'].map((route) =>
    call(ports, MANAGER, route.replace('{}', written), { environment: 'Production', reason: 'x' }),
  );
  for (const { body } of await Promise.all(asked)) expect(body).toEqual({ code: 'UnknownRelease', message: expect.stringContaining(say) });
});

test('another number is another version, and of many that may be meant three are named', async () => {
  const ports = await world();
  const message = async (version: string) => (await call(ports, PIPELINE, `GET /releases/${version}`)).body.message;
  for (const version of ['1.0.1', '1.', '10', '.0']) expect(await message(version)).not.toContain('did you mean');
  for (const patch of [1, 2, 3, 4]) ports.ledger.seed(exampleRelease(`2.0.${patch}`));
  expect(await message('2.0')).toMatch(/ \(did you mean "2\.0\.\d" or "2\.0\.\d" or "2\.0\.\d"\?\);/);
});
