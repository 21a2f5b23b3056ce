import type { SNSEvent } from 'aws-lambda';
import { accept } from '../../lambda/handlers/accept';
import { alarmRaised } from '../../lambda/handlers/alarm-raised';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { openGate } from '../../lambda/handlers/open-gate';
import { readGates } from '../../lambda/handlers/read-gates';
import { runTest } from '../../lambda/handlers/run-test';
import { startBake } from '../../lambda/handlers/start-bake';
import { call } from './api-call';
import { FIREBREAK, GO_NO_GO, session } from './example-gate';
import { enterInput, examplePlan, exampleRelease, exampleWorld, register } from './example-path';
import { alarmOf } from './fake-slots';
import type { InMemoryPorts } from './in-memory-ports';
import { bake, GREEN_TASK, shift } from './story';
import { exampleBody, publish } from './submission-body';

const ALARM = alarmOf('Payments-Production-Green');
const SINCE = '2026-01-05T08:00:00.000Z';
const WHY = 'the database is slow, 1.1.0 asks it less';

/** 1.1.0 has been deployed to green, whose alarm has been firing for an hour, for what all versions share. */
async function deployed(fixForward: string | undefined = WHY, plan = examplePlan()): Promise<InMemoryPorts> {
  const ports = exampleWorld([plan]);
  register(ports, exampleRelease('1.1.0', [plan], { ...(fixForward !== '' && { fixForward }) }));
  ports.alarms.firing.add(ALARM);
  ports.alarms.since = SINCE;
  expect(await enter(ports)(await enterInput(ports, '1.1.0'))).toMatchObject({ outcome: 'entered' });
  return ports;
}
const baked = async (ports: InMemoryPorts) => {
  await bake(ports, 10);
  return ports.machines.answers.at(-1)?.answer;
};
/** As it may be late, or come twice. */
const noticed = (ports: InMemoryPorts, since: string) => {
  const Message = JSON.stringify({ AlarmName: ALARM, NewStateValue: 'ALARM', NewStateReason: 'too slow', StateChangeTime: since.replace('Z', '+0000') });
  return alarmRaised(ports)({ Records: [{ Sns: { Message } }] } as unknown as SNSEvent);
};
const gates = (ports: InMemoryPorts) => readGates(ports)({ ...GREEN_TASK, percent: 10 });

test('without it a release whose alarm fires stops before anybody is asked', async () => {
  const ports = await deployed('');
  ports.clock.sleep = async (milliseconds) => void ports.clock.advance(milliseconds / 1000);
  expect(await deploy(ports)(GREEN_TASK)).toMatchObject({ outcome: 'failed', failure: { subject: `alarm ${ALARM}` } });
});

test('what fires when it has been deployed is recorded, once, and does not count: not after tests, nor before a shift, nor in a bake', async () => {
  const ports = await deployed();
  expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
  expect((await ports.ledger.environment('Production')).slots.green?.firedBefore).toEqual([
    { alarm: ALARM, reason: ports.alarms.reason, since: SINCE, byState: 'it is a composite alarm' },
  ]);
  expect(ports.bus.published.at(-1)).toMatchObject({ what: 'AlarmsFiredBefore', why: WHY, detail: { alarms: [{ alarm: ALARM, since: SINCE }] } });
  expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
  expect(ports.ledger.happened().filter((what) => what === 'AlarmsFiredBefore')).toHaveLength(1);
  expect(await runTest(ports)({ ...GREEN_TASK, test: 'health' })).toEqual({ verdict: 'passed' });
  expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
  expect(await baked(ports)).toBeUndefined();
  expect(await gates(ports)).toEqual({ verdict: 'passed' });
});

describe('where it says what it measures, it is held against what that was:', () => {
  const slow = (...values: (number | null)[]) => {
    const raised = { periods: 1, breaching: 1, raisedBy: 'more', threshold: 1, raisedAt: true } as const;
    return { values, ...raised, by: 'p99', what: 'p99 of the response time', unit: 's' };
  };
  async function deployedAt(seconds: number, plan = examplePlan()): Promise<InMemoryPorts> {
    const ports = await deployed(WHY, plan);
    ports.alarms.measured = slow(seconds - 0.5, seconds, null);
    expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
    return ports;
  }
  const WORSE = 'p99 of the response time 2.3 s, was 2 s before the fix-forward, allowed: at most 2.2 s';

  test('it is recorded, and told', async () => {
    const ports = await deployedAt(2);
    const baseline = { was: 2, allowed: 2.2, by: 'p99' };
    expect((await ports.ledger.environment('Production')).slots.green?.firedBefore).toEqual([
      { alarm: ALARM, reason: ports.alarms.reason, since: SINCE, baseline },
    ]);
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'AlarmsFiredBefore', detail: { alarms: [{ baseline }] } });
  });

  test('no worse does not count', async () => {
    const ports = await deployedAt(2);
    ports.alarms.measured = slow(9, 2.2, null);
    expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
    expect(await runTest(ports)({ ...GREEN_TASK, test: 'health' })).toEqual({ verdict: 'passed' });
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
    expect(await baked(ports)).toBeUndefined();
    expect(await gates(ports)).toEqual({ verdict: 'passed' });
  });

  test('worse counts, wherever alarms are read, and says by how much', async () => {
    const failure = { subject: `alarm ${ALARM}`, actual: expect.stringContaining(WORSE) };
    const ports = await deployedAt(2);
    ports.alarms.measured = slow(2.3);
    expect(await runTest(ports)({ ...GREEN_TASK, test: 'health' })).toMatchObject({ verdict: 'failed', failure });
    expect(await shift(ports, 10)).toMatchObject({ outcome: 'refused', failure });
    ports.alarms.measured = slow(2);
    await shift(ports, 10);
    ports.alarms.measured = slow(2.3);
    expect(await baked(ports)).toMatchObject({ error: 'AlarmRaised', cause: expect.stringContaining(WORSE) });
    const later = await deployedAt(2);
    await shift(later, 10);
    expect(await baked(later)).toBeUndefined();
    later.alarms.measured = slow(2.3);
    expect(await gates(later)).toMatchObject({ verdict: 'failed', failure });
  });

  test('it is looked at when people have decided behind the last step, too', async () => {
    const steps = [{ percent: 100, bakeSeconds: 300, pause: GO_NO_GO }];
    const ports = await deployedAt(2, examplePlan('Production', { steps }));
    expect(await shift(ports, 100)).toEqual({ outcome: 'shifted' });
    await startBake(ports)({ ...GREEN_TASK, percent: 100, asks: 'pause', token: 'p' });
    const body = { environment: 'Production', decision: 'accept', reason: 'orders look right', digest: 'digest-of-1.1.0' };
    expect((await call(ports, session('ChangeAuthority'), 'POST /releases/1.1.0/decisions', body)).status).toBe(200);
    ports.alarms.measured = slow(2.3);
    expect(await accept(ports)(GREEN_TASK)).toMatchObject({ outcome: 'refused', failure: { actual: expect.stringContaining(WORSE) } });
    ports.alarms.measured = slow(2.2);
    expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
  });

  test('without a value it is inconclusive once it has baked, and stops nothing before', async () => {
    const ports = await deployedAt(2);
    ports.alarms.measured = slow(null, null, null);
    expect(await runTest(ports)({ ...GREEN_TASK, test: 'health' })).toEqual({ verdict: 'passed' });
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
    expect(await baked(ports)).toBeUndefined();
    expect(await gates(ports)).toMatchObject({ verdict: 'inconclusive', failure: { subject: `alarm ${ALARM}`, actual: expect.stringContaining(ALARM) } });
    ports.alarms.measured = { unknown: 'not authorized' };
    expect(await gates(ports)).toMatchObject({ verdict: 'inconclusive', failure: { actual: expect.stringContaining('not authorized') } });
  });

  test.each([1.5, 9])('changed since to measure something else, %d is neither better nor worse: inconclusive', async (seconds) => {
    const ports = await deployedAt(2);
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
    ports.alarms.measured = { ...slow(seconds), by: 'average' };
    expect(await baked(ports)).toBeUndefined();
    const actual = `inconclusive: ${ALARM}: it measures something else than before the fix-forward (${ports.alarms.reason})`;
    expect(await gates(ports)).toMatchObject({ verdict: 'inconclusive', failure: { actual } });
  });

  test('nothing measured then: judged by its state, and says why', async () => {
    const ports = await deployed();
    ports.alarms.measured = slow(null, null);
    await deploy(ports)(GREEN_TASK);
    expect((await ports.ledger.environment('Production')).slots.green?.firedBefore).toMatchObject([{ byState: 'it has measured nothing lately' }]);
    ports.alarms.measured = slow(9);
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
  });

  test('what its alarm allows is never worse: silence had raised it, and values come back', async () => {
    const ports = await deployed();
    ports.alarms.measured = slow(0.2, 0.2, null);
    await deploy(ports)(GREEN_TASK);
    ports.alarms.measured = slow(0.9);
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
    ports.alarms.measured = slow(1);
    expect(await shift(ports, 50)).toMatchObject({
      outcome: 'refused',
      failure: { actual: expect.stringContaining('p99 of the response time 1 s, was 0.2 s before the fix-forward, allowed: less than 1 s') },
    });
  });

  test('quiet meanwhile, it counts however little it measures', async () => {
    const ports = await deployedAt(2);
    ports.alarms.since = ports.clock.now();
    ports.alarms.measured = slow(1.2);
    expect(await shift(ports, 10)).toMatchObject({ outcome: 'refused' });
  });

  test('people are told from where on it counts', async () => {
    const ports = await deployedAt(2, examplePlan('Production', { goNoGo: GO_NO_GO }));
    await openGate(ports)({ ...GREEN_TASK, gate: 'goNoGo', token: 'g' });
    const [gate] = await ports.ledger.waitingGates();
    expect(gate?.about).toMatch(/, unless it gets worse than 2.2; it was 2$/);
  });
});

describe('counts as ever:', () => {
  async function baking(): Promise<InMemoryPorts> {
    const ports = await deployed();
    await deploy(ports)(GREEN_TASK);
    await shift(ports, 10);
    return ports;
  }

  test('one that has been quiet since, and fires again', async () => {
    const ports = await baking();
    ports.alarms.since = ports.clock.now();
    expect(await baked(ports)).toMatchObject({ error: 'AlarmRaised' });
    const other = await baking();
    await bake(other, 10);
    other.alarms.since = other.clock.now();
    expect(await gates(other)).toMatchObject({ verdict: 'failed', failure: { subject: `alarm ${ALARM}` } });
  });

  test('a notice that it has been quiet since, and fires again', async () => {
    const ports = await baking();
    await baked(ports);
    await noticed(ports, SINCE);
    expect(ports.machines.answers).toEqual([]);
    await noticed(ports, ports.clock.now());
    expect(ports.machines.answers).toMatchObject([{ answer: { error: 'AlarmRaised' } }]);
  });

  test('one of which nobody knows since when', async () => {
    const ports = await baking();
    ports.alarms.since = undefined;
    expect(await shift(ports, 50)).toMatchObject({ outcome: 'refused', failure: { subject: `alarm ${ALARM}` } });
  });

  test('one that did not fire then', async () => {
    const ports = await deployed();
    ports.alarms.firing.clear();
    expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
    ports.alarms.firing.add(ALARM);
    expect(await shift(ports, 10)).toMatchObject({ outcome: 'refused', failure: { subject: `alarm ${ALARM}` } });
  });

  test('everything else: a health gate, too few requests', async () => {
    const ports = await baking();
    ports.health.requestsSeen = 0;
    await bake(ports, 10);
    expect(await gates(ports)).toMatchObject({ verdict: 'inconclusive' });
  });
});

test('people see that it is one, why, and what fires; it skips neither firebreak nor go/no-go', async () => {
  const plan = examplePlan('Production', { firebreak: { ...FIREBREAK, when: [] }, goNoGo: GO_NO_GO });
  const ports = await deployed(WHY, plan);
  await openGate(ports)({ ...GREEN_TASK, gate: 'firebreak', token: 'f' });
  await deploy(ports)(GREEN_TASK);
  await openGate(ports)({ ...GREEN_TASK, gate: 'goNoGo', token: 'g' });
  const status = (await call(ports, session('ReleaseManager'), 'GET /status')).body;
  expect(status.openGates.map(({ about }: { about: string }) => about)).toEqual(
    expect.arrayContaining([WHY, `${WHY}; fires since before it, and does not count: ${ALARM} since ${SINCE} (${ports.alarms.reason})`]),
  );
  expect(status.releases).toMatchObject([{ version: '1.1.0', fixForward: WHY }]);
  expect(await shift(ports, 10)).toMatchObject({ outcome: 'refused', failure: { subject: 'the firebreak in front of Production' } });
});

test('is declared with a reason, which is in the audit trail, by every door', async () => {
  const ports = exampleWorld();
  const body = { ...exampleBody('1.2.0', [examplePlan()]), fixForward: ` ${WHY} ` };
  publish(ports, body);
  const submit = (given: object) => call(ports, session('Pipeline'), 'POST /releases', { ...body, ...given });
  for (const fixForward of ['', '  ']) {
    expect(await submit({ fixForward })).toMatchObject({
      status: 400,
      body: { code: 'BadInput', message: expect.stringContaining('fixForward must say why') },
    });
  }
  expect(await submit({})).toMatchObject({ status: 200 });
  expect(await ports.ledger.release('1.2.0')).toMatchObject({ fixForward: WHY });
  expect(ports.bus.published.at(-1)).toMatchObject({ what: 'ReleaseSubmitted', detail: { fixForward: WHY } });
});
