import { ContractWorld, MANAGER, NAME, PLAN } from '../../contract-world';
import { FIREBREAK, role, session } from '../../example-gate';

test('who asks for a contract, and for what, is recorded before its machine starts', async () => {
  const world = await ContractWorld.ready();
  const { ports } = world;
  await world.ask(MANAGER, 'Production', ' nobody needs it ');
  const { live, contracting } = await world.state();
  expect(contracting).toMatchObject({ by: MANAGER, reason: 'nobody needs it', at: ports.clock.now(), execution: world.execution, release: '1.1.0' });
  expect(contracting?.migrations.map(({ name }) => name)).toEqual([NAME]);
  const { what, release, who, why, detail } = ports.bus.published.at(-1) ?? {};
  expect({ what, release, who, why, detail }).toEqual({
    what: 'ContractRequested',
    release: '1.1.0',
    who: MANAGER,
    why: 'nobody needs it',
    detail: { colour: live?.colour, execution: world.execution, migrations: [NAME] },
  });
});

test('asked for again after a crash before its machine started, the very execution is started', async () => {
  const world = await ContractWorld.ready();
  world.ports.machines.away = new Error('Step Functions is away');
  expect((await world.ask()).status).toBeGreaterThanOrEqual(500);
  world.ports.machines.away = undefined;
  const { contracting } = await world.state();
  expect((await world.ask()).body).toMatchObject({ outcome: 'waits', release: '1.1.0', environment: { environment: 'Production' } });
  expect(world.execution).toBe(contracting?.execution);
  expect(world.ports.machines.contracts).toEqual([{ environment: 'Production', name: expect.any(String), input: { contract: 1, release: '1.1.0' } }]);
});

test('where release managers are named nobody else asks, and is told whom to ask; elsewhere whoever may call the route does', async () => {
  const developer = session('Developer');
  const of = async (firebreak: (typeof PLAN)[0]['firebreak']) => {
    const world = new ContractWorld(PLAN.map((plan) => ({ ...plan, firebreak })));
    await (await world.live('1.0.0')).live('1.1.0', { name: NAME, kind: 'contract', content: 'c1' });
    world.ports.clock.advance(14 * 86_400);
    return world;
  };
  const firebreak = { ...FIREBREAK, when: ['altersTheWorld'] };
  const managers = [role('ReleaseManager'), role('Deputy')];
  const message = `${developer} is no release manager of Production; ask one of ${role('ReleaseManager')}, ${role('Deputy')}`;
  expect(await (await of({ ...firebreak, releaseManagers: managers })).ask(developer)).toEqual({ status: 403, body: { code: 'NotReleaseManager', message } });
  for (const open of [undefined, { ...firebreak, releaseManagers: [] }]) {
    expect(await (await of(open)).ask(developer)).toMatchObject({ status: 200, body: { outcome: 'requested' } });
  }
});

test('one that people were asked about and have decided is not told again when another takes its place', async () => {
  const world = await ContractWorld.ready();
  await world.ask();
  await world.until();
  await world.accept('1.1.0');
  const answers = world.ports.machines.answers.length;
  await world.live('1.2.0', { name: NAME, kind: 'contract', content: 'c1' });
  world.ports.clock.advance(14 * 86_400);
  expect((await world.ask()).body).toMatchObject({ outcome: 'requested', release: '1.2.0' });
  expect(await world.ports.ledger.gate('1.1.0', 'Production', 'contract')).toMatchObject({ status: 'passed' });
  expect(world.ports.machines.answers.slice(answers).filter(({ token }) => token.includes('contract'))).toEqual([]);
});
