import { evidenceDigest } from '../../lambda/domain/gates/evidence-digest';
import type { Release } from '../../lambda/domain/model';
import { enter } from '../../lambda/handlers/enter';
import { migrate } from '../../lambda/handlers/migrate';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { reconcile } from '../../lambda/handlers/reconcile';
import { register } from '../../lambda/handlers/register';
import { call } from './api-call';
import { ContractWorld, declared, MANAGER, NAME, PLAN, SUPPORT } from './contract-world';
import { FIREBREAK, session } from './example-gate';
import { enterInput, snapshot } from './example-path';

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

describe('what is refused, with ledger and traffic as they were', () => {
  const withRelease = async () => {
    const world = await ContractWorld.ready();
    await world.walk.submit('1.2.0');
    await enter(world.ports)(await childOf(world, '1.2.0'));
    return world;
  };
  const childOf = async ({ ports }: ContractWorld, version: string) => {
    const input = await enterInput(ports, version);
    return { ...input, execution: `${input.execution.split(':').slice(0, -1).join(':')}:${version}-1-Production` };
  };
  const inSupport = async () => {
    const world = await ContractWorld.ready();
    world.ports.clock.advance(-61);
    return world;
  };
  const finished = async () => {
    const world = await ContractWorld.ready();
    await world.contracted('1.1.0');
    return world;
  };
  const otherContent = async () => {
    const world = await ContractWorld.ready();
    const { ports } = world;
    const about = { kind: 'migration', revision: 1, environment: 'Production', migration: 'contract', release: '0.9.0', execution: 'x', calls: 1 } as const;
    ports.ledger.seed({
      ...about,
      name: NAME,
      content: 'other',
      status: 'finished',
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: '2026-01-01T00:01:00.000Z',
    });
    return world;
  };
  const byHand = async () => {
    const world = await ContractWorld.ready();
    const { slots, live } = await world.state();
    const [one, other] = Object.entries(slots).sort(([colour]) => (colour === live?.colour ? -1 : 1));
    world.ports.liveRule.set('Production', { [one?.[1].targetGroupArn ?? '']: 50, [other?.[1].targetGroupArn ?? '']: 50 });
    return world;
  };
  const half = async () => (await new ContractWorld().live('1.0.0')).live('1.1.0');

  test.each<[string, () => Promise<ContractWorld>, string | undefined, number, string, RegExp]>([
    [
      'where the live version brings none',
      half,
      MANAGER,
      409,
      'NoContract',
      /^1\.1\.0, which is live in Production, brings no contract; release a version with/,
    ],
    ['where nothing is live', async () => new ContractWorld(), MANAGER, 409, 'NothingLive', /^nothing is live in Production/],
    [
      'while a release is in flight',
      withRelease,
      MANAGER,
      409,
      'InFlight',
      /^release 1\.2\.0 is in flight in Production, since .*, and may have to go back to 1\.1\.0; ask/,
    ],
    ['while early life support lasts', inSupport, MANAGER, 409, 'EarlyLifeSupport', /^1\.1\.0 is in early life support in Production until 2026-01-19T09:0\d/],
    ['twice', finished, MANAGER, 409, 'ContractFinished', /has finished: 2026-12-drop-amount at .*, with 1\.1\.0; it runs once/],
    [
      'with content other than what has finished',
      otherContent,
      MANAGER,
      409,
      'MigrationNameTaken',
      /finished in Production at .*, brought by release 0\.9\.0, with other content/,
    ],
    [
      'while users are with another slot',
      byHand,
      MANAGER,
      409,
      'TrafficElsewhere',
      /^not all live traffic of Production is on 1\.1\.0: the live rule sends users to/,
    ],
    [
      'by somebody who is no release manager',
      () => ContractWorld.ready(),
      session('Developer'),
      403,
      'NotReleaseManager',
      /Developer\/kim is no release manager of Production/,
    ],
    ['by nobody', () => ContractWorld.ready(), undefined, 403, 'NoIdentity', /./],
  ])('%s', async (_, make, caller, status, code, message) => {
    const world = await make();
    const before = snapshot(world.ports);
    const answer = await call(world.ports, caller, 'POST /environments/Production/contract', { reason: 'why not' });
    expect(answer).toMatchObject({ status, body: { code, message: expect.stringMatching(message) } });
    expect(snapshot(world.ports)).toEqual(before);
    expect(world.ports.migrations.calls.length).toBe(code === 'ContractFinished' ? 1 : 0);
  });

  test('without a reason, and in an environment that is none', async () => {
    const world = await ContractWorld.ready();
    const before = snapshot(world.ports);
    expect(await world.ask(MANAGER, 'Production', ' ')).toMatchObject({ status: 400, body: { code: 'NoReason' } });
    expect(await world.ask(MANAGER, 'Prodution')).toMatchObject({ status: 404, body: { code: 'UnknownEnvironment' } });
    expect(snapshot(world.ports)).toEqual(before);
  });

  test('one that was agreed to, when something has come in its way since: it stops with a ticket, and nothing has run', async () => {
    const ways: [RegExp, (world: ContractWorld) => Promise<unknown>][] = [
      [/release 1\.2\.0 is in flight/, async (world) => [await world.walk.submit('1.2.0'), await enter(world.ports)(await childOf(world, '1.2.0'))]],
      [/1\.2\.0 is: ask again|brings no contract/, (world) => world.walk.through('1.2.0')],
      [/1\.0\.0.*brings no contract/, (world) => world.rollBack()],
    ];
    for (const [why, happens] of ways) {
      const world = await ContractWorld.ready();
      await world.ask();
      await world.until();
      await world.accept('1.1.0');
      await happens(world);
      const before = snapshot(world.ports) as { rule: unknown; writes: number };
      const live = (await world.state()).live;
      expect(await world.onwards()).toBe('stopped');
      expect(await world.ports.ledger.tickets()).toContainEqual(expect.objectContaining({ actual: expect.stringMatching(why), outcome: 'stopped' }));
      expect(snapshot(world.ports)).toMatchObject({ rule: before.rule, writes: before.writes });
      expect([world.ports.migrations.calls, (await world.state()).live]).toEqual([[], live]);
    }
  });

  test('one that a party refuses, and one that is not what was agreed to', async () => {
    const refused = await ContractWorld.ready();
    await refused.ask();
    await refused.until();
    await refused.accept('1.1.0', 'refuse');
    expect(await refused.onwards()).toBe('stopped');
    expect(await refused.ports.ledger.tickets()).toMatchObject([{ step: 'Ask for the contract in Production', actual: expect.stringContaining('I looked') }]);
    expect((await refused.state()).contracting).toBeUndefined();
    const other = await ContractWorld.ready(declared(), declared('2026-12-drop-more'));
    await other.ask();
    await other.until();
    await other.accept('1.1.0');
    const gate = await other.ports.ledger.gate('1.1.0', 'Production', 'contract');
    if (gate) other.ports.ledger.seed({ ...gate, runs: [declared()] });
    expect(await other.onwards()).toBe('stopped');
    expect(await other.ports.ledger.tickets()).toMatchObject([
      { actual: expect.stringContaining('accepted for the migration 2026-12-drop-amount, now it would be') },
    ]);
    expect(other.ports.migrations.calls).toEqual([]);
  });
});

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
      instead: 'release a version that mends what is wrong',
      commands: ['ptl release <version>'],
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
      noWayBack: { commands: ['ptl contract Production --reason "<why>"', 'ptl release <version>'] },
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
