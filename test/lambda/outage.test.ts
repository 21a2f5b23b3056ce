import { call } from './api-call';
import { examplePlan } from './example-path';
import { targetGroupOf } from './fake-slots';
import { breaking, LONGEST, MANAGER, NAME, OutageWorld, PLAN, SAYS, undoable } from './outage-world';
import { exampleBody, publish } from './submission-body';

const OUT = `503 ${SAYS}`;

describe('a release that breaks the live version', () => {
  test('takes users out, migrates, is tested, and gets all of them at once, whatever the strategy says', async () => {
    const world = await OutageWorld.with(breaking());
    const users: string[] = [];
    world.ports.migrations.meanwhile = async () => void users.push(await world.users());
    const { answer } = world.ports.tests;
    world.ports.tests.answer = async (request) => {
      users.push(await world.users());
      return answer(request);
    };
    await world.untilAsked('1.1.0');
    expect(await world.users()).toBe('blue');
    await world.agree('1.1.0');
    expect(await world.onwards('1.1.0')).toEqual({ outcome: 'live' });
    expect([users, await world.users()]).toEqual([[OUT, OUT], 'green']);
    expect(world.ports.liveRule.writes.map(({ weights }) => weights).slice(-2)).toEqual(['outage', { [targetGroupOf('Payments-Production-Green')]: 100 }]);
    const { outage, lock, weights } = await world.state();
    expect([outage, lock, weights]).toEqual([undefined, undefined, { green: 100 }]);
    const events = (await world.events('1.1.0')).filter((what) => /Outage|Migration|TestFinished|TrafficShifted|ReleaseLive/.test(what));
    expect(events).toEqual(['OutageBegan', 'MigrationStarted', 'MigrationFinished', 'TestFinished', 'TrafficShifted', 'OutageEnded', 'ReleaseLive']);
  });

  test('what expands the state runs before it, while users have the live version', async () => {
    const world = await OutageWorld.with({ name: 'add-parts', kind: 'expand', content: 'c' }, breaking());
    const users: string[] = [];
    world.ports.migrations.meanwhile = async () => void users.push(await world.users());
    expect(await world.through('1.1.0')).toEqual({ outcome: 'live' });
    expect(users).toEqual(['blue', OUT]);
  });

  test('one that has nothing left to break goes the usual way', async () => {
    const world = await OutageWorld.with(breaking());
    await world.through('1.1.0');
    world.brings('1.2.0', [breaking()]);
    await world.walk.through('1.2.0');
    expect((await world.state()).live?.version).toBe('1.2.0');
    expect((await world.release('1.2.0')).changes).toEqual([]);
  });

  test('declares that it needs an outage, and alters the schema', async () => {
    const world = await OutageWorld.with(breaking());
    expect((await world.release('1.1.0')).changes).toEqual(['altersSchema', 'plannedOutage']);
  });

  test('waits at a firebreak that is for other changes only', async () => {
    const [production] = PLAN;
    const firebreak = { parties: [], when: ['needsManualTest'], resumes: 'byReleaseManager' as const, releaseManagers: [], timeoutSeconds: 60 };
    const world = new OutageWorld([{ ...(production as (typeof PLAN)[0]), firebreak }]);
    await world.submit('1.0.0');
    await world.submit('1.1.0', breaking());
    const { audit } = world.ports.ledger;
    const firebreaks = async (version: string) =>
      (await audit.call(world.ports.ledger, version)).find(({ what }) => what === 'ReleaseSubmitted')?.detail.firebreaks;
    expect([await firebreaks('1.0.0'), await firebreaks('1.1.0')]).toEqual([[], ['Production']]);
  });

  test('is refused where an environment does not say that outages may be planned', async () => {
    const plan = [examplePlan('Integration', { roles: PLAN[0]?.roles }), ...PLAN];
    const world = new OutageWorld(plan);
    world.brings('1.1.0', [breaking()]);
    const body = exampleBody('1.1.0', plan);
    publish(world.ports, body);
    const { status, body: said } = await call(world.ports, MANAGER, 'POST /releases', body);
    expect([status, said.code]).toEqual([409, 'OutageNotPlanned']);
    expect(said.message).toMatch(
      /brings the migration 2027-01-split-name, which is breaking: .*; in Integration as it is deployed none may be planned: give it plannedOutage/,
    );
    expect(await world.release('1.1.0')).toBeUndefined();
  });

  test('leaves no older version as a roll-back target, nor lets one in again', async () => {
    const world = await OutageWorld.with(breaking());
    await world.through('1.1.0');
    const { status, body } = await world.rollBack();
    expect([status, body.message]).toEqual([
      409,
      expect.stringMatching(/the breaking migration 2027-01-split-name, which 1\.1\.0 brought, started in Production .* 1\.0\.0 may not/),
    ]);
    expect((await world.state()).previous).toMatchObject({ version: '1.0.0', contract: { name: NAME, release: '1.1.0' } });
  });

  test('works where nothing was live before', async () => {
    const world = new OutageWorld();
    await world.submit('1.0.0', breaking());
    expect(await world.through('1.0.0')).toEqual({ outcome: 'live' });
    expect(await world.users()).toBe('blue');
  });
});

describe('people', () => {
  test('are asked about the outage: how long, for what, and whether it can be taken back', async () => {
    const world = await OutageWorld.with(undoable(), breaking('drop-names'));
    await world.untilAsked('1.1.0');
    const { body } = await call(world.ports, MANAGER, 'GET /status');
    expect(body.openGates).toMatchObject([{ gate: 'goNoGo', runs: [NAME, 'drop-names'], outage: { longestSeconds: LONGEST, undoable: false } }]);
  });

  test('see that it is under way, until when, and what users are told', async () => {
    const world = await OutageWorld.with(breaking());
    const seen: unknown[] = [];
    world.ports.migrations.meanwhile = async () => {
      const { body } = await call(world.ports, MANAGER, 'GET /status');
      seen.push(body.environments[0].outage);
    };
    await world.through('1.1.0');
    expect(seen).toMatchObject([{ release: '1.1.0', says: SAYS, until: expect.any(String), notUnderstoodBy: { version: '1.0.0', migration: NAME } }]);
    const { body } = await call(world.ports, MANAGER, 'GET /status');
    expect(body.environments[0].outage).toBeUndefined();
  });

  test('who were not asked about an outage have not agreed to one', async () => {
    const world = await OutageWorld.with(breaking());
    await world.untilAsked('1.1.0');
    await world.agree('1.1.0');
    const gate = await world.ports.ledger.gate('1.1.0', 'Production', 'goNoGo');
    const { outage: _asked, ...rest } = gate as NonNullable<typeof gate>;
    world.ports.ledger.seed(rest);
    expect(await world.onwards('1.1.0')).toMatchObject({ outcome: 'stopped', failure: { actual: 'nobody was asked about an outage' } });
    expect(await world.users()).toBe('blue');
  });
});
