import type { EndOutput } from '../../../lambda/contract';
import { openGate } from '../../../lambda/domain/gates/gate';
import type { EnvironmentState, Release } from '../../../lambda/domain/model';
import { releaseSummary } from '../../../lambda/domain/views/views-release';
import { accept } from '../../../lambda/handlers/accept';
import { deploy } from '../../../lambda/handlers/deploy';
import { enter } from '../../../lambda/handlers/enter';
import { moveTraffic } from '../../../lambda/handlers/move-traffic';
import { startBake } from '../../../lambda/handlers/start-bake';
import { examplePlan, exampleRelease, exampleWorld, register, taskInput } from '../example-path';
import { alarmOf } from '../fake-slots';
import { type InMemoryPorts, inMemoryPorts } from '../in-memory-ports';
import { BLUE, bake, END, FAILURE, GREEN, GREEN_TASK, rule, shift, shiftedTo } from '../story';

const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const rollBack = (ports: InMemoryPorts) => moveTraffic(ports)(END) as Promise<EndOutput>;
const writesOf = async (ports: InMemoryPorts, act: () => Promise<unknown>) => {
  const before = ports.liveRule.writes.length;
  await act();
  return ports.liveRule.writes.slice(before);
};

describe('the roll back of a release in flight', () => {
  test.each([10, 50, 100])('from %p percent is one write, and everything is as before the release entered', async (percent) => {
    const start = await environment(exampleWorld());
    const ports = await shiftedTo(percent);
    await bake(ports, percent);
    expect(await writesOf(ports, () => rollBack(ports))).toEqual([{ environment: 'Production', weights: { [BLUE]: 100 } }]);
    const { revision: _r, lease, slots, ...after } = await environment(ports);
    const { revision: _s, slots: _slots, ...before } = start;
    expect(after).toEqual(before);
    expect(lease?.expiresAt).toBe('');
    expect(slots.green?.version).toBe('1.1.0');
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ status: 'rolledBack', reached: { Production: 'rolledBack' } });
  });

  test('raises one ticket with the evidence, and says what it did', async () => {
    const ports = await shiftedTo(10);
    const { ticket } = await rollBack(ports);
    expect(await ports.ledger.tickets()).toEqual([
      expect.objectContaining({ ...FAILURE, fingerprint: ticket, environment: 'Production', releases: ['1.1.0'], count: 1, outcome: 'rolledBack' }),
    ]);
    expect(ports.ledger.happened().slice(-2)).toEqual(['ReleaseRolledBack', 'TicketRaised']);
    const detail = ports.bus.published.find(({ what }) => what === 'ReleaseRolledBack')?.detail;
    expect(detail).toMatchObject({ weights: { blue: 100 }, was: { blue: 90, green: 10 }, writes: 1, ticket });
  });

  test.each([
    [
      'an alarm, and then by a person',
      ['AlarmRaised: alarm errors of slot green at 10 percent: sum of 5xx: 5', 'RollBackRequested: sam asked for it: slow'],
      2,
    ],
    ['a person, and of the next release by a person, too', ['RollBackRequested: sam asked for it: slow', 'RollBackRequested: kim asked for it: prices'], 2],
    ['an alarm that comes back', ['AlarmRaised: alarm errors of slot green at 10 percent: 5', 'AlarmRaised: alarm errors of slot green at 10 percent: 9'], 1],
  ] as const)('by %s: no evidence is lost', async (_what, [first, second], count) => {
    const ports = await shiftedTo(10);
    const back = (release: string, actual: string) => moveTraffic(ports)({ ...END, ...taskInput(release), failure: { ...FAILURE, actual } });
    await back('1.1.0', first);
    register(ports, exampleRelease('1.2.0'));
    await enter(ports)(taskInput('1.2.0'));
    await deploy(ports)({ ...taskInput('1.2.0'), colour: 'green' });
    expect(await moveTraffic(ports)({ ...taskInput('1.2.0'), colour: 'green', percent: 10 })).toEqual({ outcome: 'shifted' });
    await back('1.2.0', second);
    const tickets = await ports.ledger.tickets();
    expect(tickets).toHaveLength(count);
    const said = tickets.flatMap(({ actual, earlier = [] }) => [actual, ...earlier.map((found) => found.actual)]);
    for (const told of [first, second]) expect(said).toContainEqual(expect.stringContaining(told.slice(told.lastIndexOf(': '))));
    expect(tickets.map(({ subject }) => subject)).not.toContain('the new version');
  });

  test('asked for again finds its own work: no write, no event, no second ticket, nor a lease that would stay where it dies', async () => {
    const ports = await shiftedTo(50);
    const first = await rollBack(ports);
    const { lease } = await environment(ports);
    const once = { rule: ports.liveRule.snapshot(), audit: ports.ledger.snapshot().audit, tickets: await ports.ledger.tickets() };
    expect(await writesOf(ports, async () => expect(await rollBack(ports)).toEqual(first))).toEqual([]);
    expect({ rule: ports.liveRule.snapshot(), audit: ports.ledger.snapshot().audit, tickets: await ports.ledger.tickets() }).toEqual(once);
    expect((await environment(ports)).lease).toEqual(lease);
  });

  test('is not held up by acceptances that do not count any more, which its next shift is', async () => {
    const party = { name: 'change authority', members: ['arn:aws:iam::111111111111:role/ChangeAuthority'] };
    const plan = examplePlan('Production', { goNoGo: { party, timeoutSeconds: 3600 } });
    const ports = exampleWorld([plan]);
    const release = (await ports.ledger.release('1.1.0')) as Release;
    const gate = openGate({ plan, release, gate: 'goNoGo', now: ports.clock.now(), token: 't', execution: END.execution });
    if (gate === 'notNeeded') throw new Error('it is asked');
    ports.ledger.seed({ ...gate, status: 'passed' });
    await shiftedTo(10, ports);
    const stored = (await ports.ledger.release('1.1.0')) as Release;
    const late = { test: 'health', environment: 'Production', verdict: 'failed', at: ports.clock.now() } as const;
    await ports.ledger.commit({ put: [{ ...stored, evidence: { 'Production/health': late } }], audit: [] });
    expect(await shift(ports, 50)).toMatchObject({ outcome: 'refused', failure: { actual: expect.stringContaining('the acceptances are void') } });
    expect(await rollBack(ports)).toMatchObject({ outcome: 'rolledBack' });
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
  });

  test('by the machine and the safety net at once is one roll back', async () => {
    const ports = await shiftedTo(50);
    const outputs = await Promise.all([rollBack(ports), rollBack(ports)]);
    expect(outputs[0]).toEqual(outputs[1]);
    expect(ports.ledger.happened().filter((what) => what === 'ReleaseRolledBack')).toHaveLength(1);
    expect(await ports.ledger.tickets()).toMatchObject([{ count: 1 }]);
  });

  test('does not write a rule that is there already', async () => {
    const ports = await shiftedTo(10);
    ports.liveRule.set('Production', { [BLUE]: 100 });
    expect(await writesOf(ports, () => rollBack(ports))).toEqual([]);
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
    expect((await environment(ports)).lock).toBeUndefined();
  });

  test.each([
    ['weights somebody changed', { [BLUE]: 1, [GREEN]: 99 }],
    ['a target group somebody put in', { 'arn:stranger': 100 }],
  ] as const)('records %s, and writes the accepted target all the same', async (_what, held) => {
    const ports = await shiftedTo(10);
    ports.liveRule.set('Production', held);
    expect(await writesOf(ports, () => rollBack(ports))).toHaveLength(1);
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
    expect(ports.ledger.happened().slice(-3)).toEqual(['MismatchFound', 'ReleaseRolledBack', 'TicketRaised']);
    expect(ports.bus.published.find(({ what }) => what === 'MismatchFound')?.detail).toMatchObject({ expected: 'blue 90, green 10' });
  });

  test('takes what a writer that died may have written for what it is, not for a mismatch', async () => {
    const ports = await shiftedTo(10);
    const state = await environment(ports);
    ports.ledger.seed({ ...state, lock: { ...(state.lock as NonNullable<EnvironmentState['lock']>), intended: { blue: 50, green: 50 } } });
    ports.liveRule.set('Production', { [BLUE]: 50, [GREEN]: 50 });
    await rollBack(ports);
    expect(ports.ledger.happened()).not.toContain('MismatchFound');
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
  });

  test('of a first release puts back what the rule served before any', async () => {
    const ports = inMemoryPorts([examplePlan()]);
    register(ports, exampleRelease('1.1.0'));
    await enter(ports)(taskInput('1.1.0'));
    const task = { ...taskInput('1.1.0'), colour: 'blue' };
    await deploy(ports)(task);
    await moveTraffic(ports)({ ...task, percent: 10 });
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
    expect(await writesOf(ports, () => rollBack(ports))).toEqual([{ environment: 'Production', weights: 'original' }]);
    expect(await rule(ports)).toBe('other');
    expect((await environment(ports)).weights).toEqual({});
  });

  test('of a first release says what is true: it had all of the traffic, and users are answered 503 again', async () => {
    const ports = inMemoryPorts([examplePlan()]);
    register(ports, exampleRelease('1.1.0'));
    await enter(ports)(taskInput('1.1.0'));
    const task = { ...taskInput('1.1.0'), colour: 'blue' };
    await deploy(ports)(task);
    await moveTraffic(ports)({ ...task, percent: 10 });
    ports.alarms.firing.add(alarmOf('Payments-Production-Blue'));
    await startBake(ports)({ ...task, percent: 10, bakeSeconds: 300, token: 't' });
    const cause = `alarm Payments-Production-Blue-errors of slot blue at 100 percent: in ALARM when the bake started: ${ports.alarms.reason}`;
    expect(ports.machines.answers).toEqual([{ token: 't', answer: { error: 'AlarmRaised', cause } }]);
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'AlarmRaised', detail: { percent: 100 } });

    await rollBack(ports);
    const actual = `${FAILURE.actual}; nothing was live before, so all of the live traffic was on it from the first step on, and users are answered 503 again, "no release is live yet"`;
    expect(await ports.ledger.tickets()).toEqual([expect.objectContaining({ step: FAILURE.step, subject: 'the new version', actual })]);
    const event = ports.bus.published.find(({ what }) => what === 'ReleaseRolledBack');
    expect(event).toMatchObject({ why: `${FAILURE.step}: ${FAILURE.subject}: ${actual}`, detail: { live: null, failure: { actual } } });
    const release = (await ports.ledger.release('1.1.0')) as Release;
    expect(releaseSummary(release, [], [await environment(ports)]).now).toBe('rolled back in Production, where no release is live: users are answered 503');
  });

  test('closes the gates that are still open, asks none of them, and no alarm of the new slot stops it', async () => {
    const goNoGo = { party: { name: 'change authority', members: [] }, timeoutSeconds: 60 };
    const plan = examplePlan('Production', { goNoGo });
    const ports = await shiftedTo(10);
    const release = await ports.ledger.release('1.1.0');
    const gate = release && openGate({ plan, release, gate: 'goNoGo', now: ports.clock.now(), token: 't', execution: 'e' });
    if (gate && gate !== 'notNeeded') ports.ledger.seed(gate);
    ports.targets.unhealthy.add(GREEN);
    ports.alarms.firing.add('Payments-Production-Green-errors');
    expect(await rollBack(ports)).toMatchObject({ outcome: 'rolledBack' });
    expect(await ports.ledger.gate('1.1.0', 'Production', 'goNoGo')).toMatchObject({ status: 'void' });
  });

  const unhealthy = async (ports: InMemoryPorts): Promise<void> => {
    ports.targets.unhealthy.add(BLUE);
  };
  const overwritten = async (ports: InMemoryPorts): Promise<void> => {
    const state = await environment(ports);
    ports.ledger.seed({ ...state, slots: { green: state.slots.green as EnvironmentState['slots'][string] } });
  };
  test.each([
    ['has no healthy target', unhealthy, 'slot blue with 1.0.0 has no healthy target'],
    ['no longer holds the version', overwritten, 'slot blue does not hold 1.0.0 any more'],
  ] as const)('holds when the accepted target %s: traffic and lock stay, and one ticket says so however often it is tried', async (_why, spoil, words) => {
    const ports = await shiftedTo(10);
    await spoil(ports);
    const before = await rule(ports);
    for (const _try of [1, 2, 3]) await expect(rollBack(ports)).rejects.toThrow(words);
    expect(await rule(ports)).toEqual(before);
    expect(ports.liveRule.writes).toHaveLength(1); // the shift
    expect((await environment(ports)).lock?.release).toBe('1.1.0');
    expect(await ports.ledger.tickets()).toMatchObject([{ step: 'Roll back Production', count: 1, actual: expect.stringContaining(words) }]);
  });

  test('where somebody removed the live rule ends the release, writes nothing, and its ticket says what is wrong and the way out', async () => {
    const ports = await shiftedTo(10);
    ports.liveRule.set('Production', 'gone');
    expect(await writesOf(ports, () => rollBack(ports))).toEqual([]);
    expect(await environment(ports)).not.toHaveProperty('lock');
    expect(ports.bus.published.find(({ what }) => what === 'MismatchFound')?.detail).toMatchObject({ actual: 'nothing: the rule is not there any more' });
    const [ticket] = await ports.ledger.tickets();
    expect(ticket).toMatchObject({ subject: FAILURE.subject, actual: expect.stringContaining(`${FAILURE.actual}; and the live rule is not there any more`) });
    expect(ticket?.actual).toContain('cdk deploy -c live-rule-anew=<any text> of the front door, give traffic back with ptl recover');
  });

  test('goes on once the accepted target serves again', async () => {
    const ports = await shiftedTo(10);
    ports.targets.unhealthy.add(BLUE);
    await expect(rollBack(ports)).rejects.toThrow('holds');
    ports.targets.unhealthy.clear();
    expect(await rollBack(ports)).toMatchObject({ outcome: 'rolledBack' });
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
  });

  test('of a release that does not hold the environment is a conflict that changes nothing', async () => {
    const ports = await shiftedTo(100);
    await accept(ports)(GREEN_TASK);
    const before = { rule: ports.liveRule.snapshot(), audit: ports.ledger.snapshot().audit };
    await expect(rollBack(ports)).rejects.toThrow('nobody holds it, and 1.1.0 is live');
    expect({ rule: ports.liveRule.snapshot(), audit: ports.ledger.snapshot().audit }).toEqual(before);
  });

  test('that cannot be read back is tried again, not believed', async () => {
    const ports = await shiftedTo(10);
    ports.liveRule.loseNextWrite();
    await expect(rollBack(ports)).rejects.toThrow('was written as blue 100, and holds blue 90, green 10');
    expect(await rollBack(ports)).toMatchObject({ outcome: 'rolledBack' });
  });
});

describe('the roll back of a release that is live', () => {
  const request = { environment: 'Production', who: 'arn:service-manager', reason: 'slow since Friday' };

  async function accepted(): Promise<InMemoryPorts> {
    const ports = await shiftedTo(100);
    expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
    return ports;
  }

  /** Of the slot that 1.1.0 is in. */
  const LOGS = 'log groups of the stack Payments-Production-Green in 222222222222, eu-west-2';

  test('puts the version before live again, with one write, new tags and a ticket', async () => {
    const ports = await accepted();
    expect(await writesOf(ports, async () => expect(await moveTraffic(ports)(request)).toEqual({ outcome: 'rolledBack' }))).toEqual([
      { environment: 'Production', weights: { [BLUE]: 100 } },
    ]);
    expect(await environment(ports)).toMatchObject({ live: { version: '1.0.0' }, previous: { version: '1.1.0' }, weights: { blue: 100 } });
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ status: 'rolledBack', reached: { Production: 'rolledBack' } });
    expect((await ports.ledger.release('1.0.0'))?.reached.Production).toBe('live');
    expect(ports.liveRule.tags.Production).toEqual({ colour: 'blue', version: '1.0.0', targetGroupArn: BLUE });
    expect(await ports.ledger.tickets()).toMatchObject([
      { releases: ['1.1.0'], actual: expect.stringContaining('arn:service-manager rolled it back: slow since Friday'), logs: LOGS },
    ]);
    expect(ports.bus.published.at(-2)).toMatchObject({ what: 'ReleaseRolledBack', who: 'arn:service-manager', why: 'slow since Friday' });
  });

  test('records a rule that is not what the ledger says, and writes it all the same', async () => {
    const ports = await accepted();
    ports.liveRule.set('Production', { 'arn:stranger': 1 });
    expect(await moveTraffic(ports)(request)).toEqual({ outcome: 'rolledBack' });
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
    expect(ports.ledger.happened()).toContain('MismatchFound');
  });

  test('is finished by asking again after its writer died', async () => {
    const ports = await accepted();
    ports.liveRule.failAfterNextWrite(new Error('socket hang up'));
    await expect(moveTraffic(ports)(request)).rejects.toMatchObject({ name: 'Retry' });
    ports.clock.advance(120);
    expect(await writesOf(ports, async () => expect(await moveTraffic(ports)(request)).toEqual({ outcome: 'rolledBack' }))).toEqual([]);
    expect((await environment(ports)).live?.version).toBe('1.0.0');
  });

  describe('is refused, and leaves ledger and traffic exactly as they were:', () => {
    async function refused(ports: InMemoryPorts, asked = request): Promise<string> {
      const items = () => JSON.stringify(ports.ledger.snapshot(), (key, value) => (key === 'lease' || key === 'revision' ? undefined : value));
      const before = [items(), JSON.stringify(ports.liveRule.snapshot()), ports.liveRule.writes.length];
      const answer = await moveTraffic(ports)(asked);
      expect([items(), JSON.stringify(ports.liveRule.snapshot()), ports.liveRule.writes.length]).toEqual(before);
      if (!('failure' in answer) || answer.outcome !== 'refused') throw new Error('was not refused');
      return `expected ${answer.failure?.expected}, found ${answer.failure?.actual}`;
    }

    test('twice: the bad version would be live again', async () => {
      const ports = await accepted();
      await moveTraffic(ports)(request);
      expect(await refused(ports)).toContain('1.1.0 was rolled back already, and 1.0.0 is what it was rolled back to: submit a new version');
    });

    test('with a release in flight', async () => {
      expect(await refused(await shiftedTo(10))).toContain('release 1.1.0 holds Production since');
    });

    test('with nothing live, or an environment nobody knows', async () => {
      expect(await refused(inMemoryPorts([examplePlan()]))).toContain('nothing is live in "Production"');
      expect(await refused(exampleWorld(), { ...request, environment: 'Staging' })).toContain('nothing is live in "Staging"');
    });

    test('with no version before, or its slot overwritten', async () => {
      expect(await refused(exampleWorld())).toContain('no slot holds a version that was live before');
      const ports = await accepted();
      const state = await environment(ports);
      ports.ledger.seed({ ...state, slots: { ...state.slots, blue: { ...(state.slots.blue as EnvironmentState['slots'][string]), digest: 'other' } } });
      expect(await refused(ports)).toContain('slot blue does not hold 1.0.0 any more');
    });

    test('with a live rule that somebody removed', async () => {
      const ports = await accepted();
      ports.liveRule.set('Production', 'gone');
      expect(await refused(ports)).toContain('expected a live rule, found somebody removed it');
    });

    test('with nothing healthy to go back to', async () => {
      const ports = await accepted();
      ports.targets.unhealthy.add(BLUE);
      expect(await refused(ports)).toContain('slot blue with 1.0.0 has none: traffic stays on 1.1.0');
    });
  });
});
