import { ERRORS, type GatePlan, type StartBakeInput } from '../../../../lambda/contract';
import { Retry } from '../../../../lambda/domain/errors';
import { isAlarmOf, noticeOf } from '../../../../lambda/domain/health/alarm';
import { bakeOf, shareOf, waitingBake, withBake, withBakeRead } from '../../../../lambda/domain/health/bake';
import { toldAtOnce, unlessAlarmed } from '../../../../lambda/domain/health/baking';
import { waitForOldAlarms } from '../../../../lambda/domain/health/old-alarms';
import { raisedByTests } from '../../../../lambda/domain/health/raised-by-tests';
import { notBaked, quiet, raisedMeanwhile, readGate } from '../../../../lambda/domain/health/reading';
import { ofAlarms, ofProbe, ofTeamsFunction } from '../../../../lambda/domain/health/verdict';
import type { Bake, EnvironmentState } from '../../../../lambda/domain/model';
import { examplePlan, exampleRelease, exampleSlot, exampleWorld, liveEnvironment } from '../../example-path';
import { alarmOf } from '../../fake-slots';
import type { InMemoryPorts } from '../../in-memory-ports';
import { GREEN, GREEN_TASK, inTheShadow } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const PLAN = examplePlan();
const SLOT = exampleSlot('1.1.0', 'Payments-Production-Green');
const ALARM = alarmOf('Payments-Production-Green');
const PROBE = '/aws/lambda/Payments-Production-probe in 222222222222, eu-west-2';
const firing = [
  { alarm: 'errors', reason: 'too many' },
  { alarm: 'latency', reason: 'too slow' },
];
const bake: Bake = { token: 't', release: '1.1.0', colour: 'green', percent: 10, startedAt: NOW };

describe('the alarms of a slot say', () => {
  const enough = { seen: 10, minimum: 10 };
  test.each<[string, Parameters<typeof ofAlarms>, object]>([
    [
      'which fire, and why',
      [['errors', 'latency'], { firing, missing: [] }, enough],
      { verdict: 'failed', subject: 'alarm errors', expected: 'no alarm of the slot in ALARM', actual: 'in ALARM: errors: too many; latency: too slow' },
    ],
    [
      'which are missing',
      [['errors', 'latency'], { firing: [], missing: ['latency', 'errors'] }, enough],
      { verdict: 'inconclusive', subject: 'alarm latency', expected: 'every alarm of the slot exists', actual: 'missing: latency, errors' },
    ],
    [
      'that there are none',
      [[], { firing: [], missing: [] }, enough],
      { verdict: 'inconclusive', subject: 'the alarms of the slot', expected: 'at least one', actual: 'the slot stack has none' },
    ],
    [
      'which cannot be held against what they were before a fix-forward',
      [['errors'], { firing: [], missing: [], unmeasured: firing }, enough],
      {
        verdict: 'inconclusive',
        subject: 'alarm errors, latency',
        expected: 'a value to hold against what it was before the fix-forward',
        actual: 'errors: too many; latency: too slow',
      },
    ],
    [
      'how much they have seen',
      [['errors'], { firing: [], missing: [] }, { seen: 9, minimum: 10 }],
      {
        verdict: 'inconclusive',
        subject: 'the requests the slot had',
        expected: 'at least 10 requests to the slot while it baked',
        actual: '9 requests, no alarm',
      },
    ],
  ])('%s', (_, given, reading) => {
    expect(ofAlarms(...given)).toEqual(reading);
  });
});

test('a slot that closes the connection failed, and what it answered is told in part', () => {
  const asked = { path: '/health', expectStatus: 200 };
  expect(ofProbe(asked, { status: 0, milliseconds: 7, body: '' }).actual).toBe('no answer in 7 ms: the connection was closed');
  expect(ofProbe(asked, { status: 500, milliseconds: 7, body: 'x'.repeat(501) }).actual).toBe(`status 500 in 7 ms: ${'x'.repeat(500)}`);
});

test('a function of a team that says no more than a verdict is told by that; what is no verdict, by what it should be', () => {
  expect(ofTeamsFunction({ verdict: 'failed' }, 'arn:f', 'test')).toEqual({ verdict: 'failed', expected: 'passed', actual: 'failed', logs: 'arn:f' });
  expect(ofTeamsFunction(undefined, 'arn:f', 'test')).toEqual({
    verdict: 'error',
    expected: 'a verdict: failed, error, inconclusive, passed',
    actual: 'the test function answered null',
    logs: 'arn:f',
  });
  expect(ofTeamsFunction({ verdict: 'x'.repeat(600) } as never, 'arn:f', 'gate').actual).toHaveLength('the gate function answered '.length + 500);
  expect(ofTeamsFunction({ verdict: 'passed', actual: 'y'.repeat(2_000) }, 'arn:f', 'gate').actual).toBe('y'.repeat(2_000));
});

describe('a health gate', () => {
  const baked = { plan: PLAN, state: liveEnvironment('1.0.0', 'Production', { weights: { blue: 90, green: 10 } }), bake, slot: SLOT };
  const HTTP: GatePlan = { kind: 'http', path: '/health', expectStatus: 200, timeoutSeconds: 5 };
  const LAMBDA: GatePlan = { kind: 'lambda', name: 'Orders', functionArn: 'arn:f', timeoutSeconds: 5 };
  const METRIC: GatePlan = { kind: 'metric', name: 'ErrorRate', queries: [], periodSeconds: 60, minimumDatapoints: 1, atMost: 1 };
  const away = () => Promise.reject(new Error('AccessDenied'));

  test.each<[string, GatePlan, (ports: InMemoryPorts) => unknown, string, string]>([
    ['of alarms', { kind: 'alarms', minimumRequests: 1 }, (ports) => Object.assign(ports.alarms, { read: away }), 'the alarms of the slot', PROBE],
    ['that asks the slot', HTTP, (ports) => Object.assign(ports.tests, { answer: away }), 'health gate /health', PROBE],
    ['that asks a function', LAMBDA, (ports) => Object.assign(ports.tests, { run: away }), 'health gate Orders', 'arn:f'],
    ['that looks at a metric', METRIC, (ports) => Object.assign(ports.metrics, { values: away }), 'health gate ErrorRate', GREEN],
  ])('%s is told by what it looks at, and where its logs are; what cannot be read is an error', async (_, gate, spoil, subject, logs) => {
    const ports = exampleWorld();
    if (gate.kind !== 'alarms') expect(await readGate(ports, gate, baked)).toMatchObject({ verdict: 'passed', subject, logs });
    else expect(await readGate(ports, gate, baked)).toMatchObject({ verdict: 'passed', subject: 'the requests the slot had', logs: ALARM });
    spoil(ports);
    expect(await readGate(ports, gate, baked)).toEqual({ verdict: 'error', subject, expected: 'the gate can be read', actual: 'AccessDenied', logs });
  });

  test('of a slot without alarms is looked for at its target group', async () => {
    const reading = await readGate(exampleWorld(), { kind: 'alarms', minimumRequests: 1 }, { ...baked, slot: { ...SLOT, alarms: [] } });
    expect(reading).toMatchObject({ verdict: 'inconclusive', logs: GREEN });
  });

  test('that nothing could have ended is inconclusive, and an error where people are asked about what is; nothing to read was quiet', () => {
    const about = { subject: 'the bake at 10 percent', logs: 'l' };
    const never = { ...about, expected: 'its token was stored before it began', actual: 'no token of it is stored, so no alarm could have ended it' };
    expect(notBaked({}, 10, 'l')).toEqual({ verdict: 'inconclusive', ...never });
    expect(notBaked({ inconclusive: { party: { name: 'p', members: [] }, timeoutSeconds: 1 } }, 10, 'l')).toEqual({ verdict: 'error', ...never });
    expect(quiet(10, 'l')).toEqual({ verdict: 'passed', ...about, expected: 'nobody ends it', actual: 'nobody did' });
  });

  test('that an alarm has overtaken finds it', async () => {
    const ports = exampleWorld();
    expect(await raisedMeanwhile(ports, PLAN, SLOT)).toEqual([]);
    ports.alarms.firing.add(ALARM);
    expect(await raisedMeanwhile(ports, PLAN, SLOT)).toMatchObject([{ verdict: 'failed', subject: `alarm ${ALARM}`, logs: ALARM }]);
    expect(await raisedMeanwhile(ports, PLAN, undefined)).toEqual([]);
  });
});

describe('alarms that tests raise', () => {
  const raised = (ports: InMemoryPorts, slot: typeof SLOT | undefined = SLOT) => raisedByTests(ports, PLAN, GREEN_TASK, slot);

  test('fail what has passed, and quiet ones do not', async () => {
    const ports = exampleWorld();
    expect(await raised(ports)).toBeUndefined();
    ports.alarms.firing.add(ALARM);
    expect(await raised(ports)).toEqual({
      verdict: 'failed',
      subject: `alarm ${ALARM}`,
      expected: 'no alarm of the slot goes off during the tests of Production',
      actual: `went off in green, which serves nobody, during the tests of Production, before anybody was asked: ${ALARM}: ${ports.alarms.reason}`,
      logs: ALARM,
    });
    expect(await raised(ports, { ...SLOT, alarms: [] })).toBeUndefined();
  });

  test('are read patiently where the service is busy, and what cannot be read is an error', async () => {
    const ports = exampleWorld();
    const wrong = { verdict: 'error', subject: 'the alarms of green', expected: 'they can be read once the tests have ended', logs: ALARM };
    ports.alarms.read = async () => Promise.reject(new Retry('throttled'));
    expect(await raised(ports)).toEqual({ ...wrong, actual: 'throttled' });
    expect(ports.clock.slept).toEqual(Array(6).fill(5_000));
    ports.alarms.read = async () => Promise.reject(new Error('AccessDenied'));
    expect(await raised(ports)).toEqual({ ...wrong, actual: 'AccessDenied' });
    expect(ports.clock.slept).toHaveLength(6);
    expect(await raisedByTests(ports, PLAN, GREEN_TASK, undefined)).toMatchObject({ logs: '' });
  });
});

describe('alarms of before a deployment', () => {
  async function firingAfter(seconds: number, remaining = 900_000) {
    const ports = await inTheShadow();
    const since = ports.clock.now();
    ports.clock.advance(seconds);
    ports.alarms.firing.add(ALARM);
    Object.assign(ports, { remainingMilliseconds: () => remaining });
    return { ports, since };
  }
  const failure = (seconds: number, reason: string) => ({
    step: 'Deploy to the shadow slot of Production',
    subject: `alarm ${ALARM}`,
    expected: 'not in ALARM 600 seconds after the slot was deployed, before anybody is asked',
    actual: `in ALARM, ${seconds} seconds after green was deployed, which serves nobody (${ALARM}: ${reason}): find out what raises it, and submit the release again when it is quiet`,
    logs: ALARM,
  });

  test('are waited for until they are quiet, with one line of the log', async () => {
    const { ports, since } = await firingAfter(0);
    ports.clock.meanwhile = () => {
      if (ports.clock.slept.length === 3) ports.alarms.firing.clear();
    };
    const lines = ports.log.lines.length;
    expect(await waitForOldAlarms(ports, GREEN_TASK, since)).toEqual({ outcome: 'deployed' });
    expect(ports.clock.slept).toEqual([5_000, 5_000, 5_000]);
    const fields = { release: '1.1.0', environment: 'Production', slot: 'green', firing: ALARM, seconds: 0 };
    expect(ports.log.lines.slice(lines)).toEqual([{ level: 'info', message: 'waits for alarms of the slot', fields }]);
  });

  test('that fire ten minutes later stop the release, and not before', async () => {
    const { ports, since } = await firingAfter(595);
    expect(await waitForOldAlarms(ports, GREEN_TASK, since)).toEqual({ outcome: 'failed', failure: failure(600, ports.alarms.reason) });
    expect(ports.clock.slept).toEqual([5_000]);
  });

  test.each([
    [34_999, 'deploying', 0],
    [35_000, 'failed', 1],
  ])('are left to the next run with %i ms left: %s', async (remaining, outcome, slept) => {
    const { ports, since } = await firingAfter(595, remaining);
    expect(await waitForOldAlarms(ports, GREEN_TASK, since)).toMatchObject({ outcome });
    expect(ports.clock.slept).toHaveLength(slept);
  });

  test('are no matter once the release is to stop', async () => {
    const { ports, since } = await firingAfter(0);
    const release = await ports.ledger.release('1.1.0');
    if (release) ports.ledger.seed({ ...release, aborted: { by: 'arn:service-manager', reason: 'no', at: NOW } });
    expect(await waitForOldAlarms(ports, GREEN_TASK, since)).toMatchObject({ outcome: 'failed', failure: { actual: 'aborted by arn:service-manager: no' } });
  });
});

describe('the notice of an alarm', () => {
  const NOTICE = {
    AlarmName: 'errors',
    NewStateValue: 'ALARM',
    NewStateReason: 'why',
    AWSAccountId: '222222222222',
    AlarmArn: 'arn:aws:cloudwatch:eu-west-2:2:alarm:errors',
  };
  const READ = { name: 'errors', state: 'ALARM', reason: 'why', account: '222222222222', region: 'eu-west-2' };

  test.each<[string, unknown, object | undefined]>([
    ['is read', NOTICE, READ],
    ['says since when', { ...NOTICE, StateChangeTime: '2026-01-05T10:00:00.500+0100' }, { ...READ, since: '2026-01-05T09:00:00.500Z' }],
    ['that says no instant says none', { ...NOTICE, StateChangeTime: 'yesterday' }, READ],
    [
      'may say less',
      { AlarmName: 'errors', NewStateValue: 'OK' },
      { name: 'errors', state: 'OK', reason: 'no reason given', account: undefined, region: undefined },
    ],
    ['without a name is none', { ...NOTICE, AlarmName: undefined }, undefined],
    ['without a state is none', { ...NOTICE, NewStateValue: 3 }, undefined],
    ['that is a text is none', 'errors', undefined],
    ['that is null is none', null, undefined],
  ])('%s', (_, message, notice) => {
    expect(noticeOf(JSON.stringify(message))).toEqual(notice);
  });

  test('that is no JSON is none', () => {
    expect(noticeOf('{')).toBeUndefined();
  });

  test.each<[string, Partial<typeof READ>, boolean]>([
    ['of a slot', {}, true],
    ['that does not say where it is', { account: undefined, region: undefined }, true],
    ['of another account', { account: '1' }, false],
    ['of another region', { region: 'us-east-1' }, false],
    ['of another name', { name: 'other' }, false],
  ])('%s', (_, given, isIts) => {
    expect(isAlarmOf({ ...READ, ...given }, PLAN, { ...SLOT, alarms: ['latency', 'errors'] })).toBe(isIts);
  });

  test('of a slot that nobody knows of is of none', () => {
    expect(isAlarmOf(READ, PLAN, undefined)).toBe(false);
  });

  test.each([
    ['since before the fix-forward in the slot is no news', 'errors', '2026-01-05T09:00:00.000Z', false],
    ['of an earlier time that it fired is none either', 'errors', '2026-01-05T08:00:00.000Z', false],
    ['may differ by a fraction', 'errors', '2026-01-05T09:00:01.999Z', false],
    ['that has been quiet, and fires again, is news', 'errors', '2026-01-05T09:00:02.000Z', true],
    ['of another alarm is news', 'latency', '2026-01-05T09:00:00.000Z', true],
    ['that does not say since when is news', 'errors', undefined, true],
  ])('%s', (_, name, since, isNews) => {
    const firedBefore = [{ alarm: 'errors', reason: 'why', since: '2026-01-05T09:00:00.000Z' }];
    expect(isAlarmOf({ ...READ, name, since }, PLAN, { alarms: ['latency', 'errors'], firedBefore })).toBe(isNews);
  });
});

describe('a bake', () => {
  const input = (given: Partial<StartBakeInput> & { readonly asks?: string } = {}) =>
    ({ ...GREEN_TASK, percent: 10, bakeSeconds: 1, token: 'new', ...given }) as StartBakeInput;
  const state = (given: Partial<Bake> = {}): EnvironmentState => liveEnvironment('1.0.0', 'Production', { bake: { ...bake, ...given } });

  test.each<[string, Partial<Bake>, object, string]>([
    ['takes the place of the step before', {}, { percent: 50 }, 'new'],
    ['of the step before comes late', { percent: 50 }, {}, 't'],
    ['comes late once people are asked at its step', { asks: 'pause' }, {}, 't'],
    ['is followed by the question what is inconclusive', {}, { asks: 'inconclusive' }, 'new'],
    ['is followed by the pause', { asks: 'inconclusive' }, { asks: 'pause' }, 'new'],
    ['is not asked about again after the pause', { asks: 'pause' }, { asks: 'inconclusive' }, 't'],
    ['of the next step follows a pause', { asks: 'pause' }, { percent: 11 }, 'new'],
  ])('%s', (_, stored, given, token) => {
    expect(withBake(state(stored), input(given), NOW).bake?.token).toBe(token);
  });

  test('is the one of its release, slot and step, and of nobody who is asked', () => {
    const step = { release: '1.1.0', colour: 'green', percent: 10 };
    expect(bakeOf(state(), step)).toEqual(bake);
    for (const other of [{ release: '1.2.0' }, { colour: 'blue' }, { percent: 50 }]) expect(bakeOf(state(), { ...step, ...other })).toBeUndefined();
    expect(bakeOf(state({ asks: 'pause' }), step)).toBeUndefined();
    expect(bakeOf(liveEnvironment('1.0.0'), step)).toBeUndefined();
  });

  test('is of the share that the slot has, or is to have', () => {
    expect(shareOf(liveEnvironment('1.0.0', 'Production', { weights: { green: 100 } }), bake)).toBe(100);
    expect(shareOf(liveEnvironment('1.0.0'), bake)).toBe(10);
  });

  test('that was read is waited for no more, and keeps what was not passed', () => {
    const started = { ...state(), bake };
    expect(waitingBake(started)).toEqual(bake);
    expect(waitingBake(withBakeRead(started, NOW))).toBeUndefined();
    expect(withBakeRead(started, NOW).bake).toEqual({ ...bake, readAt: NOW });
    expect(withBakeRead(started, NOW, 'inconclusive').bake).toEqual({ ...bake, readAt: NOW, verdict: 'inconclusive' });
    expect(withBakeRead({ ...started, bake: { ...bake, verdict: 'error' } }, NOW).bake).toEqual({ ...bake, readAt: NOW });
  });

  const lock = { release: '1.1.0', execution: GREEN_TASK.execution, colour: 'green', since: NOW, shifted: true };
  const told = (given: Partial<EnvironmentState>, alarms = firing, release = exampleRelease('1.1.0')) =>
    toldAtOnce({ input: input({ token: 't' }), release, state: { ...state(), lock, ...given }, firing: alarms, now: NOW, asked: undefined })?.deliver;

  test('is told at once what it could not be told before its token was stored', () => {
    const answer = (error: string, cause: string) => [{ to: 'token', token: 't', answer: { error, cause } }];
    const asked = { by: 'arn:service-manager', reason: 'slow', at: NOW };
    expect(told({})).toEqual(answer(ERRORS.alarmRaised, 'alarm errors of slot green at 10 percent: in ALARM when the bake started: too many'));
    expect(told({ bake: { ...bake, asks: 'pause' } })).toEqual(
      answer(ERRORS.alarmRaised, 'alarm errors of slot green at 10 percent: in ALARM when people were asked: too many'),
    );
    expect(told({ rollBackRequested: asked })).toEqual(answer(ERRORS.rollBackRequested, 'arn:service-manager asked for it: slow'));
    expect(told({}, [], exampleRelease('1.1.0', [PLAN], { aborted: asked }))).toEqual(answer(ERRORS.aborted, 'aborted by arn:service-manager: slow'));
    expect([told({}, []), told({ lock: undefined }), told({ bake: { ...bake, token: 'other' } }), told({ bake: undefined })]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('that people have said yes to is no yes while an alarm fires', () => {
    const yes = { put: [], audit: [], deliver: [] };
    const since = { input: input({ token: 't' }), state: state(), now: NOW };
    expect(unlessAlarmed(yes, { ...since, firing: [] })).toBe(yes);
    const change = unlessAlarmed(yes, { ...since, firing });
    const cause = 'alarm errors of slot green at 10 percent: in ALARM when people had decided: too many';
    expect(change.deliver).toEqual([{ to: 'token', token: 't', answer: { error: ERRORS.alarmRaised, cause } }]);
    expect(change.audit).toMatchObject([
      { what: 'AlarmRaised', why: 'too many', detail: { alarm: 'errors', reason: 'too many', colour: 'green', percent: 10 } },
    ]);
  });
});
