import type { AwaitTurnInput, EndInput, EnterOutput, EnvironmentPlan } from '../../lambda/contract';
import { abort } from '../../lambda/domain/commands/abort';
import { viewRelease, viewStatus } from '../../lambda/domain/commands/read';
import type { Gate, Release } from '../../lambda/domain/model';
import { recover } from '../../lambda/domain/recovery/recover';
import { accept } from '../../lambda/handlers/accept';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { finish } from '../../lambda/handlers/finish';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { openGate } from '../../lambda/handlers/open-gate';
import { reconcile } from '../../lambda/handlers/reconcile';
import { stop } from '../../lambda/handlers/stop';
import { PARTIES, role } from './example-gate';
import { enterInput, examplePlan, exampleRelease, exampleWorld, register, snapshot, taskInput } from './example-path';
import type { InMemoryPorts } from './in-memory-ports';
import { bake, FAILURE, GREEN_TASK, inTheShadow, shift, shiftedTo } from './story';

const AUTHOR = exampleRelease('1.1.0').author;
const goNoGo = { party: { name: 'change authority', members: [role('ChangeAuthority')] }, timeoutSeconds: 3600 };
const firebreak = { parties: PARTIES.slice(0, 1), when: [], resumes: 'automatically' as const, releaseManagers: [], timeoutSeconds: 3600 };

/** 1.0.0 is live; 1.1.0, 1.2.0 and 1.3.0 were submitted one after the other. */
function world(concurrency: EnvironmentPlan['concurrency'], given: Partial<EnvironmentPlan> = {}, releases: Partial<Release> = {}): InMemoryPorts {
  const plan = [examplePlan('Production', { concurrency, ...given })];
  const ports = exampleWorld(plan);
  const at = (minute: number) => ({ submittedAt: `2026-01-05T08:0${minute}:00.000Z` });
  register(ports, exampleRelease('1.1.0', plan, at(1)), exampleRelease('1.2.0', plan, { ...at(2), ...releases }), exampleRelease('1.3.0', plan, at(3)));
  return ports;
}

const QUEUE = { kind: 'queue', longestSeconds: 3600 } as const;
const NEWEST = { kind: 'newestWins', longestSeconds: 3600 } as const;

const comes = async (ports: InMemoryPorts, version: string): Promise<EnterOutput> => enter(ports)(await enterInput(ports, version));
async function waits(ports: InMemoryPorts, version: string, token = `turn of ${version}`, turn: Partial<AwaitTurnInput> = {}): Promise<void> {
  const { machine: _machine, ...task } = await enterInput(ports, version);
  await enter(ports)({ ...task, ...turn, turn: 'awaits', token });
}
const ends = (version: string): EndInput => ({ ...taskInput(version), failure: FAILURE });
const asks = (ports: InMemoryPorts, version: string, gate: 'firebreak' | 'goNoGo') =>
  openGate(ports)({
    ...taskInput(version),
    ...(gate === 'firebreak' && { execution: exampleRelease(version).execution }),
    gate,
    token: `${gate} of ${version}`,
  });
const answered = (ports: InMemoryPorts) => ports.machines.answers.map(({ token }) => token);
const frozen = async (ports: InMemoryPorts): Promise<void> =>
  ports.ledger.seed({
    ...(await ports.ledger.environment('Production')),
    freeze: { by: 'arn:service-manager', reason: 'Black Friday', at: ports.clock.now() },
  });
const queue = async (ports: InMemoryPorts) => (await ports.ledger.environment('Production')).waiting?.map(({ release }) => release);
const happened = (ports: InMemoryPorts, version: string) => ports.ledger.audit(version).then((audit) => audit.map(({ what }) => what));

describe('where releases wait for their turn', () => {
  test('one that finds another here waits, and enters when that one is live', async () => {
    const ports = world(QUEUE);
    await inTheShadow(ports);
    expect(await comes(ports, '1.2.0')).toEqual({ outcome: 'waits' });
    await waits(ports, '1.2.0');
    for (const percent of [10, 50, 100]) await shift(ports, percent);
    await bake(ports, 100);
    expect(answered(ports)).not.toContain('turn of 1.2.0');
    expect(await accept(ports)(GREEN_TASK)).toMatchObject({ outcome: 'live' });
    expect(ports.machines.answers.at(-1)).toEqual({ token: 'turn of 1.2.0', answer: { success: { outcome: 'turn' } } });
    expect(await comes(ports, '1.2.0')).toEqual({ outcome: 'entered', colour: 'blue' });
    expect(await queue(ports)).toBeUndefined();
  });

  test.each([
    ['stopped', async (ports: InMemoryPorts) => stop(ports)(ends('1.1.0')), () => inTheShadow(world(QUEUE))],
    ['rolled back', async (ports: InMemoryPorts) => moveTraffic(ports)(ends('1.1.0')), () => shiftedTo(10, world(QUEUE))],
    [
      'rescued',
      async (ports: InMemoryPorts) => {
        const detail = { executionArn: taskInput('1.1.0').execution, status: 'ABORTED', input: JSON.stringify({ release: '1.1.0' }) };
        return reconcile(ports)({ detail } as Parameters<ReturnType<typeof reconcile>>[0]);
      },
      () => inTheShadow(world(QUEUE)),
    ],
  ])('its turn comes when the one here is %s', async (_how, end, given) => {
    const ports = await given();
    await comes(ports, '1.2.0');
    await waits(ports, '1.2.0');
    expect(answered(ports)).not.toContain('turn of 1.2.0');
    await end(ports);
    expect(answered(ports)).toContain('turn of 1.2.0');
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'entered' });
  });

  test('its turn comes though the environment was free again before its machine came to wait', async () => {
    const ports = world(QUEUE);
    await inTheShadow(ports);
    await comes(ports, '1.2.0');
    await stop(ports)(ends('1.1.0'));
    expect(answered(ports)).not.toContain('turn of 1.2.0');
    await waits(ports, '1.2.0');
    expect(answered(ports)).toContain('turn of 1.2.0');
  });

  test('first come, first served: who comes when it is free while another was here before waits behind that', async () => {
    const ports = world(QUEUE);
    await inTheShadow(ports);
    await comes(ports, '1.3.0');
    await waits(ports, '1.3.0');
    await stop(ports)(ends('1.1.0'));
    expect(await comes(ports, '1.2.0')).toEqual({ outcome: 'waits' });
    await waits(ports, '1.2.0');
    expect(await queue(ports)).toEqual(['1.3.0', '1.2.0']);
    expect(answered(ports)).not.toContain('turn of 1.2.0');
    expect(await comes(ports, '1.3.0')).toMatchObject({ outcome: 'entered' });
    await stop(ports)(ends('1.3.0'));
    expect(answered(ports)).toContain('turn of 1.2.0');
  });

  test('asked again, a machine finds its place, and until when it may wait', async () => {
    const ports = world(QUEUE);
    await inTheShadow(ports);
    await comes(ports, '1.2.0');
    const before = (await ports.ledger.environment('Production')).waiting;
    ports.clock.advance(60);
    expect(await comes(ports, '1.2.0')).toEqual({ outcome: 'waits' });
    expect((await ports.ledger.environment('Production')).waiting).toEqual(before);
    expect((await happened(ports, '1.2.0')).filter((what) => what === 'TurnAwaited')).toHaveLength(1);
  });

  test('a call of an earlier try that comes late does not take the place of the token that is waited for', async () => {
    const ports = world(QUEUE);
    await inTheShadow(ports);
    await comes(ports, '1.2.0');
    await waits(ports, '1.2.0', 'second', { enteredAt: '2026-01-05T09:00:00.000Z', retries: 1 });
    await waits(ports, '1.2.0', 'first', { enteredAt: '2026-01-05T09:00:00.000Z', retries: 0 });
    await stop(ports)(ends('1.1.0'));
    expect(answered(ports)).toContain('second');
    expect(answered(ports)).not.toContain('first');
  });

  test('one whose time is up stops, and whoever is behind it has the next turn', async () => {
    const ports = world(QUEUE);
    await inTheShadow(ports);
    for (const version of ['1.2.0', '1.3.0']) {
      await comes(ports, version);
      await waits(ports, version);
    }
    ports.clock.advance(3600);
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'stopped', failure: { actual: expect.stringContaining('release 1.1.0 is ahead of it') } });
    await stop(ports)(ends('1.2.0'));
    expect(await queue(ports)).toEqual(['1.3.0']);
    await stop(ports)(ends('1.1.0'));
    expect(answered(ports)).toContain('turn of 1.3.0');
  });

  test.each([
    ['aborted', (ports: InMemoryPorts) => abort(ports, 'arn:service-manager', '1.2.0', { reason: 'wrong' }), 'aborted by arn:service-manager: wrong'],
    [
      'left by its path machine',
      (ports: InMemoryPorts) => {
        const detail = { executionArn: exampleRelease('1.2.0').execution, status: 'ABORTED', input: JSON.stringify({ release: '1.2.0' }) };
        return reconcile(ports)({ detail } as Parameters<ReturnType<typeof reconcile>>[0]);
      },
      'it has ended',
    ],
  ])('one that is %s while it waits is told at once, and does not enter', async (_how, happens, why) => {
    const ports = world(QUEUE);
    await inTheShadow(ports);
    await comes(ports, '1.2.0');
    await waits(ports, '1.2.0');
    await happens(ports);
    expect(answered(ports)).toContain('turn of 1.2.0');
    expect(await queue(ports)).toBeUndefined();
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'stopped', failure: { actual: expect.stringContaining(why) } });
    await stop(ports)(ends('1.2.0'));
    expect((await happened(ports, '1.2.0')).filter((what) => what === 'TicketRaised')).toHaveLength(1);
  });

  test('one whose machine dies while it waits is out of the way of those behind it', async () => {
    const ports = world(QUEUE);
    await inTheShadow(ports);
    for (const version of ['1.2.0', '1.3.0']) {
      await comes(ports, version);
      await waits(ports, version);
    }
    const { execution } = await enterInput(ports, '1.2.0');
    const detail = { executionArn: execution, status: 'ABORTED', input: JSON.stringify({ release: '1.2.0' }) };
    await reconcile(ports)({ detail } as Parameters<ReturnType<typeof reconcile>>[0]);
    expect(await queue(ports)).toEqual(['1.3.0']);
    await stop(ports)(ends('1.1.0'));
    expect(answered(ports)).toEqual(expect.arrayContaining(['turn of 1.3.0']));
    expect(answered(ports)).not.toContain('turn of 1.2.0');
  });

  test('one that died without anybody hearing of it is out of the way when its time is up, or when somebody recovers', async () => {
    const dies = async () => {
      const ports = world(QUEUE);
      await inTheShadow(ports);
      await comes(ports, '1.2.0');
      await waits(ports, '1.2.0');
      ports.clock.advance(60);
      await comes(ports, '1.3.0');
      await waits(ports, '1.3.0');
      await stop(ports)(ends('1.1.0'));
      expect(await comes(ports, '1.3.0')).toEqual({ outcome: 'waits' });
      return ports;
    };
    const waited = await dies();
    waited.clock.advance(3540);
    expect(await comes(waited, '1.3.0')).toMatchObject({ outcome: 'entered' });
    const recovered = await dies();
    recovered.machines.dead.set((await enterInput(recovered, '1.2.0')).execution, { how: 'ABORTED' });
    const { done } = await recover(recovered, 'arn:service-manager', 'Production', { reason: 'nobody comes' });
    expect(done).toContain('took 1.2.0 out of the queue of Production');
    expect(answered(recovered)).toContain('turn of 1.3.0');
    expect(await comes(recovered, '1.3.0')).toMatchObject({ outcome: 'entered' });
    expect((await recovered.ledger.release('1.2.0'))?.aborted?.reason).toContain('the machine of Production ended: ABORTED');
  });

  test('status says who waits for whom, since when and until when', async () => {
    const ports = world(QUEUE);
    await inTheShadow(ports);
    for (const version of ['1.2.0', '1.3.0']) await comes(ports, version);
    const { environments } = await viewStatus(ports, 'arn:service-manager');
    const times = { since: '2026-01-05T09:00:00.000Z', until: '2026-01-05T10:00:00.000Z' };
    expect(environments[0]?.waiting).toEqual([
      { release: '1.2.0', ...times, behind: '1.1.0' },
      { release: '1.3.0', ...times, behind: '1.2.0' },
    ]);
    expect((await viewRelease(ports, '1.3.0')).now).toBe('waits for its turn in Production, behind 1.2.0, until 2026-01-05T10:00:00.000Z at most');
  });

  test('one that was aborted, and whose path was stopped by hand before it came to stop, has one ticket', async () => {
    const ports = world(QUEUE);
    await inTheShadow(ports);
    await comes(ports, '1.2.0');
    await waits(ports, '1.2.0');
    await abort(ports, 'arn:release-manager', '1.2.0', { reason: 'not today' });
    const { execution } = exampleRelease('1.2.0');
    const detail = { executionArn: execution, status: 'ABORTED', input: JSON.stringify({ release: '1.2.0' }) };
    await reconcile(ports)({ detail } as Parameters<ReturnType<typeof reconcile>>[0]);
    const told = await comes(ports, '1.2.0');
    expect(told).toMatchObject({ outcome: 'stopped', failure: { actual: 'aborted by arn:release-manager: not today' } });
    await stop(ports)({ ...taskInput('1.2.0'), failure: (told as { failure: EndInput['failure'] }).failure });
    expect(await ports.ledger.tickets(9)).toMatchObject([{ releases: ['1.2.0'], subject: 'the path machine', count: 1 }]);
    expect((await ports.ledger.release('1.2.0'))?.status).toBe('stopped');
  });
});

test.each([
  undefined,
  QUEUE,
  NEWEST,
])('two that come in the same second: one proceeds, the other is told why, whoever commits first (%j)', async (concurrency) => {
  for (const [first, second] of [
    ['1.1.0', '1.2.0'],
    ['1.2.0', '1.1.0'],
  ] as const) {
    const ports = world(concurrency);
    ports.ledger.raceNextCommit(async () => {
      expect(await comes(ports, second)).toMatchObject({ outcome: 'entered' });
    });
    const told = await comes(ports, first);
    const { lock } = await ports.ledger.environment('Production');
    expect(lock?.release).toBe(second);
    if (concurrency === undefined)
      expect(told).toMatchObject({ outcome: 'stopped', failure: { actual: expect.stringContaining(`release ${second} has held it since`) } });
    else if (concurrency.kind === 'queue' || first === '1.2.0') expect(told).toEqual({ outcome: 'waits' });
    else expect(told).toMatchObject({ outcome: 'stopped', failure: { superseded: '1.2.0' } });
  }
});

describe('where the newest wins', () => {
  test('one that has moved nothing gives way: it stops without a ticket, what was accepted about it is void, and the newer enters', async () => {
    const ports = world(NEWEST, { goNoGo });
    await inTheShadow(ports);
    await asks(ports, '1.1.0', 'goNoGo');
    expect(await comes(ports, '1.2.0')).toEqual({ outcome: 'waits' });
    await waits(ports, '1.2.0');
    const failure = {
      subject: 'the release',
      expected: 'not superseded',
      superseded: '1.2.0',
      actual: `superseded by release 1.2.0, which ${AUTHOR} submitted later`,
    };
    expect(ports.machines.answers.at(-1)).toMatchObject({ token: 'goNoGo of 1.1.0', answer: { success: { outcome: 'refused', failure } } });
    expect(await ports.ledger.gate('1.1.0', 'Production', 'goNoGo')).toMatchObject({ status: 'void' });
    const told = (ports.machines.answers.at(-1)?.answer as { success: { failure: EndInput['failure'] } }).success.failure;
    expect(await stop(ports)({ ...taskInput('1.1.0'), failure: told })).toEqual({ outcome: 'stopped', environment: 'Production', release: '1.1.0' });
    expect(answered(ports)).toContain('turn of 1.2.0');
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'entered' });
    expect(await ports.ledger.tickets(9)).toEqual([]);
    expect(await happened(ports, '1.1.0')).toEqual(expect.arrayContaining(['ReleaseSuperseded', 'ReleaseStopped']));
    expect((await viewRelease(ports, '1.1.0')).now).toContain(`superseded by release 1.2.0, which ${AUTHOR} submitted later`);
  });

  test('whatever it was at, it finds at its next step that it was superseded, and moves nobody', async () => {
    const ports = world(NEWEST);
    await inTheShadow(ports);
    await comes(ports, '1.2.0');
    expect(await shift(ports, 10)).toMatchObject({ outcome: 'refused', failure: { superseded: '1.2.0' } });
    expect(ports.liveRule.writes).toHaveLength(0);
  });

  test('nobody gives way to one that is not let in all the same', async () => {
    const ports = await inTheShadow(world(NEWEST));
    await frozen(ports);
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'stopped', failure: { subject: 'the freeze of Production' } });
    expect((await ports.ledger.release('1.1.0'))?.aborted).toBeUndefined();
  });

  test('one that has moved traffic is waited for', async () => {
    const ports = await shiftedTo(10, world(NEWEST));
    expect(await comes(ports, '1.2.0')).toEqual({ outcome: 'waits' });
    expect((await ports.ledger.release('1.1.0'))?.aborted).toBeUndefined();
  });

  test('it gives way, or has moved traffic, whichever comes first', async () => {
    const ports = world(NEWEST);
    await inTheShadow(ports);
    ports.ledger.raceNextCommit(async (change) => {
      if (!change.put.some((item) => item.kind === 'release' && item.aborted)) throw new Error('it was not to be superseded');
      await shift(ports, 10);
    });
    expect(await comes(ports, '1.2.0')).toEqual({ outcome: 'waits' });
    expect((await ports.ledger.release('1.1.0'))?.aborted).toBeUndefined();
    expect((await ports.ledger.environment('Production')).lock?.shifted).toBe(true);
  });

  test.each([undefined, QUEUE, NEWEST])('one that is live in an earlier wave does not give way, to an emergency neither (%j)', async (concurrency) => {
    for (const given of [{}, { emergency: 'card payments fail' }]) {
      const ports = world(concurrency, {}, given);
      await inTheShadow(ports);
      ports.ledger.seed({ ...(await ports.ledger.release('1.1.0')), movedWaves: ['London'] } as Release);
      expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: concurrency ? 'waits' : 'stopped' });
      expect((await ports.ledger.release('1.1.0'))?.aborted).toBeUndefined();
    }
  });

  test('one that waits for its turn gives way, and one that was submitted before does not come to wait', async () => {
    const ports = await shiftedTo(10, world(NEWEST));
    await comes(ports, '1.2.0');
    await waits(ports, '1.2.0');
    expect(await comes(ports, '1.3.0')).toEqual({ outcome: 'waits' });
    expect(await queue(ports)).toEqual(['1.3.0']);
    expect(answered(ports)).toContain('turn of 1.2.0');
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'stopped', failure: { superseded: '1.3.0' } });
  });

  test('at the firebreak nobody is asked about an older one any more', async () => {
    const ports = world(NEWEST, { firebreak });
    await asks(ports, '1.1.0', 'firebreak');
    await asks(ports, '1.2.0', 'firebreak');
    expect(await ports.ledger.gate('1.1.0', 'Production', 'firebreak')).toMatchObject({ status: 'void' });
    expect(ports.machines.answers).toMatchObject([
      { token: 'firebreak of 1.1.0', answer: { success: { outcome: 'refused', failure: { superseded: '1.2.0' } } } },
    ]);
    expect(await queue(ports)).toEqual(['1.2.0']);
  });

  test('at the firebreak an older one that comes later is told, and nobody is asked', async () => {
    const ports = world(NEWEST, { firebreak });
    await asks(ports, '1.2.0', 'firebreak');
    await asks(ports, '1.1.0', 'firebreak');
    expect(await ports.ledger.gate('1.1.0', 'Production', 'firebreak')).toBeUndefined();
    expect(ports.machines.answers).toMatchObject([
      { token: 'firebreak of 1.1.0', answer: { success: { outcome: 'refused', failure: { superseded: '1.2.0' } } } },
    ]);
  });

  test('what an earlier attempt of it had passed is void, too', async () => {
    const ports = world(NEWEST, { firebreak });
    await asks(ports, '1.1.0', 'firebreak');
    const gate = await ports.ledger.gate('1.1.0', 'Production', 'firebreak');
    ports.ledger.seed({ ...gate, status: 'passed', execution: 'of an earlier attempt' } as Gate);
    await asks(ports, '1.2.0', 'firebreak');
    ports.ledger.seed({ ...(await ports.ledger.release('1.1.0')), aborted: undefined } as Release);
    ports.ledger.seed({ ...gate, gate: 'pause', percent: 10, status: 'passed', execution: 'of an earlier attempt', revision: 0 } as Gate);
    await asks(ports, '1.1.0', 'firebreak');
    for (const kind of ['firebreak', 'pause'] as const) expect(await ports.ledger.gate('1.1.0', 'Production', kind)).toMatchObject({ status: 'void' });
  });

  test('one that enters supersedes those that wait at the firebreak in front, which end without a ticket', async () => {
    const ports = world(NEWEST, { firebreak: { ...firebreak, when: ['altersSchema'] } });
    ports.ledger.seed({ ...(await ports.ledger.release('1.1.0')), changes: ['altersSchema'] } as Release);
    await asks(ports, '1.1.0', 'firebreak');
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'entered' });
    const told = ports.machines.answers.at(-1)?.answer as { success: { failure: EndInput['failure'] } };
    const { execution } = exampleRelease('1.1.0');
    await finish(ports)({ release: '1.1.0', execution, environment: 'Production', outcome: 'stopped', failure: told.success.failure });
    expect((await ports.ledger.release('1.1.0'))?.status).toBe('stopped');
    expect(await ports.ledger.tickets(9)).toEqual([]);
  });

  test('what waits at a firebreak keeps nobody out', async () => {
    const ports = world(NEWEST, { firebreak: { ...firebreak, when: ['altersSchema'] } });
    ports.ledger.seed({ ...(await ports.ledger.release('1.3.0')), changes: ['altersSchema'] } as Release);
    await asks(ports, '1.3.0', 'firebreak');
    expect(await comes(ports, '1.1.0')).toMatchObject({ outcome: 'entered' });
  });
});

describe('an emergency', () => {
  const EMERGENCY = { emergency: 'card payments fail' };
  /** 1.1.0 waits at the go/no-go, in the slot that serves nobody. */
  async function atGoNoGo(concurrency: EnvironmentPlan['concurrency']): Promise<InMemoryPorts> {
    const ports = world(concurrency, { goNoGo }, EMERGENCY);
    await inTheShadow(ports);
    await asks(ports, '1.1.0', 'goNoGo');
    return ports;
  }
  async function stops(ports: InMemoryPorts, version: string): Promise<void> {
    const told = ports.machines.answers.find(({ token }) => token === `goNoGo of ${version}`)?.answer as { success: { failure: EndInput['failure'] } };
    await stop(ports)({ ...taskInput(version), failure: told.success.failure });
    const { execution } = exampleRelease(version);
    await finish(ports)({ release: version, execution, environment: 'Production', outcome: 'stopped' });
  }
  const finishes = (ports: InMemoryPorts, version: string) =>
    finish(ports)({ release: version, execution: exampleRelease(version).execution, environment: 'Production', outcome: 'stopped', failure: FAILURE });

  test('evicts what waits for people, enters, and has it submitted anew when it has ended itself', async () => {
    const ports = await atGoNoGo(QUEUE);
    expect(await comes(ports, '1.2.0')).toEqual({ outcome: 'waits' });
    await waits(ports, '1.2.0');
    expect(ports.machines.answers.at(-1)).toMatchObject({
      token: 'goNoGo of 1.1.0',
      answer: { success: { outcome: 'refused', failure: { expected: 'not evicted', superseded: '1.2.0' } } },
    });
    await stops(ports, '1.1.0');
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'entered' });
    expect(await ports.ledger.tickets(9)).toEqual([]);
    expect(ports.ledger.happened()).not.toContain('TicketRaised');
    expect((await viewRelease(ports, '1.2.0')).evicted).toEqual(['1.1.0']);
    expect((await viewRelease(ports, '1.1.0')).now).toContain(
      `evicted by the emergency release 1.2.0 of ${AUTHOR} (card payments fail), submitted anew when that has ended`,
    );
    await stop(ports)(ends('1.2.0'));
    await finishes(ports, '1.2.0');
    expect(ports.bus.requeued).toContainEqual({ release: '1.1.0', after: '1.2.0' });
  });

  test('is let in where nobody waits, too, as soon as what it evicts has stopped', async () => {
    const ports = await atGoNoGo(undefined);
    await expect(comes(ports, '1.2.0')).rejects.toThrow('release 1.1.0 gives way to this emergency, and has not stopped in Production yet');
    await expect(comes(ports, '1.2.0')).rejects.toThrow('has not stopped in Production yet');
    expect((await happened(ports, '1.1.0')).filter((what) => what === 'ReleaseSuperseded')).toHaveLength(1);
    await stops(ports, '1.1.0');
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'entered' });
    expect((await ports.ledger.release('1.2.0'))?.evicted).toEqual(['1.1.0']);
  });

  test.each([undefined, QUEUE, NEWEST])('takes the place of nothing that has moved traffic (%j)', async (concurrency) => {
    const ports = await shiftedTo(10, world(concurrency, {}, EMERGENCY));
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: concurrency ? 'waits' : 'stopped' });
    expect((await ports.ledger.release('1.1.0'))?.aborted).toBeUndefined();
  });

  test('goes in front of those that wait, which keep their place behind it', async () => {
    const ports = await shiftedTo(10, world(QUEUE, {}, EMERGENCY));
    await comes(ports, '1.3.0');
    await waits(ports, '1.3.0');
    await comes(ports, '1.2.0');
    await waits(ports, '1.2.0');
    expect(await queue(ports)).toEqual(['1.2.0', '1.3.0']);
    await moveTraffic(ports)(ends('1.1.0'));
    expect(answered(ports)).toContain('turn of 1.2.0');
    expect(answered(ports)).not.toContain('turn of 1.3.0');
  });

  test('that comes while another has its turn goes first, and that one waits once more', async () => {
    const ports = world(QUEUE, {}, EMERGENCY);
    await inTheShadow(ports);
    await comes(ports, '1.3.0');
    await waits(ports, '1.3.0');
    await stop(ports)(ends('1.1.0'));
    expect(answered(ports)).toContain('turn of 1.3.0');
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'entered' });
    expect(await comes(ports, '1.3.0')).toEqual({ outcome: 'waits' });
    await waits(ports, '1.3.0', 'once more');
    expect(answered(ports)).not.toContain('once more');
    await stop(ports)(ends('1.2.0'));
    expect(answered(ports)).toContain('once more');
  });

  test.each([QUEUE, NEWEST])('is superseded by nobody, and evicts no other emergency (%j)', async (concurrency) => {
    const ports = world(concurrency, {}, EMERGENCY);
    ports.ledger.seed({ ...(await ports.ledger.release('1.3.0')), ...EMERGENCY } as Release);
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'entered' });
    expect(await comes(ports, '1.3.0')).toEqual({ outcome: 'waits' });
    expect((await ports.ledger.release('1.2.0'))?.aborted).toBeUndefined();
  });

  test.each<[string, EnvironmentPlan['concurrency'], (ports: InMemoryPorts) => Promise<void>, string]>([
    ['the environment is frozen', undefined, frozen, 'the freeze of Production'],
    ['the environment is frozen, and others wait', QUEUE, frozen, 'the freeze of Production'],
    ['a file of it is gone', undefined, async (ports) => void ports.bundles.files.clear(), 'file cdk-assets-'],
  ])('evicts nobody where it would not be let in all the same: %s', async (_why, concurrency, given, subject) => {
    // Without a go/no-go nothing is let into a freeze.
    const ports = await inTheShadow(world(concurrency, {}, EMERGENCY));
    await given(ports);
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'stopped', failure: { subject: expect.stringContaining(subject) } });
    expect((await ports.ledger.release('1.1.0'))?.aborted).toBeUndefined();
    expect((await ports.ledger.release('1.2.0'))?.evicted).toBeUndefined();
  });

  test('needs its firebreak and its go/no-go as any other', async () => {
    const ports = world(QUEUE, { goNoGo }, EMERGENCY);
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'entered', colour: 'green' });
    const task = { ...(await enterInput(ports, '1.2.0')), colour: 'green' };
    expect(await deploy(ports)(task)).toEqual({ outcome: 'deployed' });
    expect(await moveTraffic(ports)({ ...task, percent: 10 })).toMatchObject({ outcome: 'refused', failure: { actual: 'never opened' } });
  });
});

describe('where nobody waits', () => {
  test('nothing is kept of who comes in vain', async () => {
    const ports = world(undefined);
    await inTheShadow(ports);
    const before = snapshot(ports);
    expect(await comes(ports, '1.2.0')).toMatchObject({ outcome: 'stopped', failure: { subject: 'the lock of Production' } });
    expect(snapshot(ports)).toEqual(before);
  });
});

test('a slot is deployed by the one that has the environment', async () => {
  const ports = world(QUEUE);
  await inTheShadow(ports);
  await comes(ports, '1.2.0');
  expect(await deploy(ports)({ ...taskInput('1.2.0'), colour: 'green' })).toMatchObject({ outcome: 'failed' });
});
