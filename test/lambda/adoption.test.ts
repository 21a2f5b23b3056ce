import { ORIGINAL } from '../../lambda/contract';
import { accept } from '../../lambda/handlers/accept';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { call } from './api-call';
import { session } from './example-gate';
import { examplePlan } from './example-path';
import { targetGroupOf } from './fake-slots';
import { Walk } from './walk';

const TEAMS = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/teams/1';
const BLUE = targetGroupOf('Payments-Production-Blue');
const GREEN = targetGroupOf('Payments-Production-Green');
const [PRODUCTION] = [examplePlan('Production')];
const MANAGER = session('ReleaseManager');

/** A path onto a listener on which a team's own service serves users. */
function adopted(): Walk {
  const walk = new Walk([PRODUCTION]);
  walk.ports.frontDoors.original = TEAMS;
  const { liveRule } = walk.ports;
  walk.ports.liveRule.set('Production', { [TEAMS]: 100 });
  liveRule.writeOriginal = async (plan, rule) => liveRule.write(plan, rule, { [TEAMS]: 100 });
  return walk;
}
const rule = (walk: Walk) => walk.ports.liveRule.snapshot().Production;
const state = (walk: Walk) => walk.ports.ledger.environment('Production');
const rollBack = (walk: Walk) => call(walk.ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'wrong prices' });
const status = async (walk: Walk) => (await call(walk.ports, MANAGER, 'GET /status')).body.environments[0];

/** Entered and deployed, with everything a slot task of it is called with. */
async function inTheShadow(walk: Walk, version: string) {
  expect((await walk.submit(version)).status).toBe(200);
  await walk.intoShadow(version, 'Production');
  const { lock } = await state(walk);
  if (!lock) throw new Error('not entered');
  return { environment: 'Production', release: version, execution: lock.execution, colour: lock.colour };
}

describe('the first release on a listener that serves users already', () => {
  test('finds what serves them live when it enters, in a slot that no release is deployed to', async () => {
    const walk = adopted();
    const { colour } = await inTheShadow(walk, '1.0.0');
    expect(colour).toBe('blue');
    expect(await state(walk)).toMatchObject({
      live: { colour: ORIGINAL },
      weights: { [ORIGINAL]: 100 },
      slots: { [ORIGINAL]: { targetGroupArn: TEAMS }, blue: { targetGroupArn: BLUE } },
    });
    expect(walk.ports.liveRule.writes).toEqual([]);
  });

  test('takes users from it by weight, not all at once', async () => {
    const walk = adopted();
    const slot = await inTheShadow(walk, '1.0.0');
    const seen = [];
    for (const percent of [10, 50, 100]) {
      expect(await moveTraffic(walk.ports)({ ...slot, percent })).toEqual({ outcome: 'shifted' });
      seen.push(rule(walk));
    }
    expect(seen).toEqual([
      { kind: 'slots', weights: { [TEAMS]: 90, [BLUE]: 10 } },
      { kind: 'slots', weights: { [TEAMS]: 50, [BLUE]: 50 } },
      { kind: 'slots', weights: { [BLUE]: 100 } },
    ]);
    for (const { detail } of walk.ports.bus.published.filter(({ what }) => what === 'TrafficShifted')) expect(detail).not.toHaveProperty('atOnce');
  });

  test('gives them back to it when it is rolled back in flight', async () => {
    const walk = adopted();
    const slot = await inTheShadow(walk, '1.0.0');
    await moveTraffic(walk.ports)({ ...slot, percent: 10 });
    const failure = { step: 'Bake', subject: 'it', expected: 'quiet', actual: 'errors', logs: 'logs' };
    expect(await moveTraffic(walk.ports)({ ...slot, failure })).toMatchObject({ outcome: 'rolledBack' });
    expect(rule(walk)).toEqual({ kind: 'slots', weights: { [TEAMS]: 100 } });
    expect(await state(walk)).toMatchObject({ live: { colour: ORIGINAL }, weights: { [ORIGINAL]: 100 } });
  });

  test('finds a rule that somebody changed by hand, and leaves it alone', async () => {
    const walk = adopted();
    const slot = await inTheShadow(walk, '1.0.0');
    walk.ports.liveRule.set('Production', { [TEAMS]: 50, 'arn:by-hand': 50 });
    expect(await moveTraffic(walk.ports)({ ...slot, percent: 10 })).toMatchObject({
      outcome: 'refused',
      failure: { actual: expect.stringContaining('arn:by-hand') },
    });
    expect(walk.ports.liveRule.writes).toEqual([]);
    expect(rule(walk)).toEqual({ kind: 'slots', weights: { [TEAMS]: 50, 'arn:by-hand': 50 } });
    expect(walk.ports.bus.published.map(({ what }) => what)).toContain('MismatchFound');
  });

  test('is what can be rolled back to it once it is live, and then nothing more can', async () => {
    const walk = adopted();
    await walk.through('1.0.0');
    expect(await status(walk)).toMatchObject({ live: { version: '1.0.0' }, previous: { colour: ORIGINAL } });
    expect(await status(walk)).not.toHaveProperty('noWayBack');
    expect((await rollBack(walk)).body).toMatchObject({ outcome: 'rolledBack', environment: { live: { colour: ORIGINAL } } });
    expect(rule(walk)).toEqual({ kind: 'slots', weights: { [TEAMS]: 100 } });

    const again = await rollBack(walk);
    expect([again.status, again.body]).toEqual([
      200,
      expect.objectContaining({ outcome: 'rolledBackBefore', before: expect.objectContaining({ version: '1.0.0' }) }),
    ]);
    expect(rule(walk)).toEqual({ kind: 'slots', weights: { [TEAMS]: 100 } });
  });

  test('stays where it is when what served before has no healthy target left', async () => {
    const walk = adopted();
    await walk.through('1.0.0');
    walk.ports.targets.unhealthy.add(TEAMS);
    const refused = await rollBack(walk);
    expect([refused.status, refused.body.code]).toEqual([409, 'CannotRollBack']);
    expect(refused.body.message).toContain('what served before any release has none: traffic stays on 1.0.0');
    expect(rule(walk)).toEqual({ kind: 'slots', weights: { [BLUE]: 100 } });
  });
});

describe('after the first release', () => {
  test('one that follows a roll back takes from what served before again, by weight', async () => {
    const walk = adopted();
    await walk.through('1.0.0');
    await rollBack(walk);
    const slot = await inTheShadow(walk, '1.0.1');
    await moveTraffic(walk.ports)({ ...slot, percent: 10 });
    expect(rule(walk)).toEqual({
      kind: 'slots',
      weights: { [TEAMS]: 90, [targetGroupOf(`Payments-Production-${slot.colour === 'blue' ? 'Blue' : 'Green'}`)]: 10 },
    });
  });

  test('the second shares with the first, and what served before is out of it', async () => {
    const walk = adopted();
    await walk.through('1.0.0');
    const slot = await inTheShadow(walk, '1.1.0');
    await moveTraffic(walk.ports)({ ...slot, percent: 10 });
    expect(rule(walk)).toEqual({ kind: 'slots', weights: { [BLUE]: 90, [GREEN]: 10 } });
    for (const percent of [50, 100]) await moveTraffic(walk.ports)({ ...slot, percent });
    expect(await accept(walk.ports)(slot)).toEqual({ outcome: 'live' });
    expect((await state(walk)).previous).toMatchObject({ version: '1.0.0', colour: 'blue' });
  });
});

test('where nothing served before, nothing is made up', async () => {
  const walk = new Walk([PRODUCTION]);
  await inTheShadow(walk, '1.0.0');
  expect(await state(walk)).not.toHaveProperty('live');
});
