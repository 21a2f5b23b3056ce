import { machineShape } from '../../lambda/contract';
import type { MigrationState } from '../../lambda/domain/model';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { breaking, NAME, OutageWorld, PLAN, SAYS, undoable } from './outage-world';

test('a release for which a firebreak was off, since what it brings had run, begins no outage when another has taken that back', async () => {
  const [production] = PLAN as [(typeof PLAN)[0]];
  const firebreak = { parties: [], when: ['needsManualTest'], resumes: 'byReleaseManager' as const, releaseManagers: [], timeoutSeconds: 60 };
  const world = new OutageWorld([{ ...production, firebreak }] as unknown as typeof PLAN);
  await world.walk.through('1.0.0');
  const ran: MigrationState = { ...(await ranIn(world)), status: 'finished', endedAt: world.ports.clock.now() };
  world.ports.ledger.seed(ran);
  await world.submit('1.2.0', undoable());
  expect((await world.release('1.2.0')).changes).toEqual([]);
  world.ports.ledger.seed({ ...ran, status: 'undone' });
  await world.untilAsked('1.2.0');
  await world.agree('1.2.0');
  expect(await world.onwards('1.2.0')).toMatchObject({
    outcome: 'stopped',
    failure: { subject: 'the firebreak in front of Production', actual: 'never opened' },
  });
  expect(await world.users()).toBe('blue');
});

test('a release that goes by steps gives no users of an outage the version that may not understand the state', async () => {
  const world = await OutageWorld.with(breaking());
  await world.through('1.1.0', 'test');
  await world.submit('1.2.0', breaking());
  const [plan] = world.plan as [(typeof PLAN)[0]];
  expect(await enter(world.ports)({ ...(await world.task('1.2.0')), machine: machineShape(plan) })).toMatchObject({ outcome: 'entered' });
  const slot = await world.task('1.2.0');
  await deploy(world.ports)(slot);
  const { goNoGo: _asked, ...unasked } = plan;
  world.ports.ledger.seed({ ...(await world.release('1.2.0')), plan: [unasked] });
  expect(await moveTraffic(world.ports)({ ...slot, percent: 10 })).toMatchObject({
    outcome: 'refused',
    failure: { subject: 'the outage of Production', actual: expect.stringMatching(/1\.0\.0 may not understand .*: let Production have plannedOutage/) },
  });
  expect(await world.users()).toBe(`503 ${SAYS}`);
});

test('what was live before users were taken out does not pass by as live, once more on its way', async () => {
  const world = await OutageWorld.with(breaking());
  await world.through('1.1.0', 'test');
  world.ports.ledger.seed({ ...(await world.release('1.0.0')), status: 'submitted' });
  const [plan] = world.plan as [(typeof PLAN)[0]];
  const entered = await enter(world.ports)({ ...(await world.task('1.0.0')), machine: machineShape(plan) });
  expect(entered).toMatchObject({ outcome: 'stopped', failure: { subject: `the breaking migration ${NAME} of Production` } });
});

async function ranIn(world: OutageWorld): Promise<MigrationState> {
  const { execution } = await world.task('1.0.0');
  const startedAt = world.ports.clock.now();
  const about = { kind: 'migration', revision: 0, environment: 'Production', name: NAME, migration: 'breaking', content: 'c1' } as const;
  return { ...about, status: 'started', release: '1.1.0', execution, startedAt, calls: 1 };
}
