import type { SNSEvent } from 'aws-lambda';
import { ERRORS, type GatePlan, type ReadGatesInput } from '../../../lambda/contract';
import { Retry } from '../../../lambda/domain/errors';
import { alarmRaised } from '../../../lambda/handlers/alarm-raised';
import { readGates } from '../../../lambda/handlers/read-gates';
import { examplePlan, exampleRelease, exampleWorld, snapshot } from '../example-path';
import { alarmOf } from '../fake-slots';
import type { InMemoryPorts } from '../in-memory-ports';
import { BLUE, bake, GREEN_TASK, inTheShadow, rule, shift, shiftedTo } from '../story';

const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const ALARM = alarmOf('Payments-Production-Green');
const READ: ReadGatesInput = { ...GREEN_TASK, percent: 10 };

function notice(given: Readonly<Record<string, unknown>> = {}): SNSEvent {
  const alarm = {
    AlarmName: ALARM,
    NewStateValue: 'ALARM',
    NewStateReason: 'Threshold Crossed: 5 errors',
    AWSAccountId: '222222222222',
    Region: 'EU (London)',
    AlarmArn: `arn:aws:cloudwatch:eu-west-2:222222222222:alarm:${ALARM}`,
    ...given,
  };
  return sns(JSON.stringify(alarm));
}
const sns = (message: string) => ({ Records: [{ Sns: { Message: message, TopicArn: 'arn:topic' } }] }) as unknown as SNSEvent;

describe('a bake that starts', () => {
  test('stores its token, and waits', async () => {
    const ports = await shiftedTo(10);
    await bake(ports, 10, 'secret token');
    expect((await environment(ports)).bake).toEqual({ token: 'secret token', release: '1.1.0', colour: 'green', percent: 10, startedAt: ports.clock.now() });
    expect(ports.machines.answers).toEqual([]);
  });

  test('with the same token again changes nothing; with another, as after a retry, the new one counts', async () => {
    const ports = await shiftedTo(10);
    await bake(ports, 10, 'first');
    const once = snapshot(ports);
    await bake(ports, 10, 'first');
    expect(snapshot(ports)).toEqual(once);
    await bake(ports, 10, 'second');
    expect((await environment(ports)).bake?.token).toBe('second');
  });

  test('by a late call of an earlier try, or of the step before, leaves the token for which the machine waits', async () => {
    const ports = await shiftedTo(50);
    await bake(ports, 50, 'waits', { enteredAt: '2026-11-22T10:00:00.000Z', retries: 1 });
    const before = snapshot(ports);
    await bake(ports, 50, 'of an earlier try', { enteredAt: '2026-11-22T10:00:00.000Z', retries: 0 });
    await bake(ports, 10, 'of the step before', { enteredAt: '2026-11-22T09:50:00.000Z', retries: 2 });
    expect(snapshot(ports)).toEqual(before);
    await bake(ports, 50, 'of the next try', { enteredAt: '2026-11-22T10:00:00.000Z', retries: 2 });
    expect((await environment(ports)).bake?.token).toBe('of the next try');
  });

  test('stores the token before it reads the alarms, so that one that fires in between is not missed', async () => {
    const ports = await shiftedTo(10);
    const read = ports.alarms.read.bind(ports.alarms);
    let stored: string | undefined;
    ports.alarms.read = async (plan, names) => {
      stored = (await environment(ports)).bake?.token;
      ports.alarms.firing.add(ALARM);
      return read(plan, names);
    };
    await bake(ports, 10, 'the token');
    expect(stored).toBe('the token');
    expect(ports.machines.answers).toEqual([
      {
        token: 'the token',
        answer: { error: ERRORS.alarmRaised, cause: `alarm ${ALARM} of slot green at 10 percent: in ALARM when the bake started: ${ports.alarms.reason}` },
      },
    ]);
    expect((await environment(ports)).bake).toBeUndefined();
    expect(ports.ledger.happened().at(-1)).toBe('AlarmRaised');
  });

  test('of a release whose roll back was asked for is told so at once', async () => {
    const ports = await shiftedTo(10);
    ports.ledger.seed({ ...(await environment(ports)), rollBackRequested: { by: 'arn:service-manager', reason: 'slow', at: 'now' } });
    await bake(ports, 10, 't');
    expect(ports.machines.answers).toEqual([{ token: 't', answer: { error: ERRORS.rollBackRequested, cause: 'arn:service-manager asked for it: slow' } }]);
  });

  test('of a release that was aborted is told so at once', async () => {
    const ports = await shiftedTo(10);
    const release = await ports.ledger.release('1.1.0');
    ports.ledger.seed({ ...exampleRelease('1.1.0'), ...release, aborted: { by: 'arn:service-manager', reason: 'wrong', at: 'now' } });
    await bake(ports, 10, 't');
    expect(ports.machines.answers).toEqual([{ token: 't', answer: { error: ERRORS.aborted, cause: 'aborted by arn:service-manager: wrong' } }]);
  });

  test('without the lock is a conflict that changes nothing', async () => {
    const ports = exampleWorld();
    const before = snapshot(ports);
    await expect(bake(ports, 10)).rejects.toThrow('release 1.1.0 does not hold Production');
    expect(snapshot(ports)).toEqual(before);
  });

  test('never shows its token in a log line or an event', async () => {
    const ports = await shiftedTo(10);
    ports.alarms.firing.add(ALARM);
    await bake(ports, 10, 'very secret');
    expect(JSON.stringify([ports.log.lines, ports.bus.published])).not.toContain('very secret');
  });
});

describe('an alarm', () => {
  test('of the slot that bakes fails its token within the same transaction as its event', async () => {
    const ports = await shiftedTo(10);
    await bake(ports, 10, 'the token');
    const commits = ports.ledger.commits.length;
    await alarmRaised(ports)(notice());
    expect(ports.machines.answers).toEqual([
      { token: 'the token', answer: { error: ERRORS.alarmRaised, cause: `alarm ${ALARM} of slot green at 10 percent: Threshold Crossed: 5 errors` } },
    ]);
    expect(ports.ledger.commits).toHaveLength(commits + 1);
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'AlarmRaised', release: '1.1.0', environment: 'Production', why: 'Threshold Crossed: 5 errors' });
  });

  test('says what was measured and what is allowed, not only that it fires', async () => {
    const ports = await shiftedTo(10);
    await bake(ports, 10);
    const NewStateReason = 'Threshold Crossed: 1 out of the last 1 datapoints [7.0 (26/11/26 14:00:00)] was greater than or equal to the threshold (5.0).';
    const Trigger = {
      MetricName: 'HTTPCode_Target_5XX_Count',
      StatisticType: 'Statistic',
      Statistic: 'SUM',
      Period: 60,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 5,
    };
    await alarmRaised(ports)(notice({ NewStateReason, Trigger }));
    const said = 'sum of the answers with 5xx: 7 in 1 minute, allowed: less than 5';
    expect(ports.machines.answers[0]?.answer).toEqual({ error: ERRORS.alarmRaised, cause: `alarm ${ALARM} of slot green at 10 percent: ${said}` });
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'AlarmRaised', why: said, detail: { alarm: ALARM, reason: said } });
  });

  test.each([
    ['an expression', { Metrics: [{ Id: 'judged_', Expression: '100 * errors / requests' }], Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' }],
    ['other alarms', undefined],
  ])('on %s says it in CloudWatch’s own words', async (_which, Trigger) => {
    const ports = await shiftedTo(10);
    await bake(ports, 10);
    await alarmRaised(ports)(notice({ NewStateReason: 'it crossed the threshold', Trigger }));
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'AlarmRaised', why: 'it crossed the threshold' });
  });

  test('that is told twice ends the bake once', async () => {
    const ports = await shiftedTo(10);
    await bake(ports, 10);
    await alarmRaised(ports)(notice());
    const once = snapshot(ports);
    await alarmRaised(ports)(notice());
    expect(snapshot(ports)).toEqual(once);
    expect(ports.machines.answers).toHaveLength(1);
  });

  test('whose answer cannot be sent now stays in the outbox', async () => {
    const ports = await shiftedTo(10);
    await bake(ports, 10, 't');
    ports.machines.away = new Error('throttled');
    await alarmRaised(ports)(notice());
    expect((await ports.ledger.outbox()).map(({ delivery }) => delivery)).toEqual([expect.objectContaining({ to: 'token', token: 't' })]);
  });

  test.each([
    ['that is OK again', notice({ NewStateValue: 'OK' })],
    ['that has no data', notice({ NewStateValue: 'INSUFFICIENT_DATA' })],
    ['of the live slot', notice({ AlarmName: alarmOf('Payments-Production-Blue') })],
    ['nobody knows', notice({ AlarmName: 'somebody-elses' })],
    ['of the same name in another account', notice({ AWSAccountId: '333333333333' })],
    ['of the same name in another region', notice({ AlarmArn: `arn:aws:cloudwatch:us-east-1:222222222222:alarm:${ALARM}` })],
    ['that is no alarm', sns('{"hello":"world"}')],
    ['that is no JSON', sns('hello')],
  ])('%s is a line in the log and nothing else', async (_which, event) => {
    const ports = await shiftedTo(10);
    await bake(ports, 10);
    const before = snapshot(ports);
    const lines = ports.log.lines.length;
    await alarmRaised(ports)(event);
    expect(snapshot(ports)).toEqual(before);
    expect(ports.machines.answers).toEqual([]);
    expect(ports.log.lines).toHaveLength(lines + 1);
  });

  test('while nobody bakes, or after the gates were read, is for the next look', async () => {
    const ports = await shiftedTo(10);
    await alarmRaised(ports)(notice());
    await bake(ports, 10);
    await readGates(ports)(READ);
    await alarmRaised(ports)(notice());
    expect(ports.machines.answers).toEqual([]);
    ports.alarms.firing.add(ALARM);
    expect(await shift(ports, 50)).toMatchObject({ outcome: 'refused', failure: { actual: `in ALARM already: ${ALARM}: ${ports.alarms.reason}` } });
  });
});

describe('the health gates after a bake', () => {
  const http: GatePlan = { kind: 'http', path: '/health', expectStatus: 200, timeoutSeconds: 5 };
  const baked = async (gates: readonly GatePlan[] = [{ kind: 'alarms', minimumRequests: 10 }]) => {
    const ports = await shiftedTo(10, exampleWorld([examplePlan('Production', { gates })]));
    await bake(ports, 10);
    return ports;
  };

  test('pass when no alarm fires and there was enough to see', async () => {
    expect(await readGates(await baked())(READ)).toEqual({ verdict: 'passed' });
    expect(await readGates(await baked([]))(READ)).toEqual({ verdict: 'passed' });
  });

  test('fail on an alarm', async () => {
    const ports = await baked();
    ports.alarms.firing.add(ALARM);
    expect(await readGates(ports)(READ)).toEqual({
      verdict: 'failed',
      failure: {
        step: 'Read the health gates of Production at 10 percent',
        subject: `alarm ${ALARM}`,
        expected: 'no alarm of the slot in ALARM',
        actual: `in ALARM: ${ALARM}: p99 of the response time: 1.8 s in 1 minute, allowed: less than 1 s`,
        logs: ALARM,
      },
    });
  });

  test('are inconclusive with too few requests, counted since the bake began on the slot itself', async () => {
    const ports = await baked();
    const asked: unknown[] = [];
    const { startedAt } = (await environment(ports)).bake ?? {};
    ports.clock.advance(300);
    ports.health.requests = async (...args: unknown[]) => {
      asked.push(...args.slice(1));
      return 9;
    };
    expect(await readGates(ports)(READ)).toMatchObject({ verdict: 'inconclusive', failure: { actual: 'inconclusive: 9 requests, no alarm' } });
    expect(asked).toEqual([(await environment(ports)).slots.green?.targetGroupArn, startedAt]);
  });

  test('are inconclusive with a missing alarm', async () => {
    const ports = await baked();
    ports.alarms.missing.add(ALARM);
    expect(await readGates(ports)(READ)).toMatchObject({ verdict: 'inconclusive', failure: { actual: `inconclusive: missing: ${ALARM}` } });
  });

  test.each([
    ['no token was stored', () => shiftedTo(10), 10],
    ['the token stored is of another step', () => baked(), 50],
  ])('are inconclusive when %s', async (_why, world, percent) => {
    const output = await readGates(await world())({ ...READ, percent });
    expect(output).toMatchObject({ verdict: 'inconclusive', failure: { expected: 'its token was stored before it began' } });
  });

  test('fail on an alarm that was told of as the time of the bake was up, and ended it for the ledger alone', async () => {
    const ports = await baked();
    ports.alarms.firing.add(ALARM);
    await alarmRaised(ports)(notice());
    expect(await readGates(ports)(READ)).toMatchObject({ verdict: 'failed', failure: { subject: `alarm ${ALARM}`, logs: ALARM } });
  });

  test('ask the slot itself through the probe', async () => {
    const ports = await baked([http]);
    ports.tests.answer = () => ({ status: 500, milliseconds: 3, body: 'boom' });
    expect(await readGates(ports)(READ)).toMatchObject({ verdict: 'failed', failure: { subject: 'health gate /health', expected: 'status 200 from /health' } });
    expect(ports.tests.probes).toEqual([{ colour: 'green', path: '/health', timeoutSeconds: 5 }]);
  });

  const metric: GatePlan = { kind: 'metric', name: 'ErrorRate', queries: [], periodSeconds: 60, atMost: 1, minimumDatapoints: 2 };

  test('hold what was measured of the slot since the bake began against the limits; no data is inconclusive', async () => {
    const ports = await baked([metric]);
    expect(await readGates(ports)(READ)).toEqual({ verdict: 'passed' });
    const { bake: stored, slots } = await environment(ports);
    expect(ports.metrics.asked).toEqual([
      { gate: 'ErrorRate', slot: { colour: 'green', version: '1.1.0', targetGroupArn: slots.green?.targetGroupArn }, since: stored?.startedAt },
    ]);
    ports.metrics.measured = [0.5, 3];
    const failure = {
      step: 'Read the health gates of Production at 10 percent',
      subject: 'health gate ErrorRate',
      expected: 'at most 1 in each period of 60 seconds',
      actual: '3 at worst, in 1 of 2 periods beyond that',
      logs: slots.green?.targetGroupArn,
    };
    expect(await readGates(ports)(READ)).toEqual({ verdict: 'failed', failure });
    ports.metrics.measured = [];
    expect(await readGates(ports)(READ)).toMatchObject({ verdict: 'inconclusive', failure: { actual: 'inconclusive: no period with a value' } });
    ports.metrics.values = () => Promise.reject(new Error('AccessDenied'));
    expect(await readGates(ports)(READ)).toMatchObject({ verdict: 'error', failure: { subject: 'health gate ErrorRate', actual: 'error: AccessDenied' } });
  });

  test("ask the team's own function, which is told the slot, its share and how to reach it", async () => {
    const functionArn = 'arn:aws:lambda:eu-west-2:222222222222:function:orders';
    const ports = await baked([{ kind: 'lambda', name: 'Orders', functionArn, timeoutSeconds: 30 }]);
    expect(await readGates(ports)(READ)).toEqual({ verdict: 'passed' });
    expect(ports.tests.invocations).toEqual([
      {
        functionArn,
        request: {
          release: '1.1.0',
          environment: 'Production',
          colour: 'green',
          percent: 10,
          weights: { blue: 90, green: 10 },
          since: (await environment(ports)).bake?.startedAt,
          slot: (await ports.frontDoors.read(examplePlan())).testUrls.green,
        },
      },
    ]);
    for (const verdict of ['failed', 'inconclusive', 'error'] as const) {
      ports.tests.run = () => ({ verdict, expected: '30 orders', actual: '12 orders', logs: 'https://logs.example' });
      const actual = verdict === 'failed' ? '12 orders' : `${verdict}: 12 orders`;
      const failure = { subject: 'health gate Orders', expected: '30 orders', actual, logs: 'https://logs.example' };
      expect(await readGates(ports)(READ)).toMatchObject({ verdict, failure });
    }
    ports.tests.run = () => ({ verdict: 'fine' }) as never;
    expect(await readGates(ports)(READ)).toMatchObject({
      verdict: 'error',
      failure: { actual: 'error: the gate function answered {"verdict":"fine"}', logs: functionArn },
    });
  });

  test('of a release in flight are those it was submitted with, whatever the hub is deployed with meanwhile', async () => {
    const ports = await baked([metric]);
    ports.plans.plans = [examplePlan('Production', { gates: [{ ...metric, atMost: 0 }, http] })];
    expect(await readGates(ports)(READ)).toEqual({ verdict: 'passed' });
    expect(ports.tests.probes).toEqual([]);
  });

  test('that cannot be read are an error; a failure that was seen counts more', async () => {
    const ports = await baked([{ kind: 'alarms', minimumRequests: 10 }, http]);
    ports.alarms.read = () => Promise.reject(new Error('AccessDenied'));
    expect(await readGates(ports)(READ)).toMatchObject({ verdict: 'error', failure: { subject: 'the alarms of the slot', actual: 'error: AccessDenied' } });
    ports.tests.answer = () => ({ status: 500, milliseconds: 3, body: 'boom' });
    expect(await readGates(ports)(READ)).toMatchObject({ verdict: 'failed', failure: { subject: 'health gate /health' } });
    ports.alarms.read = () => Promise.reject(new Retry('throttled'));
    await expect(readGates(ports)(READ)).rejects.toThrow(Retry);
  });

  test('fail for a release whose roll back was asked for', async () => {
    const ports = await baked();
    ports.ledger.seed({ ...(await environment(ports)), rollBackRequested: { by: 'arn:service-manager', reason: 'slow', at: 'now' } });
    expect(await readGates(ports)(READ)).toMatchObject({ verdict: 'failed', failure: { actual: 'arn:service-manager asked for it: slow' } });
  });

  test('read twice say the same: the answer of the first may be lost', async () => {
    const ports = await baked();
    const first = await readGates(ports)(READ);
    const once = snapshot(ports);
    expect(await readGates(ports)(READ)).toEqual(first);
    expect(snapshot(ports)).toEqual(once);
  });

  test('never move traffic', async () => {
    const ports = await baked();
    await readGates(ports)(READ);
    expect(await rule(ports)).toMatchObject({ [BLUE]: 90 });
    expect(ports.liveRule.writes).toHaveLength(1);
  });
});

test('a release in the shadow does not bake: its alarms end nothing', async () => {
  const ports = await inTheShadow();
  const before = snapshot(ports);
  await alarmRaised(ports)(notice());
  expect(snapshot(ports)).toEqual(before);
});
