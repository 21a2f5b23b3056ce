import type { FinishInput } from '../../../lambda/contract';
import { openGate } from '../../../lambda/domain/gates/gate';
import type { Release } from '../../../lambda/domain/model';
import { accept } from '../../../lambda/handlers/accept';
import { enter } from '../../../lambda/handlers/enter';
import { finish } from '../../../lambda/handlers/finish';
import { stop } from '../../../lambda/handlers/stop';
import { examplePlan, exampleRelease, exampleWorld, register, snapshot, taskInput } from '../example-path';
import type { InMemoryPorts } from '../in-memory-ports';
import { BLUE, bake, END, FAILURE, GREEN, GREEN_TASK, inTheShadow, shiftedTo } from '../story';

const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const release = async (ports: InMemoryPorts, version = '1.1.0') => (await ports.ledger.release(version)) as Release;

/** A writer that died: its lease runs out, and nobody gives it back. */
async function leaveLease(ports: InMemoryPorts): Promise<void> {
  ports.ledger.seed({ ...(await environment(ports)), lease: { owner: 'dead', fence: 9, expiresAt: ports.clock.later(60) } });
  ports.clock.advance(61);
}

async function expectNextMayEnter(ports: InMemoryPorts): Promise<void> {
  register(ports, exampleRelease('1.2.0'));
  expect(await enter(ports)(taskInput('1.2.0'))).toMatchObject({ outcome: 'entered' });
}

describe('a release that is accepted', () => {
  test('is live; what was live is kept to go back to; the environment is free', async () => {
    const ports = await shiftedTo(100);
    await bake(ports, 100);
    expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
    const { lock, bake: baking, ...state } = await environment(ports);
    expect([lock, baking]).toEqual([undefined, undefined]);
    expect(state).toMatchObject({
      live: { colour: 'green', version: '1.1.0', digest: 'digest-of-1.1.0' },
      previous: { colour: 'blue', version: '1.0.0' },
      weights: { green: 100 },
    });
    expect(await release(ports)).toMatchObject({ status: 'submitted', reached: { Production: 'live' } });
    expect(ports.ledger.happened().at(-1)).toBe('ReleaseLive');
  });

  test('is written into the tags of the rule, after the ledger has it', async () => {
    const ports = await shiftedTo(100);
    ports.liveRule.failNextTag(new Error('throttled'));
    await expect(accept(ports)(GREEN_TASK)).rejects.toThrow('throttled');
    expect((await environment(ports)).live?.version).toBe('1.1.0');
    expect(ports.liveRule.tags).toEqual({});
    expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
    expect(ports.liveRule.tags.Production).toEqual({ colour: 'green', version: '1.1.0', targetGroupArn: GREEN });
  });

  test('twice is accepted once', async () => {
    const ports = await shiftedTo(100);
    await accept(ports)(GREEN_TASK);
    const once = snapshot(ports);
    expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
    expect(snapshot(ports)).toEqual(once);
  });

  describe('is refused, with ledger and traffic exactly as they were:', () => {
    async function refused(ports: InMemoryPorts): Promise<string> {
      const before = snapshot(ports);
      const { outcome, failure } = await accept(ports)(GREEN_TASK);
      expect(snapshot(ports)).toEqual(before);
      expect(outcome).toBe('refused');
      return `${failure?.subject}: expected ${failure?.expected}, found ${failure?.actual}`;
    }

    test('before all traffic is on it', async () => {
      expect(await refused(await shiftedTo(50))).toContain('expected all traffic on green, found the ledger has blue 50, green 50');
    });
    test('when the live rule is not what the ledger says', async () => {
      const ports = await shiftedTo(100);
      ports.liveRule.set('Production', { [BLUE]: 100 });
      expect(await refused(ports)).toContain('the ledger has green 100, the live rule blue 100');
    });
    test('when all traffic is on it, but not by our doing', async () => {
      const ports = await shiftedTo(50);
      ports.liveRule.set('Production', { [GREEN]: 100 });
      expect(await refused(ports)).toContain('the ledger has blue 50, green 50, the live rule green 100');
    });
    test('when its roll back was asked for', async () => {
      const ports = await shiftedTo(100);
      ports.ledger.seed({ ...(await environment(ports)), rollBackRequested: { by: 'arn:service-manager', reason: 'slow', at: 'now' } });
      expect(await refused(ports)).toContain('arn:service-manager asked for it: slow');
    });
    test('without the lock', async () => {
      expect(await refused(exampleWorld())).toContain('the lock of Production');
    });
  });

  test('waits while somebody may be writing the live rule', async () => {
    const ports = await shiftedTo(100);
    ports.ledger.seed({ ...(await environment(ports)), lease: { owner: 'o', fence: 9, expiresAt: ports.clock.later(60) } });
    await expect(accept(ports)(GREEN_TASK)).rejects.toMatchObject({ name: 'Retry' });
  });

  test('lets the next one in, although a writer died here and left its lease', async () => {
    const ports = await shiftedTo(100);
    await leaveLease(ports);
    await accept(ports)(GREEN_TASK);
    await expectNextMayEnter(ports);
  });
});

describe('a release that is stopped', () => {
  test('frees the environment, leaves traffic alone, and raises one ticket', async () => {
    const ports = await inTheShadow();
    const { ticket, ...output } = await stop(ports)(END);
    expect(output).toEqual({ outcome: 'stopped', environment: 'Production', release: '1.1.0' });
    expect(await environment(ports)).toMatchObject({ live: { version: '1.0.0' }, weights: { blue: 100 }, slots: { green: { version: '1.1.0' } } });
    expect((await environment(ports)).lock).toBeUndefined();
    expect(await release(ports)).toMatchObject({ status: 'stopped', reached: { Production: 'stopped' } });
    expect(await ports.ledger.tickets()).toEqual([
      expect.objectContaining({ ...FAILURE, fingerprint: ticket, releases: ['1.1.0'], count: 1, outcome: 'stopped' }),
    ]);
    expect(ports.ledger.happened().slice(-2)).toEqual(['ReleaseStopped', 'TicketRaised']);
    expect(ports.liveRule.writes).toEqual([]);
  });

  test('twice is stopped once', async () => {
    const ports = await inTheShadow();
    const first = await stop(ports)(END);
    const once = snapshot(ports);
    expect(await stop(ports)(END)).toEqual(first);
    expect(snapshot(ports)).toEqual(once);
  });

  test('lets the next one in, although a writer died here and left its lease', async () => {
    const ports = await inTheShadow();
    await leaveLease(ports);
    await stop(ports)(END);
    await expectNextMayEnter(ports);
  });

  test('voids its open gate here, and no other', async () => {
    const goNoGo = { party: { name: 'change authority', members: [] }, timeoutSeconds: 60 };
    const plans = [examplePlan('Preproduction', { goNoGo }), examplePlan('Production', { goNoGo })];
    const ports = exampleWorld(plans);
    await inTheShadow(ports);
    for (const plan of plans) {
      const gate = openGate({ plan, release: await release(ports), gate: 'goNoGo', now: ports.clock.now(), token: 't', execution: 'e' });
      if (gate !== 'notNeeded') ports.ledger.seed(gate);
    }
    await stop(ports)(END);
    expect((await ports.ledger.gates('1.1.0')).map(({ environment, status }) => [environment, status])).toEqual([
      ['Preproduction', 'open'],
      ['Production', 'void'],
    ]);
  });

  test('that never got in leaves the environment to whom it belongs, and raises its ticket', async () => {
    const ports = await inTheShadow();
    register(ports, exampleRelease('1.2.0'));
    const before = await environment(ports);
    await stop(ports)({ ...taskInput('1.2.0'), failure: FAILURE });
    expect(await environment(ports)).toEqual(before);
    expect(await release(ports, '1.2.0')).toMatchObject({ status: 'stopped', reached: { Production: 'stopped' } });
    expect(await ports.ledger.tickets()).toMatchObject([{ releases: ['1.2.0'] }]);
  });

  describe('by a machine of an earlier attempt', () => {
    const goNoGo = { party: { name: 'change authority', members: [] }, timeoutSeconds: 60 };
    const plan = examplePlan('Production', { goNoGo });
    const second = { attempt: 2, execution: `${exampleRelease('1.1.0').execution.slice(0, -1)}2`, reached: { Production: 'entered' as const } };
    const asked = (of: Release, execution: string) => openGate({ plan, release: of, gate: 'goNoGo', now: '2026-01-05T09:00:00.000Z', token: 't', execution });

    /** The second attempt of 1.1.0 is under way, and asks people by the machine of this execution. */
    async function again(execution = `arn:of:Payments-Production:1.1.0-2-Production`): Promise<InMemoryPorts> {
      const ports = exampleWorld([plan]);
      ports.ledger.seed(exampleRelease('1.1.0', [plan], second));
      const gate = asked(await release(ports), execution);
      if (gate !== 'notNeeded') ports.ledger.seed(gate);
      return ports;
    }

    test('that never held the environment goes on by its current one, and people are still asked', async () => {
      const ports = await again();
      const { items } = ports.ledger.snapshot();
      await stop(ports)(END);
      const [ticket] = await ports.ledger.tickets();
      expect(ports.ledger.snapshot().items).toEqual({ ...items, [`ticket ${ticket?.fingerprint}`]: ticket });
      expect(ports.bus.published[0]).toMatchObject({ what: 'ReleaseStopped', detail: { freed: false, currentAttempt: false } });
    });

    test('that held the environment frees it and closes its own gate, and the release has the outcome of its current one', async () => {
      const ports = await again(END.execution);
      const lock = { release: '1.1.0', execution: END.execution, colour: 'green', since: 'then', shifted: false };
      ports.ledger.seed({ ...(await environment(ports)), lock });
      await stop(ports)(END);
      expect((await environment(ports)).lock).toBeUndefined();
      expect(await release(ports)).toMatchObject({ status: 'submitted', reached: { Production: 'stopped' } });
      expect(await ports.ledger.gates('1.1.0')).toMatchObject([{ status: 'void' }]);
    });

    test.each([
      ['its path machine', second.execution],
      ['the machine of the environment', 'arn:of:Payments-Production:1.1.0-2-Production'],
    ])('is told from one of the current attempt: %s closes the release', async (_title, execution) => {
      const ports = await again();
      await stop(ports)({ ...END, execution });
      expect(await release(ports)).toMatchObject({ status: 'stopped', reached: { Production: 'stopped' } });
      expect(await ports.ledger.gates('1.1.0')).toMatchObject([{ status: 'void' }]);
      expect(ports.bus.published[0]?.detail).not.toHaveProperty('currentAttempt');
    });

    test.each([
      '1.1.0-22-Production',
      '1.1.0-2-Preproduction',
      '1.1.0-2',
      '1.1.0-1-Production',
    ])('%s is no machine of its second attempt here', async (name) => {
      const ports = await again();
      await stop(ports)({ ...END, execution: `arn:of:Payments-Production:${name}` });
      expect((await release(ports)).status).toBe('submitted');
    });
  });

  test('with a failure that is known counts on its ticket', async () => {
    const ports = await inTheShadow();
    await stop(ports)(END);
    register(ports, exampleRelease('1.2.0'));
    await stop(ports)({ ...taskInput('1.2.0'), failure: { ...FAILURE, actual: 'something else' } });
    expect(await ports.ledger.tickets()).toMatchObject([{ releases: ['1.1.0', '1.2.0'], count: 2, actual: 'something else' }]);
  });

  test('after a shift is not stopped: only a roll back is right, and nothing changes', async () => {
    const ports = await shiftedTo(10);
    const before = snapshot(ports);
    await expect(stop(ports)(END)).rejects.toMatchObject({ name: 'Conflict', message: expect.stringContaining('cannot be stopped, only rolled back') });
    expect(snapshot(ports)).toEqual(before);
  });

  test('while somebody may be writing the live rule is tried again later', async () => {
    const ports = await inTheShadow();
    ports.ledger.seed({ ...(await environment(ports)), lease: { owner: 'o', fence: 9, expiresAt: ports.clock.later(60) } });
    const before = snapshot(ports);
    await expect(stop(ports)(END)).rejects.toMatchObject({ name: 'Retry' });
    expect(snapshot(ports)).toEqual(before);
  });

  test('and was never submitted still raises a ticket: a machine started by hand must not end unseen', async () => {
    const ports = exampleWorld();
    await stop(ports)({ ...taskInput('9.9.9'), failure: FAILURE });
    expect(await ports.ledger.tickets()).toMatchObject([{ releases: ['9.9.9'] }]);
    expect(await ports.ledger.release('9.9.9')).toBeUndefined();
  });
});

describe('a release that has come to the end of its path', () => {
  const input = (given: Partial<FinishInput> = {}): FinishInput => ({
    release: '1.1.0',
    execution: exampleRelease('1.1.0').execution,
    outcome: 'live',
    environment: 'Production',
    ...given,
  });
  const refusedAtTheFirebreak = {
    step: 'Wait at the firebreak in front of Production',
    subject: 'party security',
    expected: 'accepted',
    actual: 'refused by arn:service-manager: not now',
    logs: 'arn',
  };

  test('is recorded as it ended, once', async () => {
    const ports = exampleWorld();
    await finish(ports)(input());
    expect((await release(ports)).status).toBe('live');
    const once = snapshot(ports);
    await finish(ports)(input());
    expect(snapshot(ports)).toEqual(once);
    expect(ports.ledger.happened()).toEqual(['ReleaseFinished']);
    expect(await ports.ledger.tickets()).toEqual([]);
  });

  test('raises the ticket for a firebreak that was refused', async () => {
    const ports = exampleWorld();
    await finish(ports)(input({ outcome: 'stopped', failure: refusedAtTheFirebreak }));
    expect(await release(ports)).toMatchObject({ status: 'stopped', reached: { Production: 'stopped' } });
    expect(await ports.ledger.tickets()).toMatchObject([{ ...refusedAtTheFirebreak, environment: 'Production', releases: ['1.1.0'], count: 1 }]);
    expect(ports.ledger.happened()).toEqual(['ReleaseFinished', 'TicketRaised']);
  });

  test('raises none for what its environment has raised already', async () => {
    const ports = await inTheShadow();
    await stop(ports)(END);
    await finish(ports)(input({ outcome: 'stopped', failure: refusedAtTheFirebreak }));
    expect(await ports.ledger.tickets()).toHaveLength(1);
  });

  test('raises one for its next attempt, though the one before has left one', async () => {
    const ports = await inTheShadow();
    await stop(ports)(END);
    const again = { ...(await release(ports)), status: 'submitted' as const, attempt: 2, execution: 'arn:second', reached: {} };
    const submitted = { at: ports.clock.now(), what: 'ReleaseSubmitted' as const, release: '1.1.0', who: 'arn:service-manager', detail: {} };
    await ports.ledger.commit({ put: [again], audit: [submitted] });
    await finish(ports)(input({ execution: 'arn:second', outcome: 'stopped', failure: refusedAtTheFirebreak }));
    expect(await ports.ledger.tickets()).toHaveLength(2);
  });

  test('leaves what an environment has recorded: it knows better', async () => {
    const ports = exampleWorld();
    ports.ledger.seed({ ...(await release(ports)), status: 'rolledBack' });
    await finish(ports)(input({ outcome: 'stopped' }));
    expect((await release(ports)).status).toBe('rolledBack');
  });

  test('does not touch a later attempt', async () => {
    const ports = exampleWorld();
    ports.ledger.seed({ ...(await release(ports)), attempt: 2, execution: 'arn:second' });
    const before = snapshot(ports);
    await finish(ports)(input({ outcome: 'stopped' }));
    expect(snapshot(ports)).toEqual(before);
  });
});
