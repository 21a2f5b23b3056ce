import { type DeclaredMigration, type EndInput, machineShape } from '../../lambda/contract';
import { accept } from '../../lambda/handlers/accept';
import { enter } from '../../lambda/handlers/enter';
import { migrate } from '../../lambda/handlers/migrate';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { readGates } from '../../lambda/handlers/read-gates';
import { reconcile } from '../../lambda/handlers/reconcile';
import { eventSchema } from '../../tools/event-schemas';
import { call } from './api-call';
import { dyingPorts } from './dying-ports';
import { breaking, LONGEST, MANAGER, NAME, OutageWorld, SAYS, type Trouble, undoable } from './outage-world';

const OUT = `503 ${SAYS}`;
const TROUBLES: readonly Trouble[] = ['migration', 'test', 'gates'];

/** 1.1.0 failed like this, and what is there then. */
async function failed(trouble: Trouble, ...migrations: DeclaredMigration[]): Promise<OutageWorld> {
  const world = await OutageWorld.with(...migrations);
  await world.through('1.1.0', trouble);
  return world;
}

describe('before anything was migrated', () => {
  test('users get what they had, the release is stopped, and a ticket says why', async () => {
    const world = await OutageWorld.with(breaking());
    await world.untilAsked('1.1.0');
    await world.agree('1.1.0');
    world.ports.liveRule.failAfterNextWrite(new Error('the answer was lost'));
    await expect(world.onwards('1.1.0')).rejects.toThrow(/may or may not have been written/);
    world.ports.clock.advance(120);
    expect(await world.users()).toBe(OUT);
    expect(await world.goesBack('1.1.0')).toMatchObject({ outcome: 'stopped' });
    expect([await world.users(), (await world.state()).outage, (await world.state()).lock]).toEqual(['blue', undefined, undefined]);
    expect((await world.events('1.1.0')).slice(-4)).toEqual(['OutageEnded', 'ReleaseStopped', 'TicketRaised', 'ReleaseFinished']);
    expect((await world.state()).contracts).toBeUndefined();
  });

  test.each(['an alarm fires', 'the live rule is not what the ledger says'])('it does not begin while %s', async (what) => {
    const world = await OutageWorld.with(breaking());
    await world.untilAsked('1.1.0');
    await world.agree('1.1.0');
    if (what === 'an alarm fires') world.ports.alarms.firing.add('Payments-Production-Green-errors');
    else world.ports.liveRule.set('Production', { other: 100 });
    const writes = world.ports.liveRule.writes.length;
    expect(await world.onwards('1.1.0')).toMatchObject({ outcome: 'stopped' });
    expect([world.ports.liveRule.writes.length, (await world.state()).outage]).toEqual([writes, undefined]);
  });
});

test('what is refused behind the outage names its step as the machine does', async () => {
  const world = await OutageWorld.with(breaking());
  await world.untilAsked('1.1.0');
  await world.agree('1.1.0');
  const { ports } = world;
  const slot = await world.task('1.1.0');
  await moveTraffic(ports)({ ...slot, outage: 'begins' });
  await migrate(ports)({ ...slot, outage: 'migrates' });
  ports.alarms.firing.add('Payments-Production-Green-errors');
  expect(await moveTraffic(ports)({ ...slot, percent: 100 })).toMatchObject({ failure: { step: 'Shift Production to 100 percent after the outage' } });
  ports.alarms.firing.clear();
  expect(await moveTraffic(ports)({ ...slot, percent: 100 })).toEqual({ outcome: 'shifted' });
  const read = await readGates(ports)({ ...slot, percent: 100 });
  expect(read).toMatchObject({ failure: { step: 'Read the health gates of Production at 100 percent after the outage' } });
  ports.liveRule.set('Production', { other: 100 });
  expect(await accept(ports)(slot)).toMatchObject({ failure: { step: 'Accept in Production after the outage' } });
});

test.each(['begins', 'stays'] as const)('a call with which an outage %s, and which comes when its release has ended, takes no lease', async (outage) => {
  const world = await failed('test', undoable());
  expect((await world.state()).lock).toBeUndefined();
  const [before, users] = [world.ports.ledger.snapshot(), await world.users()];
  const late = await moveTraffic(world.ports)({ ...(await world.task('1.1.0')), outage });
  const failure = { step: 'Begin the outage of Production', subject: 'the lock of Production', actual: 'nobody holds it' };
  expect(late).toMatchObject(outage === 'begins' ? { outcome: 'refused', failure } : { outcome: 'shifted' });
  expect([world.ports.ledger.snapshot(), await world.users()]).toEqual([before, users]);
});

describe('with what takes it back', () => {
  test.each(TROUBLES)('after trouble with the %s it is taken back, and users get the version before', async (trouble) => {
    const world = await OutageWorld.with(undoable(), undoable('drop-names'));
    const users: string[] = [];
    world.ports.migrations.meanwhile = async () => void users.push(await world.users());
    expect(await world.through('1.1.0', trouble)).toMatchObject({ outcome: 'rolledBack' });
    const calls = world.ports.migrations.calls.map(({ migration, undo }) => `${undo ? 'undo ' : ''}${migration}`);
    expect(calls).toEqual(trouble === 'migration' ? [NAME, `undo ${NAME}`] : [NAME, 'drop-names', 'undo drop-names', `undo ${NAME}`]);
    expect([new Set(users), await world.users()]).toEqual([new Set([OUT]), 'blue']);
    const { outage, contracts, lock, weights } = await world.state();
    expect([outage, contracts, lock, weights]).toEqual([undefined, [], undefined, { blue: 100 }]);
    expect((await world.ports.ledger.migration('Production', NAME))?.status).toBe('undone');
  });

  test('the version before is a roll-back target again, and the next release may go the usual way', async () => {
    const world = await failed('test', undoable());
    world.brings('1.2.0', []);
    await world.walk.through('1.2.0');
    expect((await world.rollBack()).status).toBe(200);
    expect((await world.state()).live?.version).toBe('1.0.0');
  });

  test('mended, it runs again from the beginning, and is taken back again', async () => {
    const world = await failed('test', undoable());
    await world.submit('1.2.0', undoable());
    world.ports.migrations.calls.length = 0;
    expect(await world.through('1.2.0', 'gates')).toMatchObject({ outcome: 'rolledBack' });
    expect(world.ports.migrations.calls.map(({ undo }) => undo)).toEqual([undefined, true]);
    await world.submit('1.3.0', undoable());
    expect(await world.through('1.3.0')).toEqual({ outcome: 'live' });
    const started = world.ports.bus.published.filter(({ what }) => what === 'MigrationStarted').map(({ detail }) => detail.after);
    expect(started).toEqual([undefined, undefined, 'undone', 'finished', 'undone']);
    const wrong = world.ports.bus.published.flatMap((event) => eventSchema(event.what).safeParse(JSON.parse(JSON.stringify(event))).error?.issues ?? []);
    expect(wrong).toEqual([]);
  });

  test('where taking it back fails users stay out', async () => {
    const world = await OutageWorld.with(undoable());
    world.ports.migrations.scripted.push({ answer: { done: true } }, { error: 'cannot' });
    expect(await world.through('1.1.0', 'test')).toMatchObject({ outcome: 'stopped' });
    expect(await world.users()).toBe(OUT);
  });

  test.each([
    ['had finished', [{ answer: { done: true } }]],
    ['was half way', [{ answer: { done: false, next: 5 } }, { error: 'it broke' }]],
  ])('what %s and is taken back half way runs from its beginning with the next release', async (_, forward) => {
    const world = await OutageWorld.with(undoable());
    world.ports.migrations.scripted.push(...forward, { error: 'cannot' });
    expect(await world.through('1.1.0', 'test')).toMatchObject({ outcome: 'stopped' });
    expect((await world.state()).contracts).toEqual([expect.not.objectContaining({ finishedAt: expect.anything() })]);
    world.ports.migrations.calls.length = 0;
    await world.submit('1.2.0', undoable());
    expect(await world.through('1.2.0')).toEqual({ outcome: 'live' });
    expect(world.ports.migrations.calls).toEqual([expect.not.objectContaining({ next: expect.anything() })]);
  });
});

describe('without what takes it back', () => {
  test.each(TROUBLES)('after trouble with the %s users stay out, and the ticket says both ways out', async (trouble) => {
    const world = await failed(trouble, breaking());
    expect(await world.users()).toBe(OUT);
    const { outage, lock, weights, live } = await world.state();
    expect([outage?.against?.name, lock, weights, live?.version]).toEqual([NAME, undefined, {}, '1.0.0']);
    const { body } = await call(world.ports, MANAGER, 'GET /tickets');
    expect(body).toHaveLength(1);
    expect(body[0].actual).toMatch(/users of Production have had no version since .*, for release 1\.1\.0, and are answered 503 "Back at noon\."/);
    expect(body[0].actual).toMatch(/1\.0\.0 may not understand the shared state since the migration 2027-01-split-name started/);
    expect(body[0].actual).toMatch(
      /submit a version that brings 2027-01-split-name, mended, .*; or give users 1\.0\.0 all the same, with ptl roll-back Production/,
    );
    const outages = (await world.events('1.1.0')).filter((what) => what.startsWith('Outage'));
    expect(outages).toEqual(trouble === 'gates' ? ['OutageBegan', 'OutageEnded', 'OutageBegan'] : ['OutageBegan']);
  });

  test('a person can give users the version before all the same, once', async () => {
    const world = await failed('test', breaking());
    const { status, body } = await world.rollBack();
    expect([status, body.outcome, await world.users()]).toEqual([200, 'rolledBack', 'blue']);
    expect(body.environment.outage).toBeUndefined();
    expect((await world.state()).weights).toEqual({ blue: 100 });
    expect(await world.events('1.1.0')).toContain('OutageEnded');
  });

  test('but no version that serves nobody', async () => {
    const world = await failed('test', breaking());
    world.ports.targets.count = () => 0;
    const { status, body } = await world.rollBack();
    expect([status, body.message, await world.users()]).toEqual([409, expect.stringContaining('users stay without a version'), OUT]);
  });

  test('a mended version goes on with the outage, and users get it', async () => {
    const world = await failed('migration', breaking());
    world.ports.clock.advance(LONGEST * 4);
    await world.submit('1.2.0', breaking(NAME, { content: 'c2' }));
    expect(await world.through('1.2.0')).toEqual({ outcome: 'live' });
    expect([await world.users(), (await world.state()).outage]).toEqual(['blue' === (await world.state()).live?.colour ? 'blue' : 'green', undefined]);
    expect((await world.state()).previous).toMatchObject({ version: '1.0.0', contract: { name: NAME } });
  });

  test('so does one with nothing left to migrate; one that leaves it out is not let in while it is unfinished', async () => {
    const world = await failed('migration', breaking());
    await world.submit('1.2.0');
    const task = await world.task('1.2.0');
    const entered = await enter(world.ports)({ ...task, machine: machineShape(world.plan[0] as (typeof world.plan)[0]) });
    expect(entered).toMatchObject({ outcome: 'stopped', failure: { actual: expect.stringMatching(/has not finished: 1\.2\.0 does not bring it/) } });
    const other = await failed('test', breaking());
    await other.submit('1.2.0', breaking());
    other.ports.migrations.calls.length = 0;
    expect(await other.through('1.2.0')).toEqual({ outcome: 'live' });
    expect(other.ports.migrations.calls).toEqual([]);
  });

  test('a live rule that was removed meanwhile, and is made anew, gives nobody the version before either', async () => {
    const world = await OutageWorld.with(breaking());
    const { read } = world.ports.liveRule;
    // Right before the roll back looks at it.
    world.ports.liveRule.read = async (plan) => {
      const { outage, lock } = await world.state();
      if (outage?.goesBack && !lock?.intended) world.ports.liveRule.set('Production', 'gone');
      return read.call(world.ports.liveRule, plan);
    };
    expect(await world.through('1.1.0', 'migration')).toMatchObject({ outcome: 'stopped' });
    world.ports.liveRule.read = read;
    expect((await world.state()).outage).toMatchObject({ against: { name: NAME } });
    const { body } = await call(world.ports, MANAGER, 'GET /tickets');
    expect(body[0].actual).toMatch(/; and the live rule is not there any more: .*; users of Production have had no version since/);
    world.ports.liveRule.set('Production', { other: 100 });
    expect((await call(world.ports, MANAGER, 'POST /environments/Production/recover', { reason: 'it is there again' })).status).toBe(200);
    expect(await world.users()).toBe(OUT);
  });

  test('who are asked about going on with it are told that what has run cannot be taken back', async () => {
    const world = await failed('test', breaking());
    await world.submit('1.2.0', breaking(), undoable('drop-names'));
    await world.untilAsked('1.2.0');
    const { body } = await call(world.ports, MANAGER, 'GET /status');
    expect(body.openGates).toMatchObject([{ runs: ['drop-names'], outage: { undoable: false } }]);
  });

  test('neither a contract nor a retirement comes in between, and recovering keeps users out', async () => {
    const world = await failed('test', breaking());
    const retire = await call(world.ports, MANAGER, 'POST /retirement', { reason: 'over', usersGet503: ['Production'] });
    expect([retire.status, retire.body.message]).toEqual([409, expect.stringContaining('are in an outage that 1.1.0 has left')]);
    world.ports.liveRule.set('Production', { somebody: 100 });
    const { status, body } = await call(world.ports, MANAGER, 'POST /environments/Production/recover', { reason: 'somebody wrote it' });
    expect([status, await world.users()]).toEqual([200, OUT]);
    expect(body.left.map(({ kind }: { kind: string }) => kind)).toContain('outage');
  });
});

describe('time', () => {
  test('no call and no test begins that may not be over in time: the way back begins', async () => {
    const world = await OutageWorld.with(undoable());
    world.ports.migrations.meanwhile = () => world.ports.clock.advance(LONGEST - 5);
    expect(await world.through('1.1.0')).toMatchObject({ outcome: 'rolledBack', failure: { subject: 'the outage of Production' } });
    const slow = await OutageWorld.with(undoable());
    slow.ports.migrations.scripted.push({ answer: { done: false, next: 1 } });
    slow.ports.migrations.meanwhile = () => slow.ports.clock.advance(LONGEST - 200);
    expect(await slow.through('1.1.0')).toMatchObject({ outcome: 'rolledBack', failure: { actual: expect.stringMatching(/no time is left for a call/) } });
  });

  test('a version that has the users has them: its bake may be longer', async () => {
    const world = await OutageWorld.with(undoable());
    const tagAccepted = world.ports.liveRule.write.bind(world.ports.liveRule);
    world.ports.liveRule.write = async (plan, rule, weights) => {
      await tagAccepted(plan, rule, weights);
      world.ports.clock.advance(LONGEST * 2);
    };
    expect(await world.through('1.1.0')).toEqual({ outcome: 'live' });
  });
});

describe('people in an outage', () => {
  test('a roll back that somebody asks for gives users the version before, taken back or not', async () => {
    const world = await OutageWorld.with(breaking());
    world.ports.migrations.meanwhile = async () => {
      expect((await world.rollBack()).body).toMatchObject({ outcome: 'requested', release: '1.1.0' });
    };
    expect(await world.through('1.1.0')).toMatchObject({ outcome: 'rolledBack' });
    expect([await world.users(), (await world.state()).outage]).toEqual(['blue', undefined]);
  });
});

test.each([
  ['taken back', undoable(), { outcome: 'rolledBack' }, 'blue'],
  ['not taken back', breaking(), { outcome: 'stopped' }, OUT],
])('aborted in an outage, it goes back as where it fails: what was migrated is %s', async (_, migration, came, users) => {
  const world = await OutageWorld.with(migration);
  await world.untilAsked('1.1.0');
  await world.agree('1.1.0');
  const answers: number[] = [];
  world.ports.migrations.meanwhile = async () => {
    if (answers.length === 0) answers.push((await call(world.ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'wrong week' })).status);
  };
  expect(await world.onwards('1.1.0')).toMatchObject(came);
  expect([answers, await world.users()]).toEqual([[200], users]);
});

test('once the release has the users, it cannot be aborted any more', async () => {
  const world = await OutageWorld.with(undoable());
  await world.untilAsked('1.1.0');
  await world.agree('1.1.0');
  const slot = await world.task('1.1.0');
  await moveTraffic(world.ports)({ ...slot, outage: 'begins' });
  await migrate(world.ports)({ ...slot, outage: 'migrates' });
  await moveTraffic(world.ports)({ ...slot, percent: 100 });
  expect(await call(world.ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'wrong week' })).toMatchObject({
    status: 409,
    body: { code: 'AlreadyShifted' },
  });
});

describe('a machine that dies', () => {
  test.each([
    ['migrated', undoable(), OUT],
    ['not migrated', undefined, 'blue'],
  ])('in an outage, %s: the safety net leaves users with what is right', async (_, migration, users) => {
    const world = await OutageWorld.with(breaking());
    await world.untilAsked('1.1.0');
    await world.agree('1.1.0');
    const dying = dyingPorts(world.ports, migration ? 8 : 3, 'after');
    await world.onwards('1.1.0', undefined, dying).catch(() => undefined);
    world.ports.clock.advance(3_600);
    const { executionArn, input } = await machine(world);
    await reconcile(world.ports)({ detail: { executionArn, status: 'ABORTED', input } } as never);
    const { lock, outage } = await world.state();
    expect([lock, await world.users(), outage !== undefined]).toEqual([undefined, users, users === OUT]);
    expect((await world.release('1.1.0')).reached.Production).toBe('stopped');
  });
});

test('one that is stopped by hand behind what can be taken back says how that is done; and so it is', async () => {
  const world = await OutageWorld.with(undoable());
  await world.untilAsked('1.1.0');
  await world.agree('1.1.0');
  await world.onwards('1.1.0', undefined, dyingPorts(world.ports, 8, 'after')).catch(() => undefined);
  world.ports.clock.advance(3_600);
  const { executionArn, input } = await machine(world);
  await reconcile(world.ports)({ detail: { executionArn, status: 'ABORTED', input } } as never);
  const [ticket] = await world.ports.ledger.tickets(9);
  expect(ticket?.actual).toContain(
    `; or submit 1.1.0 again, with ptl release 1.1.0: where that does not go live, or you ask for ptl roll-back Production before it does, it takes ${NAME} back, and users get 1.0.0; or give`,
  );
  const { environments } = (await call(world.ports, MANAGER, 'GET /status')).body;
  expect(environments[0].outage).toMatchObject({ takenBackBy: '1.1.0' });
  expect((await world.submit('1.1.0', undoable())).status).toBe(200);
  world.ports.tests.answer = async () => {
    expect((await world.rollBack()).body).toMatchObject({ outcome: 'requested', release: '1.1.0' });
    return { status: 200, milliseconds: 1, body: '' };
  };
  expect(await world.through('1.1.0')).toMatchObject({ outcome: 'stopped' });
  expect(world.ports.migrations.calls.at(-1)).toMatchObject({ migration: NAME, undo: true });
  expect([await world.users(), (await world.state()).outage, (await world.state()).contracts]).toEqual(['blue', undefined, []]);
});

/** Whatever effect the process dies at: the machine tries again, or goes back, and nobody has a version that may not understand the state. */
test.each([true, false])('dying at any effect, before it or after, in a release that ends live (or fails a test: %s)', async (fails) => {
  for (const when of ['before', 'after'] as const) {
    for (let effect = 0, total = 1; effect < total; effect++) {
      const world = await OutageWorld.with(undoable());
      await world.untilAsked('1.1.0');
      await world.agree('1.1.0');
      const dying = dyingPorts(world.ports, effect, when);
      const at = fails ? 'test' : undefined;
      const came = await world.onwards('1.1.0', at, dying).catch(() => undefined);
      total = came ? 0 : effect + 2;
      if (came) break;
      world.ports.clock.advance(3_600);
      world.ports.migrations.scripted.length = 0;
      const { executionArn } = await machine(world);
      const isOver = (await world.state()).lock === undefined;
      if (!isOver) await world.goesBack('1.1.0', FAILURE(executionArn));
      const { outage, lock, live, weights } = await world.state();
      const right = live?.version === '1.1.0' ? 'green' : 'blue';
      expect([effect, when, lock, outage, weights, await world.users()]).toEqual([effect, when, undefined, undefined, { [right]: 100 }, right]);
    }
  }
});

const FAILURE = (logs: string): EndInput['failure'] => ({ step: 's', subject: 'x', expected: 'y', actual: 'z', logs });

async function machine(world: OutageWorld): Promise<{ readonly executionArn: string; readonly input: string }> {
  const { execution } = await world.task('1.1.0');
  return { executionArn: execution, input: JSON.stringify({ contract: 1, release: '1.1.0' }) };
}
