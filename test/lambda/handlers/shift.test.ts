import { LEASE_SECONDS } from '../../../lambda/contract';
import { Conflict } from '../../../lambda/domain/errors';
import { openGate } from '../../../lambda/domain/gates/gate';
import type { EnvironmentState, Gate } from '../../../lambda/domain/model';
import { deploy } from '../../../lambda/handlers/deploy';
import { enter } from '../../../lambda/handlers/enter';
import { moveTraffic } from '../../../lambda/handlers/move-traffic';
import { examplePlan, exampleRelease, exampleWorld, register, snapshot, taskInput } from '../example-path';
import { alarmOf, targetGroupOf } from '../fake-slots';
import { type InMemoryPorts, inMemoryPorts } from '../in-memory-ports';
import { BLUE, END, GREEN, GREEN_TASK, inTheShadow, rule, shift, shiftedTo } from '../story';

const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const ALARM = alarmOf('Payments-Production-Green');

describe('a shift', () => {
  test('gives the shadow its share, step by step, and at 100 leaves only it in the rule', async () => {
    const ports = await inTheShadow();
    const seen = [];
    for (const percent of [10, 50, 100]) {
      expect(await shift(ports, percent)).toEqual({ outcome: 'shifted' });
      seen.push(await rule(ports));
    }
    expect(seen).toEqual([{ [BLUE]: 90, [GREEN]: 10 }, { [BLUE]: 50, [GREEN]: 50 }, { [GREEN]: 100 }]);
    expect(ports.liveRule.writes).toHaveLength(3);
    expect(await environment(ports)).toMatchObject({ weights: { green: 100 }, lock: { shifted: true }, live: { version: '1.0.0' } });
    expect((await ports.ledger.release('1.1.0'))?.reached.Production).toBe('shifting');
  });

  test('records what it was, what it is, and gives the lease back', async () => {
    const ports = await shiftedTo(10);
    const shifted = ports.bus.published.find(({ what }) => what === 'TrafficShifted');
    expect(shifted).toMatchObject({ who: GREEN_TASK.execution, detail: { percent: 10, weights: { blue: 90, green: 10 }, was: { blue: 100 } } });
    const { lease, lock } = await environment(ports);
    expect(lease).toEqual({ owner: 'name-1', fence: 1, expiresAt: '' });
    expect(lock).not.toHaveProperty('intended');
  });

  test('tells the ledger that traffic may have moved before it writes the rule', async () => {
    const ports = await inTheShadow();
    let atTheWrite: EnvironmentState | undefined;
    const write = ports.liveRule.write.bind(ports.liveRule);
    ports.liveRule.write = async (plan, rule, weights) => {
      atTheWrite = await environment(ports);
      return write(plan, rule, weights);
    };
    await shift(ports, 10);
    expect(atTheWrite).toMatchObject({
      weights: { blue: 100 },
      lock: { shifted: true, intended: { blue: 90, green: 10 } },
      lease: { fence: 1, expiresAt: expect.stringContaining('2026') },
    });
  });

  test('asked for again finds its own work: no write, no event', async () => {
    const ports = await shiftedTo(10);
    const before = { rule: ports.liveRule.snapshot(), writes: ports.liveRule.writes.length, audit: ports.ledger.snapshot().audit };
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
    expect({ rule: ports.liveRule.snapshot(), writes: ports.liveRule.writes.length, audit: ports.ledger.snapshot().audit }).toEqual(before);
  });

  test('of a first release goes from 0 to 100 at its first step, says so, and the other steps find it done', async () => {
    const ports = inMemoryPorts([examplePlan()]);
    register(ports, exampleRelease('1.1.0'));
    expect(await enter(ports)(taskInput('1.1.0'))).toEqual({ outcome: 'entered', colour: 'blue' });
    const task = { ...taskInput('1.1.0'), colour: 'blue' };
    await deploy(ports)(task);
    for (const percent of [10, 50, 100]) expect(await moveTraffic(ports)({ ...task, percent })).toEqual({ outcome: 'shifted' });
    expect(ports.liveRule.writes).toEqual([{ environment: 'Production', weights: { [BLUE]: 100 } }]);
    const shifts = ports.bus.published.filter(({ what }) => what === 'TrafficShifted');
    expect(shifts.map(({ detail }) => [detail.percent, detail.atOnce])).toEqual([[100, 'nothing was live, so this step is 0 -> 100 instead of 10 percent']]);
  });
});

describe('the one writer', () => {
  test('waits for another one, and writes when that has given its lease back', async () => {
    const ports = await inTheShadow();
    const state = await environment(ports);
    ports.ledger.seed({ ...state, lease: { owner: 'another', fence: 7, expiresAt: ports.clock.later(LEASE_SECONDS) } });
    ports.clock.meanwhile = async () => {
      const now = await environment(ports);
      if (now.lease?.owner === 'another') ports.ledger.seed({ ...now, revision: now.revision + 1, lease: { ...now.lease, expiresAt: '' } });
    };
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
    expect((await environment(ports)).lease?.fence).toBe(8);
  });

  test('does not wait longer than it may run: the machine tries again, nothing was touched', async () => {
    const ports = await inTheShadow();
    const state = await environment(ports);
    ports.ledger.seed({ ...state, lease: { owner: 'another', fence: 7, expiresAt: ports.clock.later(LEASE_SECONDS) } });
    const before = snapshot(ports);
    await expect(shift(ports, 10)).rejects.toMatchObject({ name: 'Retry', message: expect.stringContaining('another writer holds the live rule') });
    expect(snapshot(ports)).toEqual(before);
    expect(ports.clock.slept.reduce((sum, each) => sum + each, 0)).toBeLessThan(30_000);
  });

  test('of two at once, one writes and the other finds it done', async () => {
    const ports = await inTheShadow();
    expect(await Promise.all([shift(ports, 10), shift(ports, 10)])).toEqual([{ outcome: 'shifted' }, { outcome: 'shifted' }]);
    expect(ports.liveRule.writes).toHaveLength(1);
    expect(ports.ledger.happened().filter((what) => what === 'TrafficShifted')).toHaveLength(1);
  });

  test('keeps its lease when it cannot know whether its write happened', async () => {
    const ports = await inTheShadow();
    ports.liveRule.refuseNextWrite(new Error('socket hang up'));
    await expect(shift(ports, 10)).rejects.toMatchObject({ name: 'Retry' });
    expect((await environment(ports)).lease?.expiresAt).toBe(ports.clock.later(LEASE_SECONDS));
    ports.clock.advance(LEASE_SECONDS);
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
  });

  test('gives it back when the write was turned down', async () => {
    const ports = await inTheShadow();
    ports.liveRule.refuseNextWrite(new Conflict('the rule is gone'));
    await expect(shift(ports, 10)).rejects.toThrow('the rule is gone');
    expect((await environment(ports)).lease?.expiresAt).toBe('');
  });

  test('does not believe a write it cannot read back', async () => {
    const ports = await inTheShadow();
    ports.liveRule.loseNextWrite();
    await expect(shift(ports, 10)).rejects.toThrow('was written as blue 90, green 10, and holds blue 100');
    expect(await environment(ports)).toMatchObject({ weights: { blue: 100 }, lock: { shifted: true } });
  });

  test('records a write that a dead one before it had made', async () => {
    const ports = await inTheShadow();
    ports.liveRule.failAfterNextWrite(new Error('socket hang up'));
    await expect(shift(ports, 10)).rejects.toMatchObject({ name: 'Retry' });
    ports.clock.advance(LEASE_SECONDS);
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
    expect(ports.liveRule.writes).toHaveLength(1);
    expect((await environment(ports)).weights).toEqual({ blue: 90, green: 10 });
  });
});

/** Traffic and what the ledger holds of it stay exactly as they were; only the lease's number has risen. */
async function refused(ports: InMemoryPorts, percent = 10, events: string[] = []): Promise<string> {
  const items = () => {
    const { items } = ports.ledger.snapshot();
    const { lease: _lease, revision: _revision, ...production } = items['environment Production'] as EnvironmentState;
    return { ...items, 'environment Production': production };
  };
  const before = { items: items(), rule: ports.liveRule.snapshot(), happened: ports.ledger.happened(), writes: ports.liveRule.writes.length };
  const output = await shift(ports, percent);
  expect({ items: items(), rule: ports.liveRule.snapshot(), happened: ports.ledger.happened(), writes: ports.liveRule.writes.length }).toEqual({
    ...before,
    happened: [...before.happened, ...events],
  });
  expect(output.outcome).toBe('refused');
  expect((await environment(ports)).lease?.expiresAt ?? '').toBe('');
  return `${output.failure?.subject}: expected ${output.failure?.expected}, found ${output.failure?.actual}`;
}

test('a call that comes when its release has ended takes no lease: where it died, that would keep every later release out', async () => {
  const ports = await shiftedTo(10);
  await moveTraffic(ports)(END);
  const before = ports.ledger.snapshot();
  expect(await shift(ports, 50)).toMatchObject({ outcome: 'refused', failure: { step: 'Shift Production to 50 percent', actual: 'nobody holds it' } });
  expect(ports.ledger.snapshot()).toEqual(before);
});

describe('leaves ledger and traffic exactly as they were:', () => {
  test.each([
    ['somebody moved traffic by hand', { [BLUE]: 80, [GREEN]: 20 }, 'blue 80, green 20'],
    ['somebody put another target group in', { 'arn:stranger': 100 }, 'arn:stranger 100'],
    ['the rule serves no slot', 'other', 'no slot: 503'],
    ['somebody removed it', 'gone', 'nothing: the rule is not there any more'],
  ] as const)('a live rule that is not what the ledger says: %s', async (_how, held, words) => {
    const ports = await inTheShadow();
    ports.liveRule.set('Production', held);
    const said = await refused(ports, 10, ['MismatchFound']);
    expect(said).toContain('expected what the ledger recorded: blue 100, found');
    expect(said).toContain(words);
    expect(ports.bus.published.at(-1)?.detail).toMatchObject({ expected: 'blue 100', actual: expect.stringContaining(words) });
  });

  test('a rule that serves a slot before any release is live', async () => {
    const ports = inMemoryPorts([examplePlan()]);
    const state: EnvironmentState = {
      ...(await ports.ledger.environment('Production')),
      slots: { green: { version: '1.1.0', digest: 'digest-of-1.1.0', targetGroupArn: GREEN, alarms: [] } },
      lock: { release: '1.1.0', execution: GREEN_TASK.execution, colour: 'green', since: 'then', shifted: false },
    };
    ports.ledger.seed(state, exampleRelease('1.1.0'));
    ports.liveRule.set('Production', { [targetGroupOf('Stranger')]: 100 });
    expect(await refused(ports, 10, ['MismatchFound'])).toContain('expected what the ledger recorded: no slot: 503');
  });

  test('an alarm of the new slot that fires already', async () => {
    const ports = await inTheShadow();
    ports.alarms.firing.add(ALARM);
    expect(await refused(ports)).toBe(`alarm ${ALARM}: expected not in ALARM before traffic moves, found in ALARM already: ${ALARM}: ${ports.alarms.reason}`);
  });

  test('an alarm of the new slot that does not exist', async () => {
    const ports = await inTheShadow();
    ports.alarms.missing.add(ALARM);
    expect(await refused(ports)).toContain('expected exists, to watch the slot, found missing');
  });

  test('a new slot with no healthy target', async () => {
    const ports = await inTheShadow();
    ports.targets.unhealthy.add(GREEN);
    expect(await refused(ports)).toContain('expected at least one healthy, found none in green');
  });

  test('a slot that has lost its targets since the step before: it keeps its share, and gets no more', async () => {
    const ports = await shiftedTo(10);
    ports.targets.unhealthy.add(GREEN);
    const failure = {
      subject: "the targets of Production's shadow",
      expected: 'at least one healthy',
      actual: expect.stringMatching(/^none in green: .* submit the release again/),
    };
    expect(await shift(ports, 50)).toMatchObject({ outcome: 'refused', failure });
    expect(await rule(ports)).toEqual({ [BLUE]: 90, [GREEN]: 10 });
  });

  test('a slot that holds another version, or none', async () => {
    const ports = await inTheShadow();
    const state = await environment(ports);
    ports.ledger.seed({ ...state, slots: { ...state.slots, green: { ...(state.slots.green as EnvironmentState['slots'][string]), digest: 'other' } } });
    expect(await refused(ports)).toContain('slot green: expected holds this release, found holds 1.1.0, digest other');
    ports.ledger.seed({ ...(await environment(ports)), slots: { blue: state.slots.blue as EnvironmentState['slots'][string] } });
    expect(await refused(ports)).toContain('found was not deployed');
  });

  test('a live version whose slot was lost: there would be nothing to go back to', async () => {
    const ports = await inTheShadow();
    const state = await environment(ports);
    ports.ledger.seed({ ...state, slots: { green: state.slots.green as EnvironmentState['slots'][string] } });
    expect(await refused(ports)).toContain('slot blue: expected holds what is live, to go back to');
  });

  test('a release that was aborted', async () => {
    const ports = await inTheShadow();
    const release = await ports.ledger.release('1.1.0');
    ports.ledger.seed({ ...exampleRelease('1.1.0'), ...release, aborted: { by: 'arn:service-manager', reason: 'wrong branch', at: 'now' } });
    expect(await refused(ports)).toContain('aborted by arn:service-manager: wrong branch');
  });

  test('a release aborted between the check and the write', async () => {
    const ports = await inTheShadow();
    const abort = async () => {
      const release = await ports.ledger.release('1.1.0');
      if (release) await ports.ledger.commit({ put: [{ ...release, aborted: { by: 'arn:service-manager', reason: 'wrong branch', at: 'now' } }], audit: [] });
    };
    // First commit: the lease. Second: the write-ahead, which the abort is faster than.
    ports.ledger.raceNextCommit(async () => ports.ledger.raceNextCommit(abort));
    expect(await shift(ports, 10)).toMatchObject({ outcome: 'refused', failure: { actual: 'aborted by arn:service-manager: wrong branch' } });
    expect(ports.liveRule.writes).toEqual([]);
    expect((await environment(ports)).lock?.shifted).toBe(false);
  });

  test('a release whose roll back was asked for', async () => {
    const ports = await shiftedTo(10);
    ports.ledger.seed({ ...(await environment(ports)), rollBackRequested: { by: 'arn:service-manager', reason: 'slow', at: 'now' } });
    expect(await refused(ports, 50)).toContain('arn:service-manager asked for it: slow');
  });

  test('an execution that does not hold the lock', async () => {
    const ports = exampleWorld();
    expect(await refused(ports)).toContain('the lock of Production: expected held by this release and execution, found nobody holds it');
    expect(ports.log.lines.at(-1)).toMatchObject({ message: 'shift refused', fields: { percent: 10, actual: 'nobody holds it' } });
  });

  test('a step that would take traffic away from the new version', async () => {
    // The first step of this plan is 50, so that the refusal of 10 is an answer and not a conflict.
    const ports = await shiftedTo(50, exampleWorld([examplePlan('Production', { steps: [{ percent: 50, bakeSeconds: 0 }] })]));
    expect(await refused(ports, 10)).toContain('expected at most 10 percent so far, found 50 percent');
    expect(await rule(ports)).toEqual({ [BLUE]: 50, [GREEN]: 50 });
  });
});

describe('an approval', () => {
  const goNoGo = { party: { name: 'change authority', members: ['arn:aws:iam::111111111111:role/ChangeAuthority'] }, timeoutSeconds: 3600 };
  const plan = examplePlan('Production', { goNoGo });

  async function asked(given: Partial<Gate>): Promise<InMemoryPorts> {
    const ports = await inTheShadow(exampleWorld([plan]));
    const release = (await ports.ledger.release('1.1.0')) ?? exampleRelease('1.1.0');
    const gate = openGate({ plan, release, gate: 'goNoGo', now: ports.clock.now(), token: 't', execution: GREEN_TASK.execution });
    if (gate !== 'notNeeded') ports.ledger.seed({ ...gate, ...given });
    return ports;
  }

  test('that was given for this digest and evidence lets traffic move', async () => {
    expect(await shift(await asked({ status: 'passed' }), 10)).toEqual({ outcome: 'shifted' });
  });

  test.each([
    ['was never asked for', undefined, 'never opened'],
    ['is open', {}, 'open'],
    ['was refused', { status: 'refused' }, 'refused'],
    ['was for another digest', { status: 'passed', digest: 'other' }, 'the acceptances are void'],
    ['was for other evidence', { status: 'passed', evidenceDigest: 'other' }, 'the acceptances are void'],
  ] as [string, Partial<Gate> | undefined, string][])('that %s does not', async (_how, given, words) => {
    const ports = given ? await asked(given) : await inTheShadow(exampleWorld([plan]));
    expect(await refused(ports)).toContain(words);
  });
});

test('a first step that was refused after an earlier try had written is a conflict: only a roll back is right then', async () => {
  const ports = await inTheShadow();
  ports.liveRule.loseNextWrite();
  await expect(shift(ports, 10)).rejects.toThrow(Conflict);
  ports.alarms.firing.add(ALARM);
  await expect(shift(ports, 10)).rejects.toThrow('an earlier try may have moved traffic');
});
