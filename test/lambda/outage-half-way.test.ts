import type { StartedRunner } from '../../lambda/contract';
import type { MigrationState } from '../../lambda/domain/model';
import { migrate } from '../../lambda/handlers/migrate';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { dyingPorts } from './dying-ports';
import { breaking, NAME, OutageWorld, undoable } from './outage-world';

const UNDO = `undo.${NAME}`;
const BUILD: StartedRunner = { kind: 'codeBuildProject', project: 'project', timeoutSeconds: 600 };

describe('what was taken back half way', () => {
  test('is taken back from its beginning when it has run again', async () => {
    const world = await OutageWorld.with(undoable());
    world.ports.migrations.scripted.push({ answer: { done: true } }, { answer: { done: false, next: 3 } }, { error: 'cannot' });
    expect(await world.through('1.1.0', 'test')).toMatchObject({ outcome: 'stopped' });
    await world.submit('1.2.0', undoable());
    world.ports.migrations.calls.length = 0;
    expect(await world.through('1.2.0', 'test')).toMatchObject({ outcome: 'rolledBack' });
    expect(world.ports.migrations.calls.map(({ undo, next }) => [undo, next])).toEqual([
      [undefined, undefined],
      [true, undefined],
    ]);
  });

  test('does not run again before the call is over that takes it back, for a machine that died', async () => {
    const world = await OutageWorld.with(undoable());
    world.ports.migrations.scripted.push({ answer: { done: true } }, { error: 'cannot' });
    await world.through('1.1.0', 'test');
    const over = world.ports.clock.later(240);
    const left = (await world.ports.ledger.migration('Production', UNDO)) as MigrationState;
    world.ports.ledger.seed({ ...left, status: 'started', call: { owner: 'a machine that died', until: over } });
    await world.submit('1.2.0', undoable());
    const began: string[] = [];
    world.ports.migrations.meanwhile = () => void began.push(world.ports.clock.now());
    expect(await world.through('1.2.0')).toEqual({ outcome: 'live' });
    expect([began.length, (began[0] as string) >= over]).toEqual([1, true]);
  });
});

/** The outage for 1.1.0 has begun, whose migration is a build; nothing has run yet. */
async function usersAreOut() {
  const world = new OutageWorld();
  await world.walk.through('1.0.0');
  world.runner = BUILD;
  await world.submit('1.1.0', breaking());
  await world.untilAsked('1.1.0');
  await world.agree('1.1.0');
  const slot = await world.task('1.1.0');
  await moveTraffic(world.ports)({ ...slot, outage: 'begins' });
  return { world, slot };
}

test('a migration that was written down and never started is not started on the way back', async () => {
  const { world, slot } = await usersAreOut();
  await migrate(dyingPorts(world.ports, 1, 'before'))({ ...slot, outage: 'migrates' }).catch(() => undefined);
  expect(await world.ports.ledger.migration('Production', NAME)).toMatchObject({ status: 'started', run: expect.not.objectContaining({ id: '' }) });
  world.ports.clock.advance(90);
  expect(await world.goesBack('1.1.0')).toMatchObject({ outcome: 'stopped' });
  expect(world.ports.migrations.runs).toEqual([]);
});

test('a task or a build that ends on the way back has finished, and no release has to bring it for ever', async () => {
  const { world, slot } = await usersAreOut();
  let remaining = 900_000;
  Object.assign(world.ports, { remainingMilliseconds: () => remaining });
  world.ports.migrations.meanwhile = () => {
    remaining = 20_000;
  };
  expect(await migrate(world.ports)({ ...slot, outage: 'migrates' })).toMatchObject({ outcome: 'migrating' });
  world.ports.migrations.meanwhile = undefined;
  remaining = 900_000;
  expect(await world.goesBack('1.1.0')).toMatchObject({ outcome: 'stopped' });
  expect((await world.ports.ledger.migration('Production', NAME))?.status).toBe('finished');
  expect((await world.state()).contracts).toEqual([expect.objectContaining({ name: NAME, finishedAt: expect.any(String) })]);
});
