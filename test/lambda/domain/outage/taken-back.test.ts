import type { DeclaredMigration } from '../../../../lambda/contract';
import type { EnvironmentState, MigrationState, StartedContract } from '../../../../lambda/domain/model';
import { migrate } from '../../../../lambda/handlers/migrate';
import { moveTraffic } from '../../../../lambda/handlers/move-traffic';
import { exampleRelease, exampleSlot } from '../../example-path';
import { breaking, MANAGER, NAME, OutageWorld, undoable } from '../../outage-world';

const UNDO = `undo.${NAME}`;
const at = async (world: OutageWorld, outage: 'migrates' | 'undoes') => migrate(world.ports)({ ...(await world.task('1.1.0')), outage });
const forward = async (world: OutageWorld) => (await world.ports.ledger.migration('Production', NAME)) as MigrationState;
const change = async (world: OutageWorld, given: Partial<EnvironmentState>) => world.ports.ledger.seed({ ...(await world.state()), ...given });

/** Users are out for 1.1.0, and nothing has been migrated. */
async function out(...migrations: readonly DeclaredMigration[]): Promise<OutageWorld> {
  const world = await OutageWorld.with(...migrations);
  await world.untilAsked('1.1.0');
  await world.agree('1.1.0');
  expect(await moveTraffic(world.ports)({ ...(await world.task('1.1.0')), outage: 'begins' })).toEqual({ outcome: 'shifted' });
  return world;
}

describe('while users are out, nothing that changes their state begins', () => {
  const nothing = async (world: OutageWorld, actual: string) => {
    const failure = { step: 'Migrate the shared state of Production in the outage', actual };
    expect(await at(world, 'migrates')).toMatchObject({ outcome: 'failed', failure });
    expect(world.ports.migrations.calls).toEqual([]);
  };

  test('when a person wants it rolled back', async () => {
    const world = await out(breaking());
    await change(world, { rollBackRequested: { by: MANAGER, reason: 'enough', at: world.ports.clock.now() } });
    await nothing(world, `${MANAGER} asked for it: enough`);
  });

  test('when the way back has begun', async () => {
    const world = await out(breaking());
    const { outage } = await world.state();
    await change(world, { outage: outage && { ...outage, goesBack: true } });
    await nothing(world, 'the way back has begun: this is a call that came late');
  });

  test('when its time is up', async () => {
    const world = await out(breaking());
    const { outage } = await world.state();
    world.ports.clock.advance(1_801);
    await nothing(world, `it is ${world.ports.clock.now()}: the outage of 1.1.0 began at ${outage?.beganAt}`);
  });
});

describe('a migration that is taken back', () => {
  test('has neither finished nor failed from the first call on that takes it back, and goes on from its beginning', async () => {
    const world = await out(undoable());
    world.ports.migrations.scripted.push({ answer: { done: false, next: 3 } }, { error: 'table is locked' });
    expect(await at(world, 'migrates')).toMatchObject({ outcome: 'failed' });
    expect(await forward(world)).toMatchObject({ status: 'failed', next: '3', failure: { actual: 'table is locked' } });
    const seen: MigrationState[] = [];
    world.ports.migrations.meanwhile = async () => void seen.push(await forward(world));
    world.ports.migrations.calls.length = 0;
    expect(await at(world, 'undoes')).toEqual({ outcome: 'migrated' });
    expect(world.ports.migrations.calls).toEqual([{ migration: NAME, release: '1.1.0', environment: 'Production', undo: true }]);
    for (const each of [...seen, await forward(world)]) {
      expect(each.status).toBe('undone');
      expect(Object.keys(each)).not.toEqual(expect.arrayContaining(['next']));
      expect(each).not.toHaveProperty('failure');
    }
    expect(seen).toHaveLength(1);
    expect(await world.ports.ledger.migration('Production', UNDO)).toMatchObject({ status: 'finished' });
  });

  test('that had finished is one that has only started, until all of it is taken back', async () => {
    const world = await out(undoable());
    await at(world, 'migrates');
    const seen: unknown[] = [];
    world.ports.migrations.meanwhile = async () => void seen.push((await world.state()).contracts);
    const [finished] = (await world.state()).contracts ?? [];
    expect(finished).toHaveProperty('finishedAt');
    await at(world, 'undoes');
    expect(seen).toEqual([[expect.not.objectContaining({ finishedAt: expect.anything() })]]);
    expect((await world.state()).contracts).toEqual([]);
  });

  test('while the environment does not know of it any more is called all the same, and marks nothing else', async () => {
    const world = await out(undoable());
    await at(world, 'migrates');
    const task = await world.task('1.1.0');
    const { environment } = world.ports.ledger;
    let reads = 0;
    const put: unknown[] = [];
    world.ports.ledger.environment = async (name) => {
      const found = await environment.call(world.ports.ledger, name);
      reads += 1;
      return reads === 1 || !found.outage ? found : { ...found, outage: { ...found.outage, started: [] } };
    };
    world.ports.migrations.meanwhile = async () => {
      world.ports.ledger.environment = environment;
      put.push((await world.state()).contracts, (await forward(world)).status);
    };
    await migrate(world.ports)({ ...task, outage: 'undoes' }).catch(() => undefined);
    expect(put).toEqual([[expect.objectContaining({ name: NAME, finishedAt: expect.any(String) })], 'finished']);
  });
});

describe('versions that were live before', () => {
  const held = { colour: 'blue', version: '0.9.0', digest: 'digest-of-0.9.0' };
  const old: StartedContract = { name: 'drop-old', release: '0.8.0', startedAt: '2026-01-01T00:00:00.000Z' };
  const marked = async ({ previous, previousTaken }: EnvironmentState) => [previous?.contract?.name, previousTaken?.contract?.name];

  /** 0.9.0 was live before 1.0.0, in a slot, or had its slot taken. */
  async function known(given: Partial<Pick<EnvironmentState, 'contracts'>> = {}, knows: readonly DeclaredMigration[] = []): Promise<OutageWorld> {
    const world = await out(undoable());
    const { slots } = await world.state();
    world.ports.ledger.seed(exampleRelease('0.9.0', world.plan, { status: 'live', migrations: knows }));
    const red = exampleSlot('0.9.0', 'Payments-Production-Red');
    const previous = { ...held, colour: 'red' };
    await change(world, { slots: { ...slots, red }, previous, previousTaken: { ...held, by: '1.0.0', at: world.ports.clock.now() }, ...given });
    return world;
  }

  test('do not understand the state while it is migrated, and do again when that is taken back', async () => {
    const world = await known();
    await at(world, 'migrates');
    expect(await marked(await world.state())).toEqual([NAME, NAME]);
    await at(world, 'undoes');
    expect(await marked(await world.state())).toEqual([undefined, undefined]);
  });

  test('are targets all along where they bring it themselves', async () => {
    const world = await known({}, [breaking()]);
    await at(world, 'migrates');
    expect(await marked(await world.state())).toEqual([undefined, undefined]);
  });

  test('do not understand what else has started that they do not bring', async () => {
    const world = await known({ contracts: [old] });
    await at(world, 'migrates');
    expect(await marked(await world.state())).toEqual([NAME, NAME]);
    await at(world, 'undoes');
    expect(await marked(await world.state())).toEqual(['drop-old', 'drop-old']);
    expect((await world.state()).contracts).toEqual([old]);
  });
});
