import type { SNSEvent } from 'aws-lambda';
import type { StartBakeInput } from '../../lambda/contract';
import { lowerIdle } from '../../lambda/domain/capacity/lower';
import type { SlotState } from '../../lambda/domain/model';
import { releaseSummary } from '../../lambda/domain/views/views-release';
import { alarmRaised } from '../../lambda/handlers/alarm-raised';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { readGates } from '../../lambda/handlers/read-gates';
import { startBake } from '../../lambda/handlers/start-bake';
import { stop } from '../../lambda/handlers/stop';
import { call } from './api-call';
import { session } from './example-gate';
import { examplePlan } from './example-path';
import { alarmOf } from './fake-slots';
import { FAILURE, PLAN, WavesWorld } from './waves-world';

const BEFORE = ['London 1.0.0', 'Dublin 1.0.0', 'Paris 1.0.0'];
const sentence = async (world: WavesWorld, version = '1.1.0') =>
  releaseSummary(await world.release(version), [], await Promise.all(PLAN.map(({ environment }) => world.state(environment)))).now;

describe('a release that fails in a wave', () => {
  test('goes back in every wave it is live in, newest first, and stays where it is before them', async () => {
    const world = await WavesWorld.at('Paris');
    await world.fails('1.1.0', 'Paris');
    const writes = world.ports.liveRule.writes.length;
    expect(await world.goesBack('1.1.0', 'Paris')).toEqual({ Dublin: 'rolledBack', London: 'rolledBack' });
    expect(world.ports.liveRule.writes.slice(writes).map(({ environment }) => environment)).toEqual(['Dublin', 'London']);
    expect(await world.live()).toEqual(BEFORE);
    expect((await world.state('Integration')).live?.version).toBe('1.1.0');
    expect(await world.release('1.1.0')).toMatchObject({
      status: 'rolledBack',
      reached: { Integration: 'live', London: 'rolledBack', Dublin: 'rolledBack', Paris: 'rolledBack' },
    });
    expect((await world.release('1.1.0')).movedWaves).toBeUndefined();
    expect(await sentence(world)).toBe('rolled back in Paris, and in London and Dublin, waves before it; went live in Integration');
  });

  test('says before where it would go back, and nothing of it where it has gone the whole way', async () => {
    const where = async (world: WavesWorld) => releaseSummary(await world.release('1.1.0'), [], []).goesBackIn;
    expect(await where(await WavesWorld.at('Paris'))).toEqual(['Dublin', 'London']);
    expect(await where(await WavesWorld.at('London'))).toBeUndefined();
  });

  test('is one ticket, which says what became of each wave, and an event for each', async () => {
    const world = await WavesWorld.at('Paris');
    await world.fails('1.1.0', 'Paris');
    await world.goesBack('1.1.0', 'Paris');
    expect(await world.ports.ledger.tickets()).toEqual([
      expect.objectContaining({
        environment: 'Paris',
        count: 1,
        actual: 'AlarmRaised: errors; Dublin was rolled back to 1.0.0; London was rolled back to 1.0.0',
      }),
    ]);
    const back = (await world.ports.ledger.audit('1.1.0')).filter(({ what }) => what === 'ReleaseRolledBack');
    expect(back.map(({ environment, why }) => [environment, why])).toEqual([
      ['Paris', 'Bake: the new version: AlarmRaised: errors'],
      ['Dublin', 'Paris was rolled back: Bake: the new version: AlarmRaised: errors'],
      ['London', 'Paris was rolled back: Bake: the new version: AlarmRaised: errors'],
    ]);
    expect((await world.ports.ledger.audit('1.1.0')).at(-1)).toMatchObject({
      what: 'ReleaseFinished',
      environment: 'Paris',
      detail: { outcome: 'rolledBack' },
    });
  });

  test('stopped before it had any traffic there, it is rolled back all the same: users had it', async () => {
    const world = await WavesWorld.at('Dublin');
    await world.fails('1.1.0', 'Dublin', false);
    expect(await world.goesBack('1.1.0', 'Dublin', 'stopped')).toEqual({ London: 'rolledBack' });
    expect(await world.live()).toEqual(BEFORE);
    expect(await world.release('1.1.0')).toMatchObject({ status: 'rolledBack', reached: { London: 'rolledBack', Dublin: 'stopped' } });
    expect(await sentence(world)).toBe('stopped in Dublin, and rolled back in London, a wave before it; went live in Integration');
  });

  test('in front of a wave, refused at its firebreak, it goes back before its end is recorded with the ticket', async () => {
    const world = await WavesWorld.at('Dublin');
    expect(await world.goesBack('1.1.0', 'Dublin', 'stopped')).toEqual({ London: 'rolledBack' });
    expect(await world.release('1.1.0')).toMatchObject({ status: 'rolledBack' });
    expect(await world.ports.ledger.tickets()).toEqual([
      expect.objectContaining({ environment: 'Dublin', outcome: 'rolledBack', actual: 'AlarmRaised: errors; London was rolled back to 1.0.0' }),
    ]);
  });

  test('in the first wave, or before them, nothing else goes back', async () => {
    const world = await WavesWorld.at('London');
    await world.fails('1.1.0', 'London');
    expect(await world.goesBack('1.1.0', 'London')).toEqual({});
    expect(await world.live()).toEqual(BEFORE);
  });

  test('needs --again, as whatever was rolled back', async () => {
    const world = await WavesWorld.at('Dublin');
    await world.fails('1.1.0', 'Dublin', false);
    await world.goesBack('1.1.0', 'Dublin', 'stopped');
    expect(await world.walk.submit('1.1.0')).toMatchObject({ status: 409, body: { code: 'NeedsAgain' } });
    expect((await world.walk.submit('1.1.0', { again: true })).status).toBe(200);
  });
});

describe('a wave is left', () => {
  test('in which the release was live before: only what this attempt moved goes back', async () => {
    const world = await WavesWorld.at('Dublin');
    const { movedWaves, ...release } = await world.release('1.1.0');
    expect(movedWaves).toEqual(['London']);
    world.ports.ledger.seed(release);
    expect(await world.enters('1.1.0', 'London')).toMatchObject({ outcome: 'live' });
    await world.fails('1.1.0', 'Dublin');
    expect(await world.goesBack('1.1.0', 'Dublin')).toEqual({ London: 'left' });
    expect((await world.live())[0]).toBe('London 1.1.0');
  });

  test('in which a later release is live meanwhile, or that somebody has rolled back', async () => {
    const world = await WavesWorld.at('Dublin');
    expect((await world.rollBack('London')).status).toBe(200);
    const writes = world.ports.liveRule.writes.length;
    expect(await world.goesBack('1.1.0', 'Dublin', 'stopped')).toEqual({ London: 'rolledBack' });
    expect(world.ports.liveRule.writes).toHaveLength(writes);
  });

  test('by a call of an earlier attempt', async () => {
    const world = await WavesWorld.at('Dublin');
    const late = { environment: 'London', release: '1.1.0', execution: 'an earlier one', failedIn: 'Dublin', failure: FAILURE };
    expect(await moveTraffic(world.ports)(late)).toMatchObject({ outcome: 'left' });
    expect((await world.live())[0]).toBe('London 1.1.0');
  });

  test('when the last wave is live: nothing is to be taken back any more', async () => {
    const world = await WavesWorld.at('nowhere');
    expect((await world.release('1.1.0')).movedWaves).toBeUndefined();
    expect(await world.rollBackWave('1.1.0', 'London', 'Paris')).toMatchObject({ outcome: 'left' });
  });
});

test('asked twice, a wave is rolled back once', async () => {
  const world = await WavesWorld.at('Dublin');
  await world.fails('1.1.0', 'Dublin');
  const both = await Promise.all([world.rollBackWave('1.1.0', 'London', 'Dublin'), world.rollBackWave('1.1.0', 'London', 'Dublin')]);
  expect(both.map(({ outcome }) => outcome)).toEqual(['rolledBack', 'rolledBack']);
  const { lease } = await world.ports.ledger.environment('London');
  expect(await world.rollBackWave('1.1.0', 'London', 'Dublin')).toMatchObject({ outcome: 'rolledBack' });
  // One that asks again and dies would leave a lease behind, which keeps every later release out.
  expect((await world.ports.ledger.environment('London')).lease).toEqual(lease);
  expect((await world.ports.ledger.audit('1.1.0')).filter(({ what, environment }) => what === 'ReleaseRolledBack' && environment === 'London')).toHaveLength(1);
});

test('a wave that cannot go back stays, with a ticket of its own, and the next one goes back all the same', async () => {
  const world = await WavesWorld.at('Paris');
  await world.fails('1.1.0', 'Paris');
  const { previous, slots } = await world.state('Dublin');
  world.ports.targets.unhealthy.add(slots[previous?.colour ?? '']?.targetGroupArn ?? '');
  expect(await world.goesBack('1.1.0', 'Paris')).toEqual({ Dublin: 'stays', London: 'rolledBack' });
  expect(await world.live()).toEqual(['London 1.0.0', 'Dublin 1.1.0', 'Paris 1.0.0']);
  const tickets = await world.ports.ledger.tickets();
  expect(tickets).toContainEqual(
    expect.objectContaining({
      environment: 'Dublin',
      step: 'Roll back Dublin, an earlier wave',
      actual: expect.stringMatching(/has none: traffic stays on 1\.1\.0; 1\.1\.0 stays live in Dublin, although Paris was rolled back/),
    }),
  );
  expect(tickets.find(({ environment }) => environment === 'Paris')?.actual).toMatch(/Dublin stays on 1\.1\.0: .*; London was rolled back to 1\.0\.0$/);
  expect((await world.release('1.1.0')).movedWaves).toBeUndefined();
});

test('nor is it submitted again while it goes back: an attempt that began meanwhile would be ended by the one before it, or leave a wave to nobody', async () => {
  const world = await WavesWorld.at('Dublin');
  await world.fails('1.1.0', 'Dublin', false);
  expect(await world.walk.submit('1.1.0')).toMatchObject({
    status: 409,
    body: { code: 'StillInside', message: expect.stringContaining('1.1.0 is live in London, and it failed in a wave behind London, and goes back') },
  });
  expect(await world.goesBack('1.1.0', 'Dublin', 'stopped')).toEqual({ London: 'rolledBack' });
  expect((await world.walk.submit('1.1.0', { again: true })).status).toBe(200);
});

describe('nobody else enters a wave', () => {
  test('by a plan of before there were waves, either', async () => {
    const world = await WavesWorld.at('Dublin');
    await world.submit('1.2.0');
    const release = await world.release('1.2.0');
    world.ports.ledger.seed({ ...release, plan: release.plan.map(({ wave: _none, ...plan }) => plan) });
    expect(await world.enters('1.2.0', 'London')).toMatchObject({ outcome: 'stopped', failure: { subject: 'the waves that London is one of' } });
  });

  test('while what is live there has still to come through the others, or goes back', async () => {
    const world = await WavesWorld.at('Dublin');
    await world.submit('1.2.0');
    expect(await world.enters('1.2.0', 'Integration')).toMatchObject({ outcome: 'entered' });
    const held = { outcome: 'stopped', failure: { subject: 'the waves that London is one of', actual: expect.stringContaining('1.1.0 is live in London') } };
    expect(await world.enters('1.2.0', 'London')).toMatchObject(held);
    await world.fails('1.1.0', 'Dublin');
    expect(await world.enters('1.2.0', 'London')).toMatchObject(held);
    await world.goesBack('1.1.0', 'Dublin');
    expect(await world.enters('1.2.0', 'London')).toMatchObject({ outcome: 'entered' });
  });

  test('it may once all are live', async () => {
    const world = await WavesWorld.at('nowhere');
    await world.submit('1.2.0');
    expect(await world.enters('1.2.0', 'London')).toMatchObject({ outcome: 'entered' });
  });
});

test('nothing is contracted in a wave that may have to go back', async () => {
  const world = await WavesWorld.at('Dublin');
  const ask = () => call(world.ports, session('ReleaseManager'), 'POST /environments/London/contract', { reason: 'nobody needs it' });
  expect(await ask()).toMatchObject({ status: 409, body: { code: 'InWaves', message: expect.stringContaining('1.1.0 has still to come through the waves') } });
  await world.liveUntil('1.1.0', 'nowhere');
  expect((await ask()).body).toMatchObject({ code: 'NoContract' });
});

test.each([
  'as it started',
  'by a path that has no waves any more',
])('the slot that a wave goes back to is kept warm until the release is through all of them, %s', async (plan) => {
  const world = await WavesWorld.at('Dublin');
  const service = { kind: 'ecsService', cluster: 'payments', service: 'before', least: 2 } as const;
  const { wave, ...rest } = PLAN.find(({ environment }) => environment === 'London') ?? examplePlan();
  const london = { ...rest, ...(plan === 'as it started' && { wave }), warmForSeconds: 60 };
  const state = await world.state('London');
  const colour = state.previous?.colour ?? '';
  world.ports.ledger.seed({ ...state, slots: { ...state.slots, [colour]: { ...(state.slots[colour] as SlotState), capacity: service } } });
  world.ports.capacity.has(service, 2);
  world.ports.clock.advance(3_600);
  await lowerIdle(world.ports, london);
  expect(world.ports.capacity.running(service)).toBe(2);
  await world.liveUntil('1.1.0', 'nowhere');
  await lowerIdle(world.ports, london);
  expect(world.ports.capacity.running(service)).toBe(0);
});

describe('an alarm of an earlier wave', () => {
  const londonAlarm = async (world: WavesWorld) => (await world.state('London')).slots[(await world.state('London')).live?.colour ?? '']?.alarms[0] ?? '';
  const baking = async () => {
    const world = await WavesWorld.at('Dublin');
    await world.walk.intoShadow('1.1.0', 'Dublin');
    const slot = { ...(await world.task('1.1.0', 'Dublin')), colour: (await world.state('Dublin')).lock?.colour ?? '' };
    const bake: StartBakeInput = { ...slot, percent: 10, bakeSeconds: 300, token: 'the bake' };
    return { world, slot, bake };
  };

  test('ends the bake of a later one', async () => {
    const { world, slot, bake } = await baking();
    await moveTraffic(world.ports)({ ...slot, percent: 10 });
    await startBake(world.ports)(bake);
    const message = JSON.stringify({ AlarmName: await londonAlarm(world), NewStateValue: 'ALARM', NewStateReason: 'too many errors' });
    await alarmRaised(world.ports)({ Records: [{ Sns: { Message: message, TopicArn: 'topic' } }] } as unknown as SNSEvent);
    expect(world.ports.machines.answers.at(-1)).toMatchObject({
      token: 'the bake',
      answer: { error: 'AlarmRaised', cause: expect.stringContaining('it watches London, an earlier wave: too many errors') },
    });
  });

  test('is found by a bake that begins, and refuses a shift, while it fires', async () => {
    const { world, slot, bake } = await baking();
    await moveTraffic(world.ports)({ ...slot, percent: 10 });
    world.ports.alarms.firing.add(await londonAlarm(world));
    await startBake(world.ports)(bake);
    expect(world.ports.machines.answers.at(-1)).toMatchObject({ token: 'the bake', answer: { error: 'AlarmRaised' } });
    expect(await moveTraffic(world.ports)({ ...slot, percent: 50 })).toMatchObject({
      outcome: 'refused',
      failure: { actual: expect.stringContaining('London, an earlier wave') },
    });
  });

  test('is found when a bake that nobody ended is over, with its token and without', async () => {
    const { world, slot, bake } = await baking();
    await moveTraffic(world.ports)({ ...slot, percent: 10 });
    const found = { verdict: 'failed', failure: { actual: expect.stringContaining('it watches London, an earlier wave') } };
    world.ports.alarms.firing.add(await londonAlarm(world));
    expect(await readGates(world.ports)({ ...slot, percent: 10 })).toMatchObject(found);
    world.ports.alarms.firing.clear();
    await startBake(world.ports)(bake);
    world.ports.alarms.firing.add(await londonAlarm(world));
    expect(await readGates(world.ports)({ ...slot, percent: 10 })).toMatchObject(found);
  });

  test('of another slot than the one that is live says nothing', async () => {
    const { world, slot, bake } = await baking();
    await moveTraffic(world.ports)({ ...slot, percent: 10 });
    world.ports.alarms.firing.add(alarmOf(`Payments-London-${(await world.state('London')).previous?.colour === 'blue' ? 'Blue' : 'Green'}`));
    await startBake(world.ports)(bake);
    expect(world.ports.machines.answers).toEqual([]);
  });
});

test('a wave that a person rolls back takes the release back further on, too, traffic or not', async () => {
  const world = await WavesWorld.at('Dublin');
  await world.walk.intoShadow('1.1.0', 'Dublin');
  const slot = { ...(await world.task('1.1.0', 'Dublin')), colour: (await world.state('Dublin')).lock?.colour ?? '' };
  await moveTraffic(world.ports)({ ...slot, percent: 10 });
  expect((await world.rollBack('London')).status).toBe(200);
  expect(await moveTraffic(world.ports)({ ...slot, percent: 50 })).toMatchObject({ outcome: 'refused', failure: { expected: 'not aborted' } });
});

describe('a release that only stops after a person has rolled one of its waves back is rolled back: its users had it', () => {
  const ended = async (world: WavesWorld) => {
    const { status, reached } = await world.release('1.1.0');
    return [status, reached.London, reached.Dublin, await sentence(world)];
  };

  test('where its machine stops it in a later one', async () => {
    const world = await WavesWorld.at('Dublin');
    await world.walk.intoShadow('1.1.0', 'Dublin');
    expect((await world.rollBack('London')).status).toBe(200);
    const slot = { ...(await world.task('1.1.0', 'Dublin')), colour: (await world.state('Dublin')).lock?.colour ?? '' };
    await stop(world.ports)({ ...slot, failure: FAILURE });
    await world.goesBack('1.1.0', 'Dublin', 'stopped');
    expect(await ended(world)).toEqual([
      'rolledBack',
      'rolledBack',
      'stopped',
      expect.stringMatching(/^stopped in Dublin, and rolled back in London, a wave before it, /),
    ]);
  });

  test('in front of the next one', async () => {
    const world = await WavesWorld.at('Dublin');
    expect((await world.rollBack('London')).status).toBe(200);
    expect(await world.goesBack('1.1.0', 'Dublin', 'stopped')).toEqual({ London: 'rolledBack' });
    expect((await ended(world))[0]).toBe('rolledBack');
    expect((await world.ports.ledger.audit('1.1.0')).at(-1)).toMatchObject({ what: 'TicketRaised' });
  });

  test('where its path machine dies', async () => {
    const world = await WavesWorld.at('Dublin');
    expect((await world.rollBack('London')).status).toBe(200);
    await world.pathDies('1.1.0');
    expect((await ended(world))[0]).toBe('rolledBack');
  });

  test('in an environment before the waves it is none of that: there it only stops further on', async () => {
    const world = await WavesWorld.at('London');
    await world.walk.intoShadow('1.1.0', 'London');
    expect((await world.rollBack('Integration')).status).toBe(200);
    const slot = { ...(await world.task('1.1.0', 'London')), colour: (await world.state('London')).lock?.colour ?? '' };
    await stop(world.ports)({ ...slot, failure: FAILURE });
    expect((await world.release('1.1.0')).status).toBe('stopped');
  });
});
