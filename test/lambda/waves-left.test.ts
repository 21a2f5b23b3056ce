import type { FindingView } from '../../lambda/contract';
import { viewRelease } from '../../lambda/domain/commands/read';
import { Retry } from '../../lambda/domain/errors';
import { restoreAccepted } from '../../lambda/domain/recovery/restore-accepted';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { stop } from '../../lambda/handlers/stop';
import { call } from './api-call';
import { session } from './example-gate';
import { FAILURE, PLAN, WavesWorld } from './waves-world';

const BEFORE = ['London 1.0.0', 'Dublin 1.0.0', 'Paris 1.0.0'];
const recover = (world: WavesWorld, environment: string) =>
  call(world.ports, session('ReleaseManager'), `POST /environments/${environment}/recover`, { reason: 'nothing moves' });
const found = async (world: WavesWorld, environment = ''): Promise<FindingView[]> =>
  (await call(world.ports, session('ReleaseManager'), `GET /doctor${environment}`)).body.findings.filter(({ kind }: FindingView) => kind === 'wavesLeft');
/** Of the path, and of the environment that it got to. */
const machinesDie = async (world: WavesWorld) => {
  world.ports.machines.dead.set((await world.release('1.1.0')).execution, { how: 'TIMED_OUT' });
  world.ports.machines.dead.set((await world.task('1.1.0', 'Paris')).execution, { how: 'TIMED_OUT' });
};

test('a wave whose writer died when it had moved users is gone on with by who recovers it, and by the path: nobody gets the release again', async () => {
  const world = await WavesWorld.at('Dublin');
  await world.fails('1.1.0', 'Dublin');
  const { ports } = world;
  ports.liveRule.failAfterNextWrite(new Error('socket hang up'));
  await expect(world.rollBackWave('1.1.0', 'London', 'Dublin')).rejects.toMatchObject({ name: 'Retry' });
  ports.clock.advance(120);
  const { execution } = await world.release('1.1.0');
  expect((await world.state('London')).goingBack).toMatchObject({ by: execution, reason: '1.1.0 failed in Dublin' });
  const writes = ports.liveRule.writes.length;
  const plan = PLAN.find((each) => each.environment === 'London') as (typeof PLAN)[number];
  const restored = await restoreAccepted(ports, { restore: 'accepted', plan, original: '503', who: 'arn:manager', reason: 'its writer died' });
  expect(restored).toMatchObject({ outcome: 'restored', rolledBack: '1.1.0' });
  expect(await world.rollBackWave('1.1.0', 'London', 'Dublin')).toMatchObject({ outcome: 'rolledBack' });
  expect([await world.live(), ports.liveRule.writes.length]).toEqual([BEFORE, writes]);
});

test.each(['whoever recovers it', 'whoever rolls it back'])('one that a dead writer left is on the one ticket, and told as a wave, by %s', async (who) => {
  const world = await WavesWorld.at('Dublin');
  await world.fails('1.1.0', 'Dublin');
  const { ports } = world;
  ports.liveRule.failAfterNextWrite(new Error('socket hang up'));
  await expect(world.rollBackWave('1.1.0', 'London', 'Dublin')).rejects.toMatchObject({ name: 'Retry' });
  ports.clock.advance(120);
  const [, london] = PLAN;
  if (who === 'whoever rolls it back') expect((await world.rollBack('London')).status).toBe(200);
  else await restoreAccepted(ports, { restore: 'accepted', plan: london as (typeof PLAN)[number], original: '503', who: 'arn:manager', reason: 'it died' });
  expect(await ports.ledger.tickets()).toEqual([
    expect.objectContaining({ environment: 'Dublin', count: 1, actual: 'AlarmRaised: errors; London was rolled back to 1.0.0' }),
  ]);
  const { execution } = await world.release('1.1.0');
  const back = (await ports.ledger.audit('1.1.0')).filter(({ what }) => what === 'ReleaseRolledBack').at(-1);
  expect(back).toMatchObject({ environment: 'London', who: execution, why: expect.stringMatching(/^Dublin was rolled back/), detail: { failedIn: 'Dublin' } });
  expect(await world.goesBack('1.1.0', 'Dublin')).toEqual({ London: 'rolledBack' });
  expect((await ports.ledger.tickets()).map(({ count }) => count)).toEqual([1]);
});

describe('the safety net', () => {
  test('rolls the waves back of a release whose path machine died between two of them', async () => {
    const world = await WavesWorld.at('Paris');
    await world.pathDies('1.1.0');
    expect(await world.live()).toEqual(BEFORE);
    expect(await world.release('1.1.0')).toMatchObject({ status: 'rolledBack' });
    const [ticket, ...more] = await world.ports.ledger.tickets();
    expect(more).toEqual([]);
    expect(ticket?.actual).toBe('ABORTED; Dublin was rolled back to 1.0.0; London was rolled back to 1.0.0');
    expect((await viewRelease(world.ports, '1.1.0')).now).toMatch(/^stopped in Paris, and rolled back in London and Dublin, waves before it/);
  });

  test('has told all that there is on that ticket: the machine that was to enter the next wave raises none, for it has only come too late', async () => {
    const world = await WavesWorld.at('Paris');
    await world.pathDies('1.1.0');
    const tickets = await world.ports.ledger.tickets();
    const late = await world.enters('1.1.0', 'Paris');
    expect(late).toMatchObject({ outcome: 'stopped', failure: { actual: expect.stringContaining('it has ended, rolled back') } });
    expect(await stop(world.ports)({ ...(await world.task('1.1.0', 'Paris')), failure: FAILURE })).not.toHaveProperty('ticket');
    expect([await world.ports.ledger.tickets(), (await world.release('1.1.0')).status]).toEqual([tickets, 'rolledBack']);
  });

  test('goes on where it died in the middle of that; called again it does nothing', async () => {
    const world = await WavesWorld.at('Paris');
    await world.fails('1.1.0', 'Paris');
    expect(await world.rollBackWave('1.1.0', 'Dublin', 'Paris')).toMatchObject({ outcome: 'rolledBack' });
    await world.pathDies('1.1.0');
    expect(await world.live()).toEqual(BEFORE);
    const writes = world.ports.liveRule.writes.length;
    await world.pathDies('1.1.0');
    expect(world.ports.liveRule.writes).toHaveLength(writes);
  });

  test('tells the older wave on the same ticket, where it could not act at first and is called again', async () => {
    const world = await WavesWorld.at('Paris');
    const { machines, ledger } = world.ports;
    const { rollingBack } = machines;
    machines.rollingBack = async (request) => {
      if (request.environment === 'London') throw new Retry('the writer is busy');
      return rollingBack(request);
    };
    await expect(world.pathDies('1.1.0')).rejects.toThrow('busy');
    machines.rollingBack = rollingBack;
    await world.pathDies('1.1.0');
    expect(await world.live()).toEqual(BEFORE);
    expect((await ledger.tickets()).map(({ environment, actual, count }) => [environment, actual, count])).toEqual([
      ['Paris', 'ABORTED; Dublin was rolled back to 1.0.0; London was rolled back to 1.0.0', 1],
    ]);
    const back = (await ledger.audit('1.1.0')).filter(({ what }) => what === 'ReleaseRolledBack');
    expect(back.map(({ environment, detail }) => [environment, detail.failedIn])).toEqual([
      ['Dublin', 'Paris'],
      ['London', 'Paris'],
    ]);
  });

  test('finds the ticket raised of a release that was refused in front of a wave, where the machine died before it had recorded its end', async () => {
    const world = await WavesWorld.at('Dublin');
    await world.rollBackWave('1.1.0', 'London', 'Dublin');
    await world.pathDies('1.1.0');
    expect(await world.release('1.1.0')).toMatchObject({ status: 'rolledBack', reached: { London: 'rolledBack', Dublin: 'stopped' } });
    expect((await world.ports.ledger.tickets()).map(({ environment, count }) => [environment, count])).toEqual([['Dublin', 1]]);
  });

  test('leaves them where the release is live in all of them', async () => {
    const world = await WavesWorld.at('nowhere');
    await world.pathDies('1.1.0');
    expect(await world.live()).toEqual(['London 1.1.0', 'Dublin 1.1.0', 'Paris 1.1.0']);
    expect((await world.release('1.1.0')).status).toBe('live');
  });

  test('takes back what is live while the machine of a later wave goes on with traffic, and that one finds itself aborted', async () => {
    const world = await WavesWorld.at('Dublin');
    await world.walk.intoShadow('1.1.0', 'Dublin');
    const slot = { ...(await world.task('1.1.0', 'Dublin')), colour: (await world.state('Dublin')).lock?.colour ?? '' };
    await moveTraffic(world.ports)({ ...slot, percent: 10 });
    await world.pathDies('1.1.0');
    expect((await world.live().catch(() => undefined)) ?? (await world.state('London')).live?.version).toBe('1.0.0');
    expect(await moveTraffic(world.ports)({ ...slot, percent: 50 })).toMatchObject({ outcome: 'refused', failure: { subject: 'the release' } });
    await moveTraffic(world.ports)({ ...slot, failure: FAILURE });
    expect(await world.live()).toEqual(BEFORE);
    expect((await world.release('1.1.0')).status).toBe('rolledBack');
  });
});

describe('the doctor finds waves that are left', () => {
  const left = async (failedIn: 'Dublin' | 'Paris' = 'Paris') => {
    const world = await WavesWorld.at(failedIn);
    await world.fails('1.1.0', failedIn);
    expect(await found(world)).toEqual([]);
    await machinesDie(world);
    return world;
  };

  test('one finding a release, of the newest wave, with what recovering it would do', async () => {
    const world = await left();
    const { execution } = await world.release('1.1.0');
    expect(await found(world)).toEqual([
      {
        kind: 'wavesLeft',
        environment: 'Dublin',
        subject: 'release 1.1.0 in the waves of Production',
        expected: 'live in all of them, or, as it is rolled back, in none that it has moved',
        actual: `live in Dublin and London, and ${execution}, which was to take it back there, has ended: TIMED_OUT`,
        by: 'recover',
        remedy: 'roll it back in Dublin and London, newest first, to what was live before',
        fingerprint: expect.any(String),
      },
    ]);
  });

  test.each(['Dublin', 'London'])('whoever recovers %s takes all of them back, and it is found no more', async (environment) => {
    const world = await left();
    expect((await found(world, `/${environment}`)).map((finding) => finding.environment)).toEqual([environment]);
    const { body } = await recover(world, environment);
    expect(body.done[0]).toMatch(/^rolled release 1\.1\.0 back in Dublin and London/);
    expect([await world.live(), await found(world)]).toEqual([BEFORE, []]);
    expect((await world.ports.ledger.tickets()).map(({ environment: where, count }) => [where, count])).toEqual([['Paris', 1]]);
  });

  test('not in an environment where it is not live, nor where somebody has rolled it back meanwhile', async () => {
    const world = await left('Dublin');
    expect((await call(world.ports, session('ReleaseManager'), 'GET /doctor/Paris')).body.findings).toEqual([]);
    expect((await world.rollBack('London')).status).toBe(200);
    expect(await found(world)).toEqual([]);
  });

  test('nor where another is live by now', async () => {
    const world = await left('Dublin');
    const { live, ...london } = await world.state('London');
    world.ports.ledger.seed({ ...london, live: { colour: 'green', version: '1.1.0', ...live, digest: 'of another' } });
    expect(await found(world)).toEqual([]);
  });

  test('a release that is in flight by no machine is one finding, which says that it is taken back in them, too', async () => {
    const world = await WavesWorld.at('Paris');
    await machinesDie(world);
    const { body } = await call(world.ports, session('ReleaseManager'), 'GET /doctor/Paris');
    expect([await found(world), body.findings.find(({ kind }: FindingView) => kind === 'deadRelease')]).toEqual([
      [],
      expect.objectContaining({ remedy: 'close it, and roll it back in Dublin and London, by the rules of the safety net' }),
    ]);
  });
});

describe('whoever recovers a later wave', () => {
  test('closes a release by the rules of the safety net, and takes it back in the waves it came through', async () => {
    const world = await WavesWorld.at('Paris');
    await machinesDie(world);
    expect((await recover(world, 'Paris')).body).toMatchObject({
      done: ['closed release 1.1.0', 'rolled release 1.1.0 back in Dublin and London, which it had come through before it failed in a later wave'],
      held: [],
    });
    expect([await world.live(), (await world.release('1.1.0')).status]).toEqual([BEFORE, 'rolledBack']);
    expect((await recover(world, 'Paris')).body).toMatchObject({ done: [], held: [] });
  });

  test('does so where it held that wave, and its machines have ended both', async () => {
    const world = await WavesWorld.at('Paris');
    await world.walk.intoShadow('1.1.0', 'Paris');
    await machinesDie(world);
    await recover(world, 'Paris');
    expect([await world.live(), (await world.release('1.1.0')).status]).toEqual([BEFORE, 'rolledBack']);
  });

  test('leaves it to its path machine where that runs, and names a wave that stays', async () => {
    const world = await WavesWorld.at('Paris');
    await world.fails('1.1.0', 'Paris');
    expect((await recover(world, 'Dublin')).body).toMatchObject({ done: [] });
    expect((await world.state('Dublin')).live?.version).toBe('1.1.0');
    await machinesDie(world);
    const { previous, slots } = await world.state('Dublin');
    world.ports.targets.unhealthy.add(slots[previous?.colour ?? '']?.targetGroupArn ?? '');
    expect((await recover(world, 'Dublin')).body).toMatchObject({
      done: [expect.stringMatching(/^rolled release 1\.1\.0 back in London,/)],
      held: ['release 1.1.0 was not rolled back in Dublin: ptl tickets says why'],
    });
  });
});
