import { enter } from '../../lambda/handlers/enter';
import { migrate } from '../../lambda/handlers/migrate';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { reconcile } from '../../lambda/handlers/reconcile';
import { call } from './api-call';
import { ContractWorld, declared, MANAGER, NAME, SUPPORT } from './contract-world';
import { snapshot } from './example-path';

describe('from the moment it has started', () => {
  test('what was live before is no target any more, and status says so, before and after it has finished', async () => {
    const world = await ContractWorld.ready();
    const answers: unknown[] = [];
    const ask = async () => {
      const before = snapshot(world.ports);
      answers.push(await world.rollBack());
      expect(snapshot(world.ports)).toEqual(before);
    };
    world.ports.migrations.meanwhile = ask;
    await world.contracted('1.1.0');
    world.ports.migrations.meanwhile = undefined;
    // The writer takes its lease, and gives it back.
    answers.push(await world.rollBack());
    const gone = /the contract 2026-12-drop-amount, which 1\.1\.0 brought, started in Production at .*, and 1\.0\.0 may not understand the shared state since/;
    const refusal = { status: 409, body: { code: 'CannotRollBack', message: expect.stringMatching(gone) } };
    expect(answers).toEqual([refusal, refusal]);
    const { environments } = (await call(world.ports, MANAGER, 'GET /status')).body;
    expect(environments[0].noWayBack).toEqual({
      why: expect.stringMatching(gone),
      instead: 'freeze Production, so that nothing else goes live meanwhile, and then release a version that mends what is wrong',
      commands: ['ptl freeze Production --reason "<why>"', 'ptl release <version>'],
    });
    expect(world.ports.liveRule.snapshot().Production).toEqual({ kind: 'slots', weights: { [(await world.state()).slots.green?.targetGroupArn ?? '']: 100 } });
  });

  test('a failure stops it with a ticket and leaves the target gone; asked for again it goes on where it was', async () => {
    const world = await ContractWorld.ready();
    world.ports.migrations.scripted.push({ answer: { done: false, next: 500 } }, { error: 'throttled' });
    const rule = world.ports.liveRule.snapshot();
    expect(await world.contracted('1.1.0')).toBe('stopped');
    expect(await world.ports.ledger.tickets()).toMatchObject([
      {
        step: 'Contract the shared state of Production',
        subject: `migration ${NAME}`,
        actual: 'throttled',
        logs: expect.stringContaining('/migrations in 2222'),
      },
    ]);
    expect(await world.state()).toMatchObject({ live: { version: '1.1.0' }, previous: { version: '1.0.0', contract: { name: NAME } } });
    expect((await world.state()).lock).toBeUndefined();
    expect(await world.ports.ledger.release('1.1.0')).toMatchObject({ status: 'live', reached: { Production: 'live' } });
    expect((await world.rollBack()).body.message).toContain('finish the contract, and release a version that mends what is wrong');
    expect((await call(world.ports, MANAGER, 'GET /status')).body.environments[0]).toMatchObject({
      contract: { migrations: [NAME], state: 'halfDone' },
      noWayBack: { commands: ['ptl freeze Production --reason "<why>"', 'ptl contract Production --reason "<why>"', 'ptl release <version>'] },
    });
    expect(await world.contracted('1.1.0')).toBe('contracted');
    expect(world.ports.migrations.calls.map(({ next }) => next)).toEqual([undefined, 500, 500]);
    expect(world.ports.liveRule.snapshot()).toEqual(rule);
  });

  test('a version that does not bring it enters no more, by --again or as a hotfix; one that was registered after it has finished does', async () => {
    const world = await ContractWorld.ready();
    await world.contracted('1.1.0');
    await world.walk.submit('1.0.0', { again: true });
    const { deployments } = world.ports.slots;
    const count = deployments.length;
    await expect(world.walk.intoShadow('1.0.0', 'Production')).rejects.toThrow(
      /the contract 2026-12-drop-amount of Production.*started in Production at .*, with release 1\.1\.0, and finished at .*: 1\.0\.0 does not bring it, and was registered before/,
    );
    expect(deployments.length).toBe(count);
    world.ports.clock.advance(60);
    await world.walk.through('1.2.0');
    expect((await world.state()).live?.version).toBe('1.2.0');
    // Live when it ran, or after: both understand it, so rolling back between them is as ever.
    expect(await world.rollBack()).toMatchObject({ status: 200, body: { outcome: 'rolledBack' } });
  });

  test('a version that was registered while it ran enters no more', async () => {
    const world = await ContractWorld.ready();
    world.ports.migrations.meanwhile = async () => {
      world.ports.clock.advance(60);
      await world.walk.submit('1.2.0');
      world.ports.clock.advance(60);
    };
    await world.contracted('1.1.0');
    await expect(world.walk.intoShadow('1.2.0', 'Production')).rejects.toThrow(/finished at .*: 1\.2\.0 does not bring it, and was registered before/);
  });

  test('nor does a version that does not bring it get traffic, however it came in', async () => {
    const world = await ContractWorld.ready();
    await world.walk.submit('1.2.0');
    await world.walk.intoShadow('1.2.0', 'Production');
    await world.walk.go('1.2.0', 'Production');
    const state = await world.state();
    world.ports.ledger.seed({ ...state, contracts: [{ name: NAME, release: '1.1.0', startedAt: world.ports.clock.now() }] });
    const rule = world.ports.liveRule.snapshot();
    const { execution = '', colour = '' } = state.lock ?? {};
    expect(await moveTraffic(world.ports)({ environment: 'Production', release: '1.2.0', execution, colour, percent: 10 })).toMatchObject({
      failure: { subject: `the contract ${NAME} of Production`, actual: expect.stringContaining('and has not finished: 1.2.0 does not bring it') },
    });
    expect(world.ports.liveRule.snapshot()).toEqual(rule);
  });

  test('and has not finished, every release brings it, mended or as it was', async () => {
    const world = await ContractWorld.ready();
    world.ports.migrations.scripted.push({ error: 'wrong statement' });
    await world.contracted('1.1.0');
    world.ports.clock.advance(60);
    await world.walk.submit('1.2.0');
    await expect(world.walk.intoShadow('1.2.0', 'Production')).rejects.toThrow(/and has not finished: 1\.2\.0 does not bring it/);
    await world.live('1.2.1', declared(NAME, 'mended'));
    expect((await call(world.ports, MANAGER, 'GET /status')).body.environments[0].noWayBack).toBeUndefined();
    world.ports.clock.advance(SUPPORT);
    expect(await world.contracted('1.2.1')).toBe('contracted');
    expect((await world.state()).contracts).toMatchObject([{ name: NAME, release: '1.1.0', finishedAt: expect.any(String) }]);
    // It brings it, too.
    expect(await world.rollBack()).toMatchObject({ status: 200, body: { outcome: 'rolledBack' } });
    expect((await world.state()).live?.version).toBe('1.1.0');
  });

  test('a release in flight after it goes back to the live version as ever', async () => {
    const world = await ContractWorld.ready();
    await world.contracted('1.1.0');
    world.ports.clock.advance(60);
    await world.walk.submit('1.2.0');
    await world.walk.intoShadow('1.2.0', 'Production');
    const status = (await call(world.ports, MANAGER, 'GET /status')).body.environments[0];
    expect(status.noWayBack.why).toContain('1.0.0 may not understand');
    await world.walk.go('1.2.0', 'Production');
    await world.walk.takeOver('1.2.0', 'Production');
    expect((await world.state()).previous).toEqual({
      colour: 'green',
      version: '1.1.0',
      digest: expect.any(String),
      earlyLifeSupportUntil: expect.any(String),
    });
  });
});

describe('is called under its lock, and not without it', () => {
  /** Its machine died, the safety net frees the environment, and somebody goes back to 1.0.0: in the moment in which a call is about to be recorded. */
  const overtaken = async (world: ContractWorld, when: (calls: number) => boolean) => {
    const { ports } = world;
    const commit = ports.ledger.commit.bind(ports.ledger);
    let [starts, done] = [0, false];
    ports.ledger.commit = async (change) => {
      const isCall = change.put.some((item) => item.kind === 'migration' && item.call !== undefined);
      if (!isCall || done || !when(++starts)) return commit(change);
      done = true;
      ports.ledger.commit = commit;
      const detail = { executionArn: world.execution, status: 'ABORTED', input: '{"contract":1,"release":"1.1.0"}' };
      await reconcile(ports)({ detail } as Parameters<ReturnType<typeof reconcile>>[0]);
      await world.rollBack();
      return commit(change);
    };
    expect((await world.ask()).status).toBe(200);
    expect(await world.until()).toBe('contract');
    expect((await world.accept('1.1.0')).status).toBe(200);
    expect((await enter(ports)({ ...world.task(), contract: 'begins' })).outcome).toBe('entered');
    let output = await migrate(ports)({ ...world.task(), colour: 'green', contract: 'runs' });
    while (output.outcome === 'migrating') output = await migrate(ports)({ ...world.task(), colour: 'green', contract: 'runs' });
    expect(done).toBe(true);
    return output;
  };
  const lost = { outcome: 'failed', failure: { subject: 'the lock of Production', expected: 'held for this contract', actual: 'nobody holds it' } };

  test('the first time: what is live by then is the version that does not understand it', async () => {
    const world = await ContractWorld.ready();
    expect(await overtaken(world, (calls) => calls === 1)).toMatchObject(lost);
    expect((await world.state()).live?.version).toBe('1.0.0');
    expect([world.ports.migrations.calls, (await world.state()).contracts]).toEqual([[], undefined]);
    expect(await world.ports.ledger.migration('Production', NAME)).toBeUndefined();
  });

  test('or again, when it has started before', async () => {
    const world = await ContractWorld.ready();
    world.ports.migrations.scripted.push({ answer: { done: false, next: 7 } });
    expect(await overtaken(world, (calls) => calls === 2)).toMatchObject(lost);
    expect(world.ports.migrations.calls.map(({ next }) => next)).toEqual([undefined]);
    expect((await world.state()).live?.version).toBe('1.1.0');
  });
});
