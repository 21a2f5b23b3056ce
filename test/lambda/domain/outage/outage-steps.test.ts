import type { DeclaredMigration } from '../../../../lambda/contract';
import type { EnvironmentState, MigrationState } from '../../../../lambda/domain/model';
import { migrate } from '../../../../lambda/handlers/migrate';
import { moveTraffic } from '../../../../lambda/handlers/move-traffic';
import { targetGroupOf } from '../../fake-slots';
import { breaking, NAME, OutageWorld, SAYS, undoable } from '../../outage-world';

const OUT = `503 ${SAYS}`;
const BLUE = targetGroupOf('Payments-Production-Blue');
const GREEN = targetGroupOf('Payments-Production-Green');
const UNDO = `undo.${NAME}`;
type State = EnvironmentState & { readonly outage: NonNullable<EnvironmentState['outage']>; readonly lock: NonNullable<EnvironmentState['lock']> };

/** People have agreed to the outage of 1.1.0. */
async function agreed(...migrations: readonly DeclaredMigration[]): Promise<OutageWorld> {
  const world = await OutageWorld.with(...migrations);
  await world.untilAsked('1.1.0');
  await world.agree('1.1.0');
  return world;
}

const begins = async (world: OutageWorld) => moveTraffic(world.ports)({ ...(await world.task('1.1.0')), outage: 'begins' });
const migrates = async (world: OutageWorld) => migrate(world.ports)({ ...(await world.task('1.1.0')), outage: 'migrates' });
const undoes = async (world: OutageWorld) => migrate(world.ports)({ ...(await world.task('1.1.0')), outage: 'undoes' });
const stays = async (world: OutageWorld) => moveTraffic(world.ports)({ ...(await world.task('1.1.0')), outage: 'stays' });
const state = async (world: OutageWorld) => (await world.state()) as State;
const last = async (world: OutageWorld, what: string) => (await world.ports.ledger.audit('1.1.0')).filter((event) => event.what === what).at(-1);
const said = (world: OutageWorld, message: string) => world.ports.log.lines.find((line) => line.message === message)?.fields;

/** Users are out, and nothing has been migrated. */
async function out(...migrations: readonly DeclaredMigration[]): Promise<OutageWorld> {
  const world = await agreed(...migrations);
  expect(await begins(world)).toEqual({ outcome: 'shifted' });
  return world;
}

const live = { kind: 'slots', weights: { [BLUE]: 100 } };
const about = { release: '1.1.0', environment: 'Production', slot: 'green' };

describe('the outage of a release', () => {
  test('begins once, and it is recorded what was and what users are told', async () => {
    const world = await out(breaking());
    const { outage, lock, weights } = await state(world);
    expect([outage.started, outage.says, outage.release, lock.shifted, lock.intended, weights]).toEqual([[], SAYS, '1.1.0', true, undefined, {}]);
    expect(outage).not.toHaveProperty('against');
    const { until } = outage;
    expect((await last(world, 'OutageBegan'))?.detail).toEqual({ colour: 'green', live: '1.0.0', until, says: SAYS, was: { blue: 100 }, ruleWas: live });
    expect(said(world, 'outage began')).toEqual({ ...about, how: 'write', was: live });
    expect((await world.release('1.1.0')).reached).toMatchObject({ Production: 'shifting' });
    const writes = world.ports.liveRule.writes.length;
    world.ports.log.lines.length = 0;
    expect(await begins(world)).toEqual({ outcome: 'shifted' });
    expect(world.ports.liveRule.writes).toHaveLength(writes);
    expect(said(world, 'outage began')).toMatchObject({ how: 'done' });
    expect((await world.events('1.1.0')).filter((what) => what === 'OutageBegan')).toHaveLength(1);
  });

  test('is not begun anew where an earlier try may have written: it says so, and the way back is right', async () => {
    const world = await out(breaking());
    const { lock } = await state(world);
    world.ports.ledger.seed({ ...(await state(world)), lock: { ...lock, intended: {} } });
    world.ports.alarms.firing.add('Payments-Production-Green-errors');
    await expect(begins(world)).rejects.toThrow(/^an earlier try may have begun the outage, and now: /);
  });

  test('goes on with the time it had when its first try is asked again', async () => {
    const world = await out(breaking());
    const { lock, outage } = await state(world);
    world.ports.ledger.seed({ ...(await state(world)), lock: { ...lock, intended: {} } });
    world.ports.clock.advance(30);
    expect(await begins(world)).toEqual({ outcome: 'shifted' });
    expect((await state(world)).outage).toEqual(outage);
    expect(said(world, 'outage began')).toMatchObject({ how: 'write' });
  });

  test('is refused where the live rule is not what the ledger says, which is recorded', async () => {
    const world = await agreed(breaking());
    world.ports.liveRule.set('Production', { [GREEN]: 100 });
    const answer = await begins(world);
    expect(answer).toMatchObject({ outcome: 'refused', failure: { subject: 'the live rule of Production' } });
    expect((await last(world, 'MismatchFound'))?.detail).toMatchObject({ colour: 'green', expected: expect.anything(), actual: expect.anything() });
    expect(said(world, 'outage refused')).toMatchObject({
      ...about,
      subject: 'the live rule of Production',
      expected: expect.anything(),
      actual: expect.anything(),
    });
    const quiet = await agreed(breaking());
    quiet.ports.alarms.firing.add('Payments-Production-Green-errors');
    expect(await begins(quiet)).toMatchObject({ outcome: 'refused' });
    expect(await last(quiet, 'MismatchFound')).toBeUndefined();
  });

  test('is not agreed to by who was asked elsewhere, or about something else', async () => {
    const asked = async (given: object) => {
      const world = await agreed(breaking());
      const gate = await world.ports.ledger.gate('1.1.0', 'Production', 'goNoGo');
      world.ports.ledger.seed({ ...(gate as NonNullable<typeof gate>), ...given });
      return begins(world);
    };
    const failure = {
      step: 'Ask for go/no-go in Production',
      subject: 'the go/no-go in Production',
      expected: 'passed, for the outage and what would run in it',
    };
    expect(await asked({ runs: [breaking('drop-names')] })).toMatchObject({
      outcome: 'refused',
      failure: { ...failure, actual: `accepted for the migration drop-names, now it would be the migration ${NAME}` },
    });
    expect(await asked({ runs: undefined })).toMatchObject({ outcome: 'refused', failure });
    expect(await asked({ outage: undefined })).toMatchObject({ failure: { ...failure, actual: 'nobody was asked about an outage' } });
  });

  test('cannot begin for a release that was submitted without one', async () => {
    const world = await agreed(breaking());
    const release = await world.release('1.1.0');
    world.ports.ledger.seed({ ...release, plan: release.plan.map(({ plannedOutage: _none, ...plan }) => plan) });
    await expect(begins(world)).rejects.toThrow('release 1.1.0 was submitted for Production without a planned outage; submit it again');
  });
});

describe('a migration in an outage', () => {
  const failure = (actual: string | RegExp, expected: string) => {
    const about = { step: 'Migrate the shared state of Production in the outage', subject: 'the outage of Production', expected };
    return { outcome: 'failed', failure: { ...about, actual: typeof actual === 'string' ? actual : expect.stringMatching(actual) } };
  };

  test('is not begun where users may have a version', async () => {
    const world = await out(breaking());
    const begun = await state(world);
    world.ports.ledger.seed({ ...begun, weights: { blue: 100 } });
    const expected = 'begun: users have no version';
    expect(await migrates(world)).toMatchObject(failure('the ledger has the weights {"blue":100}, and may have written {}', expected));
    world.ports.ledger.seed({ ...begun, revision: (await state(world)).revision, lock: { ...begun.lock, intended: { green: 100 } } });
    expect(await migrates(world)).toMatchObject(failure('the ledger has the weights {}, and may have written {"green":100}', expected));
    expect(world.ports.migrations.calls).toEqual([]);
  });

  test('is not called where the environment was freed, or users were given a version, in the instant before', async () => {
    const race = async (given: (begun: State) => object) => {
      const world = await out(breaking());
      const task = await world.task('1.1.0');
      const { environment } = world.ports.ledger;
      let reads = 0;
      world.ports.ledger.environment = async (name) => {
        const found = (await environment.call(world.ports.ledger, name)) as State;
        reads += 1;
        return reads === 1 ? found : ({ ...found, ...given(found) } as EnvironmentState);
      };
      const output = await migrate(world.ports)({ ...task, outage: 'migrates' });
      expect(world.ports.migrations.calls).toEqual([]);
      return output;
    };
    expect(await race(() => ({ lock: undefined }))).toMatchObject(failure('the environment was freed meanwhile', 'of this release'));
    expect(await race(() => ({ weights: { blue: 100 } }))).toMatchObject(failure(/^the ledger has the weights/, 'begun: users have no version'));
    expect(await race(() => ({ outage: undefined }))).toMatchObject({ outcome: 'failed' });
  });

  test('is what the live version does not understand, the first of them; one that brings it does', async () => {
    const world = await out(breaking(), breaking('drop-names'));
    expect(await migrates(world)).toMatchObject({ outcome: 'migrated' });
    const { outage, contracts } = await state(world);
    expect(outage).toMatchObject({ touched: true, started: [NAME, 'drop-names'], against: { name: NAME, breaking: true, release: '1.1.0' } });
    expect(contracts?.map(({ name, finishedAt }) => [name, finishedAt !== undefined])).toEqual([
      [NAME, true],
      ['drop-names', true],
    ]);
    const knows = await out(breaking());
    const before = await knows.release('1.0.0');
    knows.ports.ledger.seed({ ...before, migrations: [breaking()] });
    await migrates(knows);
    expect((await state(knows)).outage).not.toHaveProperty('against');
    const other = await out(breaking());
    other.ports.ledger.seed({ ...(await other.release('1.0.0')), migrations: [breaking()], digest: 'another' });
    await migrates(other);
    expect((await state(other)).outage.against).toMatchObject({ name: NAME });
  });

  test('that broke for another reason breaks whoever asked', async () => {
    const world = await out(breaking());
    world.ports.migrations.call = async () => {
      throw new TypeError('no such thing');
    };
    await expect(migrates(world)).rejects.toThrow('no such thing');
  });
});

describe('users who are kept out', () => {
  test('are told so once more where they had a version, and nothing is written where nothing started', async () => {
    const world = await out(breaking());
    const writes = world.ports.liveRule.writes.length;
    expect(await stays(world)).toEqual({ outcome: 'shifted' });
    expect([world.ports.liveRule.writes.length, (await state(world)).outage.goesBack]).toEqual([writes, true]);
    const moved = await out(breaking());
    await migrates(moved);
    const slot = await moved.task('1.1.0');
    await moveTraffic(moved.ports)({ ...slot, percent: 100 });
    expect(await moved.users()).toBe('green');
    expect(await stays(moved)).toEqual({ outcome: 'shifted' });
    expect(await moved.users()).toBe(OUT);
    const { until } = (await state(moved)).outage;
    expect((await last(moved, 'OutageBegan'))?.detail).toEqual({ colour: 'green', live: '1.0.0', until, says: SAYS, was: { green: 100 }, again: true });
    expect(said(moved, 'users kept out')).toEqual({ ...about, was: { green: 100 } });
  });

  test('are nobody’s where the environment is another’s', async () => {
    const world = await out(breaking());
    const before = await state(world);
    const slot = { ...(await world.task('1.1.0')), execution: 'another' };
    expect(await moveTraffic(world.ports)({ ...slot, outage: 'stays' })).toEqual({ outcome: 'shifted' });
    expect((await state(world)).outage).toEqual(before.outage);
  });
});

describe('what is taken back', () => {
  const failed = (actual: string | RegExp) => ({ outcome: 'failed', failure: { actual: typeof actual === 'string' ? actual : expect.stringMatching(actual) } });

  test('is nothing where nothing started', async () => {
    expect(await undoes(await out(undoable()))).toEqual({ outcome: 'migrated' });
  });

  test('is all of it, and the version before understands the state again', async () => {
    const world = await out(undoable(), undoable('drop-names'));
    await migrates(world);
    expect(await undoes(world)).toEqual({ outcome: 'migrated' });
    const { outage, contracts } = await state(world);
    expect([outage.started, contracts]).toEqual([[], []]);
    expect(outage).not.toHaveProperty('against');
  });

  test('is what of it can be; what is left is what the version before does not understand', async () => {
    const world = await out(breaking(), undoable('drop-names'));
    await migrates(world);
    expect(await undoes(world)).toMatchObject(failed(/not taken back: the release brings nothing that does it/));
    expect((await state(world)).outage).toMatchObject({ started: [NAME], against: { name: NAME } });
    const slots = Object.fromEntries(Object.entries((await state(world)).slots).map(([colour, { migrations: _none, ...slot }]) => [colour, slot]));
    world.ports.ledger.seed({ ...(await state(world)), slots });
    expect(await undoes(world)).toMatchObject(failed(/brings nothing that does it/));
  });

  test('is not where users may have a version, or the environment is another’s', async () => {
    const world = await out(undoable());
    await migrates(world);
    const begun = await state(world);
    const again = async (given: object) => world.ports.ledger.seed({ ...begun, ...given, revision: (await state(world)).revision });
    const slot = await world.task('1.1.0');
    await again({ weights: { green: 100 } });
    expect(await undoes(world)).toMatchObject(failed(/not taken back: users may have a version, the weights are \{"green":100\}, or \{\}/));
    await again({ lock: { ...begun.lock, intended: { green: 100 } } });
    expect(await undoes(world)).toMatchObject(failed(/the weights are \{\}, or \{"green":100\}/));
    await again({ lock: undefined });
    const output = await migrate(world.ports)({ ...slot, outage: 'undoes' });
    expect(output).toMatchObject(failed(/not taken back: the release does not hold the environment any more/));
    expect(world.ports.migrations.calls.filter(({ undo }) => undo)).toEqual([]);
  });

  test('waits for the call that may still run, and comes again where that takes longer than it may', async () => {
    const world = await out(undoable());
    await migrates(world);
    const forward = (await world.ports.ledger.migration('Production', NAME)) as MigrationState;
    world.ports.ledger.seed({ ...forward, call: { owner: 'dead', until: world.ports.clock.later(60) } });
    Object.assign(world.ports, { remainingMilliseconds: () => 1 });
    expect(await undoes(world)).toMatchObject({ outcome: 'migrating', failure: { actual: expect.stringContaining('its call may still run') } });
    expect(world.ports.migrations.calls).toHaveLength(1);
    Object.assign(world.ports, { remainingMilliseconds: () => 900_000 });
    const over = world.ports.clock.later(60);
    expect(await undoes(world)).toEqual({ outcome: 'migrated' });
    expect(world.ports.clock.now() >= over).toBe(true);
    expect((await world.ports.ledger.migration('Production', UNDO))?.status).toBe('finished');
  });
});
