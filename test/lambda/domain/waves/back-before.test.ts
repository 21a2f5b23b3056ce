import type { EnvironmentState } from '../../../../lambda/domain/model';
import { WavesWorld } from '../../waves-world';

/** 1.1.0 failed in Dublin, and London is back. */
async function back(): Promise<WavesWorld> {
  const world = await WavesWorld.at('Dublin');
  await world.fails('1.1.0', 'Dublin');
  expect(await world.rollBackWave('1.1.0', 'London', 'Dublin')).toMatchObject({ outcome: 'rolledBack' });
  return world;
}
const leasedBy = (owner: string, state: EnvironmentState, expiresAt: string): EnvironmentState => ({
  ...state,
  lease: { owner, fence: 9, expiresAt },
});

describe('a wave that is back, where it is to go back once more,', () => {
  test('is found so, and nothing is written: not even a lease, which who dies then would leave behind', async () => {
    const world = await back();
    const before = world.ports.ledger.snapshot();
    expect(await world.rollBackWave('1.1.0', 'London', 'Dublin')).toEqual({ outcome: 'rolledBack', environment: 'London', release: '1.1.0' });
    expect(world.ports.ledger.snapshot()).toEqual(before);
  });

  test('waits for nobody who writes the live rule', async () => {
    const world = await back();
    const { ledger, clock } = world.ports;
    ledger.seed(leasedBy('another', await world.state('London'), clock.later(60)));
    expect(await world.rollBackWave('1.1.0', 'London', 'Dublin')).toMatchObject({ outcome: 'rolledBack' });
    expect(clock.slept).toEqual([]);
  });

  test('stays as it is where somebody has put the release live there again', async () => {
    const world = await back();
    const { live, previous, ...london } = await world.state('London');
    if (!live || !previous) throw new Error('1.1.0 was live before');
    world.ports.ledger.seed({ ...london, live: previous, previous: live });
    const writes = world.ports.liveRule.writes.length;
    expect(await world.rollBackWave('1.1.0', 'London', 'Dublin')).toMatchObject({ outcome: 'rolledBack' });
    expect([world.ports.liveRule.writes.length, (await world.state('London')).live?.version]).toEqual([writes, '1.1.0']);
  });
});

test('a wave in which something else is live by now is left, and that is not to be taken back any more', async () => {
  const world = await WavesWorld.at('Dublin');
  await world.fails('1.1.0', 'Dublin');
  const { ledger } = world.ports;
  const { live, previous, ...london } = await world.state('London');
  if (!live || !previous) throw new Error('1.0.0 was live before');
  ledger.seed({ ...london, live: previous, previous: live });
  expect((await world.release('1.1.0')).movedWaves).toEqual(['London']);
  expect(await world.rollBackWave('1.1.0', 'London', 'Dublin')).toEqual({ outcome: 'left', environment: 'London', release: '1.1.0' });
  expect((await world.release('1.1.0')).movedWaves).toBeUndefined();
  expect((await world.state('London')).lease).toEqual(london.lease);
});
