import { enter } from '../../lambda/handlers/enter';
import { call } from './api-call';
import { ContractWorld, declared, MANAGER, NAME } from './contract-world';
import { session } from './example-gate';
import { enterInput, snapshot } from './example-path';

describe('what is refused, with ledger and traffic as they were', () => {
  const withRelease = async () => {
    const world = await ContractWorld.ready();
    await world.walk.submit('1.2.0');
    await enter(world.ports)(await enterInput(world.ports, '1.2.0'));
    return world;
  };
  const inSupport = async () => {
    const world = await ContractWorld.ready();
    world.ports.clock.advance(-61);
    return world;
  };
  const finished = async () => {
    const world = await ContractWorld.ready();
    await world.contracted('1.1.0');
    return world;
  };
  const otherContent = async () => {
    const world = await ContractWorld.ready();
    const { ports } = world;
    const about = { kind: 'migration', revision: 1, environment: 'Production', migration: 'contract', release: '0.9.0', execution: 'x', calls: 1 } as const;
    ports.ledger.seed({
      ...about,
      name: NAME,
      content: 'other',
      status: 'finished',
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: '2026-01-01T00:01:00.000Z',
    });
    return world;
  };
  const byHand = async () => {
    const world = await ContractWorld.ready();
    const { slots, live } = await world.state();
    const [one, other] = Object.entries(slots).sort(([colour]) => (colour === live?.colour ? -1 : 1));
    world.ports.liveRule.set('Production', { [one?.[1].targetGroupArn ?? '']: 50, [other?.[1].targetGroupArn ?? '']: 50 });
    return world;
  };
  const half = async () => (await new ContractWorld().live('1.0.0')).live('1.1.0');

  test.each<[string, () => Promise<ContractWorld>, string | undefined, number, string, RegExp]>([
    [
      'where the live version brings none',
      half,
      MANAGER,
      409,
      'NoContract',
      /^1\.1\.0, which is live in Production, brings no contract; release a version with/,
    ],
    ['where nothing is live', async () => new ContractWorld(), MANAGER, 409, 'NothingLive', /^nothing is live in Production/],
    [
      'while a release is in flight',
      withRelease,
      MANAGER,
      409,
      'InFlight',
      /^release 1\.2\.0 is in flight in Production, since .*, and may have to go back to 1\.1\.0; ask/,
    ],
    ['while early life support lasts', inSupport, MANAGER, 409, 'EarlyLifeSupport', /^1\.1\.0 is in early life support in Production until 2026-01-19T09:0\d/],
    ['twice', finished, MANAGER, 409, 'ContractFinished', /has finished: 2026-12-drop-amount at .*, with 1\.1\.0; it runs once/],
    [
      'with content other than what has finished',
      otherContent,
      MANAGER,
      409,
      'MigrationNameTaken',
      /finished in Production at .*, brought by release 0\.9\.0, with other content/,
    ],
    [
      'while users are with another slot',
      byHand,
      MANAGER,
      409,
      'TrafficElsewhere',
      /^not all live traffic of Production is on 1\.1\.0: the live rule sends users to/,
    ],
    [
      'by somebody who is no release manager',
      () => ContractWorld.ready(),
      session('Developer'),
      403,
      'NotReleaseManager',
      /Developer\/service-manager is no release manager of Production/,
    ],
    ['by nobody', () => ContractWorld.ready(), undefined, 403, 'NoIdentity', /./],
  ])('%s', async (_, make, caller, status, code, message) => {
    const world = await make();
    const before = snapshot(world.ports);
    const answer = await call(world.ports, caller, 'POST /environments/Production/contract', { reason: 'why not' });
    expect(answer).toMatchObject({ status, body: { code, message: expect.stringMatching(message) } });
    expect(snapshot(world.ports)).toEqual(before);
    expect(world.ports.migrations.calls.length).toBe(code === 'ContractFinished' ? 1 : 0);
  });

  test('without a reason, and in an environment that is none', async () => {
    const world = await ContractWorld.ready();
    const before = snapshot(world.ports);
    expect(await world.ask(MANAGER, 'Production', ' ')).toMatchObject({ status: 400, body: { code: 'NoReason' } });
    expect(await world.ask(MANAGER, 'Prodution')).toMatchObject({ status: 404, body: { code: 'UnknownEnvironment' } });
    expect(snapshot(world.ports)).toEqual(before);
  });

  test('one that was agreed to, when something has come in its way since: it stops with a ticket, and nothing has run', async () => {
    const ways: [RegExp, (world: ContractWorld) => Promise<unknown>][] = [
      [/release 1\.2\.0 is in flight/, async (world) => [await world.walk.submit('1.2.0'), await enter(world.ports)(await enterInput(world.ports, '1.2.0'))]],
      [/1\.2\.0 is: ask again|brings no contract/, (world) => world.walk.through('1.2.0')],
      [/1\.0\.0.*brings no contract/, (world) => world.rollBack()],
    ];
    for (const [why, happens] of ways) {
      const world = await ContractWorld.ready();
      await world.ask();
      await world.until();
      await world.accept('1.1.0');
      await happens(world);
      const before = snapshot(world.ports) as { rule: unknown; writes: number };
      const live = (await world.state()).live;
      expect(await world.onwards()).toBe('stopped');
      expect(await world.ports.ledger.tickets()).toContainEqual(expect.objectContaining({ actual: expect.stringMatching(why), outcome: 'stopped' }));
      expect(snapshot(world.ports)).toMatchObject({ rule: before.rule, writes: before.writes });
      expect([world.ports.migrations.calls, (await world.state()).live]).toEqual([[], live]);
    }
  });

  test('one that a party refuses, and one that is not what was agreed to', async () => {
    const refused = await ContractWorld.ready();
    await refused.ask();
    await refused.until();
    await refused.accept('1.1.0', 'refuse');
    expect(await refused.onwards()).toBe('stopped');
    expect(await refused.ports.ledger.tickets()).toMatchObject([{ step: 'Ask for the contract in Production', actual: expect.stringContaining('I looked') }]);
    expect((await refused.state()).contracting).toBeUndefined();
    const other = await ContractWorld.ready(declared(), declared('2026-12-drop-more'));
    await other.ask();
    await other.until();
    await other.accept('1.1.0');
    const gate = await other.ports.ledger.gate('1.1.0', 'Production', 'contract');
    if (gate) other.ports.ledger.seed({ ...gate, runs: [declared()] });
    expect(await other.onwards()).toBe('stopped');
    expect(await other.ports.ledger.tickets()).toMatchObject([
      { actual: expect.stringContaining('accepted for the migration 2026-12-drop-amount, now it would be') },
    ]);
    expect(other.ports.migrations.calls).toEqual([]);
  });
});
