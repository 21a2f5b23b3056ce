import type { DeclaredMigration } from '../../../../lambda/contract';
import type { EnvironmentState, Gate, MigrationState } from '../../../../lambda/domain/model';
import { migrate } from '../../../../lambda/handlers/migrate';
import { moveTraffic } from '../../../../lambda/handlers/move-traffic';
import { opened } from '../../example-gate';
import { breaking, NAME, OutageWorld, undoable } from '../../outage-world';

const UNDO = `undo.${NAME}`;
type State = EnvironmentState & { readonly outage: NonNullable<EnvironmentState['outage']> };
const begins = async (world: OutageWorld, version: string) => moveTraffic(world.ports)({ ...(await world.task(version)), outage: 'begins' });
const state = async (world: OutageWorld) => (await world.state()) as State;

async function agreed(...migrations: readonly DeclaredMigration[]): Promise<OutageWorld> {
  const world = await OutageWorld.with(...migrations);
  await world.untilAsked('1.1.0');
  await world.agree('1.1.0');
  return world;
}

/** 1.1.0 has left users without a version, and people have agreed to 1.2.0. */
async function leftTo(...migrations: readonly DeclaredMigration[]): Promise<OutageWorld> {
  const world = await OutageWorld.with(...migrations);
  if (migrations[0]?.undoable) world.ports.migrations.scripted.push({ answer: { done: true } }, { error: 'cannot' });
  await world.through('1.1.0', 'test');
  await world.submit('1.2.0', ...migrations);
  await world.untilAsked('1.2.0');
  await world.agree('1.2.0');
  return world;
}

describe('a release that takes over an outage', () => {
  test('goes on with what has started, and with whom that is against, by a time of its own', async () => {
    const world = await leftTo(breaking());
    const before = (await state(world)).outage;
    expect(before.against).toMatchObject({ name: NAME });
    world.ports.clock.advance(86_400);
    expect(await begins(world, '1.2.0')).toEqual({ outcome: 'shifted' });
    const { outage } = await state(world);
    expect(outage).toMatchObject({ release: '1.2.0', beganAt: before.beganAt, started: before.started, against: before.against });
    expect(outage.until > before.until).toBe(true);
  });

  test('begins under a freeze, where users are out; where they are not, it does not', async () => {
    const freeze = { by: 'arn:release-manager', reason: 'Black Friday', at: '2026-01-05T09:00:00.000Z' };
    const out = await leftTo(breaking());
    out.ports.ledger.seed({ ...(await out.state()), freeze });
    expect(await begins(out, '1.2.0')).toEqual({ outcome: 'shifted' });
    const served = await agreed(breaking());
    served.ports.ledger.seed({ ...(await served.state()), freeze });
    expect(await begins(served, '1.1.0')).toMatchObject({ outcome: 'refused', failure: { subject: 'the freeze of Production' } });
  });

  test('begins nothing while a call may still run that takes back for a machine that has died', async () => {
    const world = await leftTo(undoable());
    expect(await begins(world, '1.2.0')).toEqual({ outcome: 'shifted' });
    const left = (await world.ports.ledger.migration('Production', UNDO)) as MigrationState;
    world.ports.ledger.seed({ ...left, status: 'started', call: { owner: 'dead', until: world.ports.clock.later(240) } });
    world.ports.migrations.calls.length = 0;
    Object.assign(world.ports, { remainingMilliseconds: () => 1 });
    const slot = await world.task('1.2.0');
    expect(await migrate(world.ports)({ ...slot, outage: 'migrates' })).toMatchObject({ outcome: 'migrating' });
    expect(world.ports.migrations.calls).toEqual([]);
  });
});

describe('what people agree to', () => {
  test('is found among all that they were asked, here and elsewhere', async () => {
    const world = await agreed(breaking());
    const [own] = (await world.ports.ledger.gates('1.1.0')) as [Gate];
    const others = [opened({ status: 'passed' }), opened({ environment: 'Integration', status: 'passed' }, 'goNoGo')];
    const { gates } = world.ports.ledger;
    world.ports.ledger.gates = async () => [...others, own];
    expect(await begins(world, '1.1.0')).toEqual({ outcome: 'shifted' });
    world.ports.ledger.gates = gates;
  });
});

describe('what is taken back', () => {
  test('is not called for where the environment was freed in the instant before', async () => {
    const world = await agreed(undoable());
    await begins(world, '1.1.0');
    const slot = await world.task('1.1.0');
    await migrate(world.ports)({ ...slot, outage: 'migrates' });
    const calls = world.ports.migrations.calls.length;
    const { environment } = world.ports.ledger;
    let reads = 0;
    world.ports.ledger.environment = async (name) => {
      const { lock, ...free } = await environment.call(world.ports.ledger, name);
      reads += 1;
      return reads === 1 ? { ...free, lock } : free;
    };
    expect(await migrate(world.ports)({ ...slot, outage: 'undoes' })).toMatchObject({
      outcome: 'failed',
      failure: {
        subject: `migration ${NAME}`,
        actual: expect.stringMatching(/not taken back: the release does not hold the environment any more/),
      },
    });
    expect(world.ports.migrations.calls).toHaveLength(calls);
  });

  test('breaks whoever asked where it breaks for another reason', async () => {
    const world = await agreed(undoable());
    await begins(world, '1.1.0');
    const slot = await world.task('1.1.0');
    await migrate(world.ports)({ ...slot, outage: 'migrates' });
    world.ports.migrations.call = async () => {
      throw new TypeError('no such thing');
    };
    await expect(migrate(world.ports)({ ...slot, outage: 'undoes' })).rejects.toThrow('no such thing');
  });

  test('that an outage does not know of when it is over is told, and recorded nowhere', async () => {
    const world = await agreed(undoable());
    await begins(world, '1.1.0');
    const slot = await world.task('1.1.0');
    await migrate(world.ports)({ ...slot, outage: 'migrates' });
    world.ports.migrations.meanwhile = async () => {
      const now = await state(world);
      world.ports.ledger.seed({ ...now, outage: { ...now.outage, started: [] } });
    };
    await expect(migrate(world.ports)({ ...slot, outage: 'undoes' })).rejects.toThrow(`${UNDO} is over, and the outage of Production does not know of it`);
  });
});
