import { evidenceDigest } from '../../lambda/domain/gates/evidence-digest';
import type { Release } from '../../lambda/domain/model';
import { enter } from '../../lambda/handlers/enter';
import { migrate } from '../../lambda/handlers/migrate';
import { reconcile } from '../../lambda/handlers/reconcile';
import { register } from '../../lambda/handlers/register';
import { call } from './api-call';
import { ContractWorld, declared, MANAGER, NAME, PLAN, SUPPORT } from './contract-world';
import { FIREBREAK, session } from './example-gate';
import { snapshot } from './example-path';
import { FAILURE } from './story';

/** Of what happened since this was asked first. */
function newsOf({ ports }: ContractWorld): () => string[] {
  const before = ports.ledger.happened().length;
  return () => ports.ledger.happened().slice(before);
}

describe('a contract', () => {
  test('does not run with its release, which alters the schema all the same', async () => {
    const { ports } = await ContractWorld.ready();
    expect(ports.migrations.calls).toEqual([]);
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ status: 'live', changes: ['altersSchema'], migrations: [declared()] });
  });

  test('is asked for, agreed to, and run once; live and traffic stay as they are', async () => {
    const world = await ContractWorld.ready();
    const { ports } = world;
    const [news, writes, before] = [newsOf(world), ports.liveRule.writes.length, await world.state()];
    const asked = await world.ask();
    expect(asked).toMatchObject({ status: 200, body: { outcome: 'requested', release: '1.1.0', environment: { contract: { state: 'asked', by: MANAGER } } } });
    expect(ports.machines.contracts).toEqual([
      { environment: 'Production', name: expect.stringMatching(/^contract-/), input: { contract: 1, release: '1.1.0' } },
    ]);
    expect(await world.until()).toBe('contract');
    expect((await call(ports, MANAGER, 'GET /status')).body.openGates).toMatchObject([{ gate: 'contract', environment: 'Production', runs: [NAME] }]);
    expect((await world.state()).lock).toBeUndefined();
    await world.accept('1.1.0');
    expect(await world.onwards()).toBe('contracted');
    expect(ports.migrations.calls).toEqual([{ migration: NAME, release: '1.1.0', environment: 'Production' }]);
    expect(news()).toEqual([
      ...['ContractRequested', 'ContractGateOpened', 'DecisionRecorded', 'ContractGatePassed', 'MigrationStarted', 'MigrationFinished', 'ContractFinished'],
    ]);
    const after = await world.state();
    expect(after).toMatchObject({ live: before.live, weights: before.weights, contracts: [{ name: NAME, release: '1.1.0', finishedAt: ports.clock.now() }] });
    expect([after.lock, after.contracting, ports.liveRule.writes.length]).toEqual([undefined, undefined, writes]);
    expect((await call(ports, MANAGER, 'GET /status')).body.environments[0].contract).toBeUndefined();
  });

  test('holds the environment while it runs, and is said to', async () => {
    const world = await ContractWorld.ready();
    const seen: unknown[] = [];
    world.ports.migrations.meanwhile = async () => {
      const { lock, contracts } = await world.state();
      const { environments } = (await call(world.ports, MANAGER, 'GET /status')).body;
      seen.push({ lock, contracts, contract: environments[0].contract, lockedBy: environments[0].lockedBy });
    };
    await world.contracted('1.1.0');
    expect(seen).toMatchObject([
      {
        lock: { release: '1.1.0', contract: true, shifted: false },
        contracts: [{ name: NAME }],
        contract: { migrations: [NAME], state: 'running' },
        lockedBy: '1.1.0',
      },
    ]);
  });

  test('runs without a question where nobody is asked about going live', async () => {
    const [plan] = PLAN;
    const world = new ContractWorld([{ ...(plan as (typeof PLAN)[number]), goNoGo: undefined, earlyLifeSupportSeconds: undefined }]);
    await (await world.live('1.0.0')).live('1.1.0', declared());
    expect(await world.contracted('1.1.0')).toBe('contracted');
  });

  test('that another asks for while it waits is the same one', async () => {
    const world = await ContractWorld.ready();
    await world.ask();
    const news = newsOf(world);
    expect(await world.ask()).toMatchObject({ status: 200, body: { outcome: 'waits' } });
    expect([news(), world.ports.machines.contracts.length]).toEqual([[], 1]);
  });

  test('that is not done is called again, over several runs of the function', async () => {
    const world = await ContractWorld.ready();
    world.ports.migrations.scripted.push({ answer: { done: false, next: 7 } }, { answer: { done: false, next: 8 } });
    expect(await world.contracted('1.1.0')).toBe('contracted');
    expect(world.ports.migrations.calls.map(({ next }) => next)).toEqual([undefined, 7, 8]);
  });
});

describe('a version on its way once more, whose contract is asked about', () => {
  /** 1.1.0 waits at the firebreak in front of Production, and at the contract in Production. */
  const twice = async () => {
    const world = await ContractWorld.ready();
    const { ports } = world;
    await world.ask();
    await world.until();
    const gate = await ports.ledger.gate('1.1.0', 'Production', 'contract');
    if (!gate) throw new Error('nobody is asked');
    const { parties, releaseManagers, resumes } = FIREBREAK;
    const firebreak = { ...gate, revision: 0, gate: 'firebreak', parties, releaseManagers, resumes, token: 'at the firebreak', runs: undefined } as const;
    const { ledger } = ports;
    const release = (await ledger.release('1.1.0')) as Release;
    ledger.seed({ ...firebreak, evidenceDigest: evidenceDigest(release, 'Production', 'firebreak') });
    const decisions = async () => (await ledger.gates('1.1.0')).map(({ gate: kind, decisions: said }) => [kind, said.length]).sort();
    const says = (who: string, more: object) =>
      call(ports, session(who), 'POST /releases/1.1.0/decisions', {
        environment: 'Production',
        decision: 'accept',
        reason: 'I looked',
        digest: release.digest,
        ...more,
      });
    return { world, decisions, says };
  };

  test('is decided about where it is said', async () => {
    const { world, decisions, says } = await twice();
    const before = snapshot(world.ports);
    const which = /waits at .*the contract in Production.*; say which of them you mean: --gate .*contract/;
    expect(await says('ChangeAuthority', {})).toMatchObject({ status: 400, body: { code: 'WhichGate', message: expect.stringMatching(which) } });
    expect(await says('ChangeAuthority', { gate: 'both' })).toMatchObject({ status: 400, body: { code: 'BadInput' } });
    expect(await says('ChangeAuthority', { gate: 'firebreak' })).toMatchObject({ status: 403, body: { code: 'NotInParty' } });
    expect(snapshot(world.ports)).toEqual(before);
    expect((await says('Security', { gate: 'firebreak' })).status).toBe(200);
    expect(await decisions()).toContainEqual(['firebreak', 1]);
    expect(await decisions()).toContainEqual(['contract', 0]);
    expect((await says('ChangeAuthority', { gate: 'contract' })).status).toBe(200);
    expect(await world.onwards()).toBe('contracted');
  });

  test('is resumed at its firebreak', async () => {
    const { world, says } = await twice();
    await says('OnCall', { gate: 'firebreak' });
    await says('Product', { gate: 'firebreak', party: 'product' });
    await says('Security', { gate: 'firebreak' });
    expect(await call(world.ports, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production' })).toMatchObject({ status: 200 });
    expect(world.ports.machines.answers).toContainEqual({ token: 'at the firebreak', answer: { success: { outcome: 'passed' } } });
    expect((await world.ports.ledger.gate('1.1.0', 'Production', 'contract'))?.status).toBe('open');
  });
});

test('nobody is asked any more about the contract of a version that was rolled back; its machine is told, and ends quietly', async () => {
  const world = await ContractWorld.ready();
  await world.ask();
  await world.until();
  expect(await world.rollBack()).toMatchObject({ status: 200, body: { outcome: 'rolledBack' } });
  expect((await world.state()).contracting).toBeUndefined();
  expect((await world.ports.ledger.gate('1.1.0', 'Production', 'contract'))?.status).toBe('void');
  expect(world.told()).toMatchObject({ outcome: 'refused', failure: { actual: expect.stringContaining('rolled it back: wrong amounts') } });
  expect((await world.accept('1.1.0')).body.code).toBe('NotOpen');
  const tickets = await world.ports.ledger.tickets();
  expect(await world.onwards()).toBe('stopped');
  expect(await world.ports.ledger.tickets()).toEqual(tickets);
  const before = snapshot(world.ports);
  expect(await world.rollBack()).toMatchObject({ body: { outcome: 'rolledBackBefore' } });
  expect(snapshot(world.ports)).toEqual(before);
});

describe('the version is rolled back when its contract', () => {
  const begun = async () => {
    const world = await ContractWorld.ready();
    await world.ask();
    await world.until();
    await world.accept('1.1.0');
    const task = { ...world.task(), colour: (await world.state()).live?.colour ?? '' };
    expect(await enter(world.ports)({ ...world.task(), contract: 'begins' })).toMatchObject({ outcome: 'entered' });
    return { world, task };
  };

  test('has the environment, and nothing has started: it gives way, and its machine calls nothing any more', async () => {
    const { world, task } = await begun();
    expect(await world.rollBack()).toMatchObject({ status: 200, body: { outcome: 'rolledBack' } });
    const state = await world.state();
    expect([state.live?.version, state.lock, state.contracting, state.goingBack]).toEqual(['1.0.0', undefined, undefined, undefined]);
    expect(await migrate(world.ports)({ ...task, contract: 'runs' })).toMatchObject({ outcome: 'failed', failure: { actual: 'nobody holds it' } });
    expect(world.ports.migrations.calls).toEqual([]);
    const before = snapshot(world.ports);
    expect(await world.stops(FAILURE)).toBe('stopped');
    expect(snapshot(world.ports)).toEqual(before);
  });

  test('starts in the same instant: of the two one sees the other', async () => {
    const { world, task } = await begun();
    world.ports.ledger.raceNextCommit(async () => void (await migrate(world.ports)({ ...task, contract: 'runs' })));
    expect(await world.rollBack()).toMatchObject({ status: 409, body: { code: 'CannotRollBack' } });
    expect([(await world.state()).live?.version, world.ports.migrations.calls.length]).toEqual(['1.1.0', 1]);
  });

  test('goes on where nothing of what would be rolled back to is healthy: that would be refused all the same; where nobody can tell, it gives way', async () => {
    const { world } = await begun();
    const before = await world.state();
    const target = before.slots[before.previous?.colour ?? '']?.targetGroupArn ?? '';
    world.ports.targets.unhealthy.add(target);
    const message = expect.stringMatching(/expected at least one healthy target, found slot \w+ with 1\.0\.0 has none: .*; the contract of 1\.1\.0 goes on$/);
    expect(await world.rollBack()).toMatchObject({ status: 409, body: { code: 'CannotRollBack', message } });
    expect(await world.state()).toEqual(before);
    world.ports.targets.healthy = async () => {
      throw new Error('AccessDenied');
    };
    await world.rollBack();
    expect((await world.state()).contracting).toBeUndefined();
  });

  test('has given way, and the roll back has died: nobody comes in between, and asked for again it goes on', async () => {
    const { world } = await begun();
    const writer = world.ports.machines.rollingBack;
    world.ports.machines.rollingBack = async () => {
      throw new Error('the writer is away');
    };
    expect((await world.rollBack()).status).toBe(500);
    expect((await world.state()).goingBack).toMatchObject({ reason: 'wrong amounts' });
    expect((await world.ask()).body).toMatchObject({ code: 'RollingBack' });
    world.ports.machines.rollingBack = writer;
    expect(await world.rollBack()).toMatchObject({ status: 200, body: { outcome: 'rolledBack' } });
  });
});

describe('asked for again', () => {
  test('for a version that is live since, it takes the place of the one that waits, whose machine is told and ends quietly', async () => {
    const world = await ContractWorld.ready();
    await world.ask();
    await world.until();
    const first = world.execution;
    await world.live('1.2.0', declared());
    world.ports.clock.advance(SUPPORT);
    expect(await world.ask()).toMatchObject({ status: 200, body: { outcome: 'requested', release: '1.2.0' } });
    expect(world.told(first)).toMatchObject({ outcome: 'refused', failure: { actual: expect.stringContaining('asked for the contract of 1.2.0') } });
    expect(await world.onwards(world.ports, first)).toBe('stopped');
    expect(await world.ports.ledger.tickets()).toEqual([]);
    expect((await world.state()).contracting?.release).toBe('1.2.0');
  });

  test('where releases come by a machine of a team’s own, that of the environment registers none for it', async () => {
    const world = await ContractWorld.ready();
    world.ports.plans.plans = PLAN.map((plan) => ({ ...plan, ownMachine: 'ShopPath' }));
    await world.ask();
    expect(world.ports.machines.contracts).toMatchObject([{ input: { contract: 1, release: '1.1.0', path: world.execution, submission: {} } }]);
    const input = { ...world.task(), path: world.execution, submission: {} };
    const before = snapshot(world.ports);
    expect(await register(world.ports)(input)).toEqual({ outcome: 'contract' });
    expect(snapshot(world.ports)).toEqual(before);
    expect(await register(world.ports)({ ...input, execution: 'another' })).toMatchObject({ outcome: 'refused' });
  });

  test('an execution that nobody asked for asks nobody and runs nothing', async () => {
    const world = await ContractWorld.ready();
    const execution = world.ports.machines.contractArn('Production', 'by-hand');
    const task = { environment: 'Production', release: '1.1.0', execution };
    expect(await enter(world.ports)({ ...task, machine: 'x' })).not.toMatchObject({ outcome: 'contract' });
    expect(await enter(world.ports)({ ...task, contract: 'begins' })).toMatchObject({ outcome: 'stopped', failure: { expected: 'still asked for' } });
    expect((await world.state()).lock).toBeUndefined();
  });
});

test('where the safety net did not hear of it, ptl recover does the same; not while its machine runs', async () => {
  for (const begun of [false, true]) {
    const world = await ContractWorld.ready();
    const { ports } = world;
    await world.ask();
    await world.until();
    if (begun) {
      await world.accept('1.1.0');
      await enter(ports)({ ...world.task(), contract: 'begins' });
    }
    const recover = () => call(ports, MANAGER, 'POST /environments/Production/recover', { reason: 'INC0042' });
    if (begun) {
      const before = snapshot(ports);
      expect(await recover()).toMatchObject({ status: 409, body: { code: 'InFlight', message: expect.stringContaining('the contract of 1.1.0 runs') } });
      expect(snapshot(ports)).toEqual(before);
    }
    ports.machines.dead.set(world.execution, { how: 'ABORTED' });
    expect((await recover()).body.done).toContainEqual('stopped the contract of 1.1.0; what has started there stays started');
    expect([(await world.state()).lock, (await world.state()).contracting]).toEqual([undefined, undefined]);
    expect(await ports.ledger.tickets()).toMatchObject([{ actual: expect.stringContaining('INC0042') }]);
    expect(await world.contracted('1.1.0')).toBe('contracted');
  }
});

test('the safety net frees an environment whose contract died, with a ticket, wherever it was', async () => {
  for (const begun of [false, true]) {
    const world = await ContractWorld.ready();
    await world.ask();
    await world.until();
    if (begun) {
      await world.accept('1.1.0');
      await enter(world.ports)({ ...world.task(), contract: 'begins' });
    }
    const rule = world.ports.liveRule.snapshot();
    const detail = { executionArn: world.execution, status: 'ABORTED', input: '{"contract":1,"release":"1.1.0"}' };
    const died = { detail } as Parameters<ReturnType<typeof reconcile>>[0];
    await reconcile(world.ports)(died);
    await reconcile(world.ports)(died);
    expect(await world.state()).toMatchObject({ live: { version: '1.1.0' }, previous: { version: '1.0.0' } });
    expect([(await world.state()).lock, (await world.state()).contracting]).toEqual([undefined, undefined]);
    expect(await world.ports.ledger.tickets()).toMatchObject([{ count: 1, step: 'Leave Production to the safety net' }]);
    expect((await world.ports.ledger.gate('1.1.0', 'Production', 'contract'))?.status).toBe(begun ? 'passed' : 'void');
    expect(await world.ports.ledger.release('1.1.0')).toMatchObject({ status: 'live', reached: { Production: 'live' } });
    expect(world.ports.liveRule.snapshot()).toEqual(rule);
    // Free for the next one.
    expect(await world.contracted('1.1.0')).toBe('contracted');
  }
});
