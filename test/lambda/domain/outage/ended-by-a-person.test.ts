import type { EnvironmentState } from '../../../../lambda/domain/model';
import { endOutage, isLeftOut } from '../../../../lambda/domain/outage/end-outage';
import { targetGroupOf } from '../../fake-slots';
import { breaking, OutageWorld, SAYS } from '../../outage-world';

const BLUE = targetGroupOf('Payments-Production-Blue');
const REQUEST = { environment: 'Production', who: 'arn:service-manager', reason: 'enough' };

/** 1.1.0 has left users without a version. */
async function left(given: Partial<EnvironmentState> = {}): Promise<OutageWorld> {
  const world = await OutageWorld.with(breaking());
  await world.through('1.1.0', 'test');
  world.ports.ledger.seed({ ...(await world.state()), ...given });
  world.ports.log.lines.length = 0;
  return world;
}

async function refused(world: OutageWorld, expected: string, actual: string | RegExp): Promise<void> {
  const users = await world.users();
  const found = typeof actual === 'string' ? actual : expect.stringMatching(actual);
  const failure = { step: 'Roll back Production', subject: 'the roll back target', expected, actual: found };
  expect(await endOutage(world.ports, REQUEST)).toMatchObject({ outcome: 'refused', failure });
  const fields = { environment: 'Production', expected, actual: found };
  expect(world.ports.log.lines).toContainEqual({ level: 'info', message: 'end of the outage refused', fields });
  expect(await world.users()).toBe(users);
}

test('a person gives users what was live before, and it is recorded who, since when, and how', async () => {
  const world = await left();
  const { outage } = await world.state();
  expect(isLeftOut(await world.state())).toBe(true);
  expect(await endOutage(world.ports, REQUEST)).toEqual({ outcome: 'rolledBack' });
  expect([await world.users(), (await world.state()).outage, (await world.state()).weights]).toEqual(['blue', undefined, { blue: 100 }]);
  const audit = await world.ports.ledger.audit('1.1.0');
  expect(audit.at(-1)).toMatchObject({
    what: 'OutageEnded',
    who: 'arn:service-manager',
    why: 'enough',
    detail: { beganAt: outage?.beganAt, began: '1.1.0', seconds: expect.any(Number), how: 'arn:service-manager gave users 1.0.0 all the same' },
  });
  expect(audit.filter(({ what }) => what === 'MismatchFound')).toEqual([]);
  expect(world.ports.log.lines).toContainEqual({
    level: 'info',
    message: 'outage ended',
    fields: { environment: 'Production', release: '1.1.0', slot: 'blue', expected: { kind: 'slots', weights: { [BLUE]: 100 } }, actual: { kind: 'other' } },
  });
});

test('what somebody had written on the rule is found, and overwritten', async () => {
  const world = await left();
  world.ports.liveRule.set('Production', { [BLUE]: 10 });
  expect(await endOutage(world.ports, REQUEST)).toEqual({ outcome: 'rolledBack' });
  const found = (await world.ports.ledger.audit('1.1.0')).find(({ what }) => what === 'MismatchFound');
  expect(found?.detail).toEqual({ expected: expect.anything(), actual: expect.anything() });
});

test('users get what served before any release, where none was live', async () => {
  const world = await left({ live: undefined, slots: {} });
  expect(await endOutage(world.ports, REQUEST)).toEqual({ outcome: 'rolledBack' });
  expect(await world.users()).toBe('503');
});

test('nothing is ended where nobody is out, or a release has the environment', async () => {
  const lock = { release: '1.1.0', execution: 'e', colour: 'green', since: '', shifted: true };
  const none = ['an outage that its release has left', 'none'] as const;
  await refused(await left({ outage: undefined }), ...none);
  await refused(await left({ lock }), ...none);
  const { outage } = await (await left()).state();
  await refused(await left({ outage: { ...(outage as NonNullable<typeof outage>), release: '9.9.9' } }), ...none);
});

test('users are given nothing that is not there, or does not serve', async () => {
  const gone = await left();
  gone.ports.liveRule.set('Production', 'gone');
  await refused(gone, 'a live rule', /./);
  await refused(await left({ retirement: {} as EnvironmentState['retirement'] }), 'an environment that stays', 'Production is being retired');
  await refused(await left({ slots: {} }), 'the version that was live, in its slot', 'slot blue does not hold 1.0.0 any more');
  const sick = await left();
  sick.ports.targets.unhealthy.add(BLUE);
  await refused(sick, 'at least one healthy target', '1.0.0 has none: users stay without a version');
  expect(await sick.users()).toBe(`503 ${SAYS}`);
});
