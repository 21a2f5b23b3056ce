import type { EventBridgeEvent } from 'aws-lambda';
import { LEASE_SECONDS, SAFETY_NET_TIMEOUT_SECONDS, WRITER_TIMEOUT_SECONDS } from '../../../lambda/contract';
import { openGate } from '../../../lambda/domain/gates/gate';
import type { Release } from '../../../lambda/domain/model';
import type { ExecutionStatusChange } from '../../../lambda/domain/safety-net/ended-execution';
import { accept } from '../../../lambda/handlers/accept';
import { enter } from '../../../lambda/handlers/enter';
import { moveTraffic } from '../../../lambda/handlers/move-traffic';
import { reconcile } from '../../../lambda/handlers/reconcile';
import { stop } from '../../../lambda/handlers/stop';
import { enterInput, examplePlan, exampleRelease, exampleWorld, snapshot } from '../example-path';
import type { InMemoryPorts } from '../in-memory-ports';
import { BLUE, bake, END, GREEN, GREEN_TASK, inTheShadow, rule, shift, shiftedTo } from '../story';

type StatusEvent = EventBridgeEvent<'Step Functions Execution Status Change', ExecutionStatusChange>;

const PATH = exampleRelease('1.1.0').execution;
const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const release = async (ports: InMemoryPorts) => (await ports.ledger.release('1.1.0')) as Release;
const count = (ports: InMemoryPorts, what: string) => ports.ledger.happened().filter((each) => each === what).length;

function died(executionArn = GREEN_TASK.execution, given: Partial<ExecutionStatusChange> = {}): StatusEvent {
  const detail = { executionArn, status: 'ABORTED', input: JSON.stringify({ contract: 1, release: '1.1.0' }), ...given };
  return { detail } as StatusEvent;
}

function withWriter(ports: InMemoryPorts): InMemoryPorts {
  ports.machines.rollingBack = async (request) => moveTraffic(ports)(request) as Promise<{ outcome: 'rolledBack' }>;
  return ports;
}

/** Everything but the ledger's revisions and the number of the lease. */
const settled = (ports: InMemoryPorts) => JSON.stringify(snapshot(ports), (key, value) => (key === 'revision' || key === 'lease' ? undefined : value));

describe('an environment machine that died', () => {
  test('after a shift: traffic goes back in one write, the lock is freed, one ticket is raised', async () => {
    const ports = withWriter(await shiftedTo(50));
    const writes = ports.liveRule.writes.length;
    await reconcile(ports)(died(undefined, { status: 'FAILED', error: 'SafetyNet', cause: 'the roll back did not answer' }));
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
    expect(ports.liveRule.writes).toHaveLength(writes + 1);
    expect((await environment(ports)).lock).toBeUndefined();
    expect(await release(ports)).toMatchObject({ status: 'rolledBack', reached: { Production: 'rolledBack' } });
    expect(await ports.ledger.tickets()).toMatchObject([
      {
        step: 'Leave Production to the safety net',
        subject: 'the machine of Production',
        actual: 'FAILED, SafetyNet: the roll back did not answer',
        logs: GREEN_TASK.execution,
        count: 1,
      },
    ]);
    expect(ports.bus.published.find(({ what }) => what === 'SafetyNetActed')).toMatchObject({ environment: 'Production', detail: { outcome: 'rolledBack' } });
  });

  test.each(['ABORTED', 'TIMED_OUT', 'FAILED'])('%s before any shift: it is stopped, and nobody writes the rule', async (status) => {
    const ports = withWriter(await inTheShadow());
    await reconcile(ports)(died(undefined, { status }));
    expect(ports.liveRule.writes).toEqual([]);
    expect(ports.machines.rollBacks).toEqual([]);
    expect((await environment(ports)).lock).toBeUndefined();
    expect((await release(ports)).status).toBe('stopped');
    expect(await ports.ledger.tickets()).toMatchObject([{ count: 1, outcome: 'stopped' }]);
  });

  test('in mid-bake: the token nobody waits for is forgotten', async () => {
    const ports = withWriter(await shiftedTo(10));
    await bake(ports, 10);
    await reconcile(ports)(died());
    expect((await environment(ports)).bake).toBeUndefined();
  });

  test('while its writer still writes: the writer ends, and what it wrote goes back', async () => {
    const ports = withWriter(await inTheShadow());
    const state = await environment(ports);
    ports.ledger.seed({ ...state, lease: { owner: 'the shift', fence: 5, expiresAt: ports.clock.later(LEASE_SECONDS) } });
    ports.clock.meanwhile = async () => {
      ports.clock.meanwhile = undefined;
      const now = await environment(ports);
      ports.ledger.seed({
        ...now,
        weights: { blue: 90, green: 10 },
        lock: { ...(now.lock as NonNullable<typeof now.lock>), shifted: true },
        lease: { owner: 'the shift', fence: 5, expiresAt: '' },
      });
      ports.liveRule.set('Production', { [BLUE]: 90, [GREEN]: 10 });
    };
    await reconcile(ports)(died());
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
    expect((await release(ports)).status).toBe('rolledBack');
  });

  test('with a writer that died with it: its lease runs out first', async () => {
    const ports = withWriter(await inTheShadow());
    const start = Date.parse(ports.clock.now());
    ports.liveRule.failAfterNextWrite(new Error('the process died'));
    await expect(shift(ports, 10)).rejects.toThrow();
    await reconcile(ports)(died());
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
    const waited = (Date.parse(ports.clock.now()) - start) / 1000;
    expect(waited).toBeGreaterThanOrEqual(LEASE_SECONDS);
    expect(waited + WRITER_TIMEOUT_SECONDS).toBeLessThan(SAFETY_NET_TIMEOUT_SECONDS);
  });

  test('under writers that never end is tried again later', async () => {
    const ports = withWriter(await shiftedTo(10));
    const take = async () => {
      const state = await environment(ports);
      ports.ledger.seed({ ...state, lease: { owner: 'o', fence: (state.lease?.fence ?? 0) + 1, expiresAt: ports.clock.later(LEASE_SECONDS) } });
    };
    await take();
    ports.clock.meanwhile = take;
    await expect(reconcile(ports)(died())).rejects.toMatchObject({ name: 'Retry' });
    expect((await environment(ports)).lock?.release).toBe('1.1.0');
  });

  test('with an accepted target that cannot serve is held: tried again, one ticket', async () => {
    const ports = withWriter(await shiftedTo(10));
    ports.targets.unhealthy.add(BLUE);
    for (const _try of [1, 2]) await expect(reconcile(ports)(died())).rejects.toThrow('has no healthy target');
    expect(await ports.ledger.tickets()).toMatchObject([{ step: 'Roll back Production', count: 1 }]);
    ports.targets.unhealthy.clear();
    await reconcile(ports)(died());
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
  });

  test('and shifted in the instant between look and stop is rolled back', async () => {
    const ports = withWriter(await inTheShadow());
    ports.ledger.raceNextCommit(async () => void (await shift(ports, 10)));
    await reconcile(ports)(died());
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
    expect((await release(ports)).status).toBe('rolledBack');
  });
});

describe('an environment machine that died before its release was let in', () => {
  const enters = async (ports: InMemoryPorts) => enter(ports)(await enterInput(ports, '1.1.0'));

  test('keeps it out: the function that was about to let it in locks the environment for nobody', async () => {
    const ports = exampleWorld();
    await reconcile(ports)(died());
    expect(await enters(ports)).toMatchObject({ outcome: 'stopped', failure: { expected: 'not aborted', actual: expect.stringContaining('ended: ABORTED') } });
    expect((await environment(ports)).lock).toBeUndefined();
    await reconcile(ports)(died(PATH));
    expect((await release(ports)).status).toBe('stopped');
    expect(await ports.ledger.tickets()).toMatchObject([{ subject: 'the path machine', count: 1 }]);
  });

  test('keeps it out in the instant before that function commits', async () => {
    const ports = exampleWorld();
    ports.ledger.raceNextCommit(() => reconcile(ports)(died()));
    expect(await enters(ports)).toMatchObject({ outcome: 'stopped' });
    expect((await environment(ports)).lock).toBeUndefined();
  });

  test('finds it let in by a function that was faster, and stops it', async () => {
    const ports = exampleWorld();
    ports.ledger.raceNextCommit(async () => void (await enters(ports)));
    await reconcile(ports)(died());
    expect((await environment(ports)).lock).toBeUndefined();
    expect((await release(ports)).status).toBe('stopped');
    expect(await ports.ledger.tickets()).toMatchObject([{ subject: 'the machine of Production', count: 1 }]);
  });

  test('of an earlier attempt is no reason to keep the present one out', async () => {
    const ports = exampleWorld();
    ports.ledger.seed({ ...(await release(ports)), attempt: 2, execution: `${PATH}-second` });
    const before = settled(ports);
    await reconcile(ports)(died());
    expect(settled(ports)).toBe(before);
  });
});

describe('the safety net called twice, or for nothing,', () => {
  test('acts once for two events of the same death', async () => {
    const ports = withWriter(await shiftedTo(50));
    await Promise.all([reconcile(ports)(died()), reconcile(ports)(died())]);
    await reconcile(ports)(died());
    expect(['ReleaseRolledBack', 'TicketRaised', 'SafetyNetActed'].map((what) => count(ports, what))).toEqual([1, 1, 1]);
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
  });

  test.each([
    ['has rolled back by itself', () => shiftedTo(50), (ports: InMemoryPorts) => moveTraffic(ports)(END)],
    ['has stopped by itself', () => inTheShadow(), (ports: InMemoryPorts) => stop(ports)(END)],
    ['is live', () => shiftedTo(100), (ports: InMemoryPorts) => accept(ports)(GREEN_TASK)],
  ])('changes nothing for a release that %s', async (_what, world, ending) => {
    const ports = withWriter(await world());
    await ending(ports);
    const before = settled(ports);
    await reconcile(ports)(died());
    expect(settled(ports)).toBe(before);
    expect(ports.log.lines.at(-1)?.message).toContain('nothing to do');
  });

  test.each([
    ['that succeeded', died(undefined, { status: 'SUCCEEDED' })],
    ['that runs', died(undefined, { status: 'RUNNING' })],
    ['of somebody else', died('arn:aws:states:eu-west-2:111111111111:execution:Other:1')],
    ['whose input says nothing', died(undefined, { input: 'hello' })],
    ['without an input', died(undefined, { input: undefined })],
    ['of a release nobody knows', died(undefined, { input: '{"release":"9.9.9"}' })],
  ])('leaves ledger and traffic exactly as they were for an execution %s', async (_which, event) => {
    const ports = withWriter(await shiftedTo(10));
    const before = snapshot(ports);
    await reconcile(ports)(event);
    expect(snapshot(ports)).toEqual(before);
  });
});

describe('a path machine that died', () => {
  const goNoGo = { party: { name: 'change authority', members: [] }, timeoutSeconds: 60 };
  const firebreak = { parties: [goNoGo.party], when: [], resumes: 'automatically' as const, releaseManagers: [], timeoutSeconds: 60 };
  const plan = examplePlan('Production', { firebreak });

  async function open(ports: InMemoryPorts, gate: 'firebreak' | 'goNoGo', token: string): Promise<void> {
    const opened = openGate({
      plan: { ...plan, goNoGo },
      release: await release(ports),
      gate,
      now: ports.clock.now(),
      token,
      execution: PATH,
    });
    if (opened !== 'notNeeded') ports.ledger.seed(opened);
  }

  test('at a firebreak: the release is stopped, the gate is void, one ticket is raised, however often', async () => {
    const ports = exampleWorld([plan]);
    await open(ports, 'firebreak', 't');
    await reconcile(ports)(died(PATH));
    expect((await release(ports)).status).toBe('stopped');
    expect((await release(ports)).aborted).toBeUndefined();
    expect(await ports.ledger.gates('1.1.0')).toMatchObject([{ status: 'void' }]);
    expect(await ports.ledger.tickets()).toMatchObject([
      { step: 'Take the release to Production', subject: 'the path machine', environment: 'Production', count: 1 },
    ]);
    const once = snapshot(ports);
    await reconcile(ports)(died(PATH));
    expect(snapshot(ports)).toEqual(once);
  });

  test('while an environment machine lives: that one finds the release aborted, is woken, and raises the ticket', async () => {
    const ports = withWriter(await inTheShadow());
    await open(ports, 'goNoGo', 'token of the go/no-go');
    await reconcile(ports)(died(PATH));
    expect((await release(ports)).aborted).toMatchObject({ by: PATH, reason: 'the path machine ended: ABORTED' });
    expect(ports.machines.answers).toEqual([{ token: 'token of the go/no-go', answer: { success: expect.objectContaining({ outcome: 'refused' }) } }]);
    expect(await shift(ports, 10)).toMatchObject({ outcome: 'refused' });
    expect(await ports.ledger.tickets()).toEqual([]);
    await stop(ports)(END);
    expect(await ports.ledger.tickets()).toHaveLength(1);
  });

  test('before its environment machine got in: that one finds the way closed, and the end that is recorded stands', async () => {
    const ports = exampleWorld([plan]);
    await reconcile(ports)(died(PATH));
    const output = await enter(ports)(await enterInput(ports, '1.1.0'));
    expect(output).toMatchObject({ outcome: 'stopped', failure: { subject: 'the release', expected: 'on its way' } });
    expect((await ports.ledger.environment('Production')).lock).toBeUndefined();
    const ended = await release(ports);
    await stop(ports)(END);
    expect(await release(ports)).toEqual(ended);
  });

  test('because its environment machine died: one roll back, one ticket, in whatever order the news come', async () => {
    for (const order of [
      [GREEN_TASK.execution, PATH],
      [PATH, GREEN_TASK.execution],
    ]) {
      const ports = withWriter(await shiftedTo(50));
      for (const execution of order) await reconcile(ports)(died(execution));
      expect(await rule(ports)).toEqual({ [BLUE]: 100 });
      expect((await release(ports)).status).toBe('rolledBack');
      expect(await ports.ledger.tickets()).toMatchObject([{ subject: 'the machine of Production', count: 1 }]);
      expect(count(ports, 'ReleaseFinished')).toBe(1);
    }
  });

  test('when only the record of it was missing: a release that is live everywhere stays live', async () => {
    const ports = await shiftedTo(100);
    await accept(ports)(GREEN_TASK);
    await reconcile(ports)(died(PATH));
    expect((await release(ports)).status).toBe('live');
    expect(await ports.ledger.tickets()).toEqual([]);
    expect(await rule(ports)).toEqual({ [GREEN]: 100 });
  });

  test('of an earlier attempt changes nothing', async () => {
    const ports = exampleWorld();
    ports.ledger.seed({ ...(await release(ports)), attempt: 2, execution: 'arn:second' });
    const before = snapshot(ports);
    await reconcile(ports)(died(PATH));
    expect(snapshot(ports)).toEqual(before);
  });
});
