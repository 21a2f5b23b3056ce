import { ERRORS, type TestPlan } from '../../../lambda/contract';
import { Retry } from '../../../lambda/domain/errors';
import { runTest } from '../../../lambda/handlers/run-test';
import { examplePlan, exampleWorld, snapshot } from '../example-path';
import { alarmOf } from '../fake-slots';
import type { InMemoryPorts } from '../in-memory-ports';
import { bake, GREEN_TASK, inTheShadow, shiftedTo } from '../story';

const HTTP: TestPlan = { kind: 'http', name: 'health', path: '/health', expectStatus: 200, timeoutSeconds: 10 };
const LAMBDA: TestPlan = { kind: 'lambda', name: 'load', functionArn: 'arn:aws:lambda:eu-west-2:222222222222:function:load', timeoutSeconds: 60 };
const world = (tests: readonly TestPlan[] = [HTTP, LAMBDA]) => inTheShadow(exampleWorld([examplePlan('Production', { tests })]));
const run = (test: string) => ({ ...GREEN_TASK, test });

test('an http test asks the shadow through the probe and keeps the verdict as evidence', async () => {
  const ports = await world();
  expect(await runTest(ports)(run('health'))).toEqual({ verdict: 'passed' });
  expect(ports.tests.probes).toEqual([expect.objectContaining({ colour: 'green', path: '/health', timeoutSeconds: 10 })]);
  const evidence = { test: 'health', environment: 'Production', verdict: 'passed', at: ports.clock.now() };
  expect((await ports.ledger.release('1.1.0'))?.evidence).toEqual({ 'Production/health': evidence });
  expect(ports.ledger.happened().at(-1)).toBe('TestFinished');
});

test('a test that fails says what was expected, what was found and where the logs are', async () => {
  const ports = await world();
  ports.tests.answer = () => ({ status: 500, milliseconds: 7, body: 'boom' });
  expect(await runTest(ports)(run('health'))).toEqual({
    verdict: 'failed',
    failure: {
      step: 'Test the shadow of Production',
      subject: 'test health',
      expected: 'status 200 from /health',
      actual: 'status 500 in 7 ms: boom',
      logs: '/aws/lambda/Payments-Production-probe in 222222222222, eu-west-2',
    },
  });
  expect((await ports.ledger.release('1.1.0'))?.evidence['Production/health']?.verdict).toBe('failed');
});

test("a team's function is told how to reach the shadow, by the names of secrets, and answers with a verdict", async () => {
  const ports = await world();
  ports.tests.run = () => ({ verdict: 'inconclusive', expected: '100 requests a second', actual: '12', logs: 'log group' });
  expect(await runTest(ports)(run('load'))).toMatchObject({
    verdict: 'inconclusive',
    failure: { subject: 'test load', actual: 'inconclusive: 12', logs: 'log group' },
  });
  ports.tests.run = () => ({}) as never;
  expect(await runTest(ports)(run('load'))).toMatchObject({ verdict: 'error', failure: { actual: 'error: the test function answered {}' } });
  const [invocation] = ports.tests.invocations;
  expect(invocation?.request).toMatchObject({
    release: '1.1.0',
    environment: 'Production',
    colour: 'green',
    slot: { headers: { 'x-path-to-live-slot': 'green' } },
  });
});

test('a test that cannot be run is an error; a service that is busy is tried again and leaves no evidence', async () => {
  const ports = await world();
  ports.tests.run = () => Promise.reject(new Error('AccessDenied'));
  const wrong = { expected: 'the test runs', actual: 'error: it could not be run: AccessDenied' };
  expect(await runTest(ports)(run('load'))).toMatchObject({
    verdict: 'error',
    failure: { ...wrong, logs: 'arn:aws:lambda:eu-west-2:222222222222:function:load' },
  });
  ports.tests.answer = () => Promise.reject(new Error('AccessDenied'));
  const probe = '/aws/lambda/Payments-Production-probe in 222222222222, eu-west-2';
  expect(await runTest(ports)(run('health'))).toMatchObject({ verdict: 'error', failure: { ...wrong, logs: probe } });
  const before = snapshot(ports);
  ports.tests.run = () => Promise.reject(new Retry('throttled'));
  await expect(runTest(ports)(run('load'))).rejects.toThrow(Retry);
  expect(snapshot(ports)).toEqual(before);
});

test('twenty tests side by side each leave their evidence on the one release', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `t${n}`);
  const ports = await world(names.map((name) => ({ ...HTTP, name })));
  const verdicts = await Promise.all(names.map((name) => runTest(ports)(run(name))));
  expect(verdicts.every(({ verdict }) => verdict === 'passed')).toBe(true);
  expect(Object.keys((await ports.ledger.release('1.1.0'))?.evidence ?? {})).toHaveLength(20);
});

test('a release that was stopped meanwhile is not tested, and an unknown test is named', async () => {
  const ports = exampleWorld();
  const before = snapshot(ports);
  expect(await runTest(ports)(run('health'))).toMatchObject({ verdict: 'failed', failure: { subject: 'the lock of Production' } });
  expect(snapshot(ports)).toEqual(before);
  expect(ports.tests.probes).toEqual([]);
  await expect(runTest(await world())(run('smoke'))).rejects.toThrow('Production has no test "smoke" for release 1.1.0; its tests are health, load');
  const none = { ...run('health'), percent: 30 };
  await expect(runTest(await world())(none)).rejects.toThrow(/^Production at 30 percent has no test "health" for release 1\.1\.0; its tests are $/);
  await expect(runTest(await world())({ ...none, percent: 10 })).rejects.toThrow(/its tests are $/);
});

test('a function cannot be told how to reach a slot that the front door does not know', async () => {
  const ports = await world();
  const read = ports.frontDoors.read.bind(ports.frontDoors);
  ports.frontDoors.read = async (plan) => ({ ...(await read(plan)), testUrls: {} });
  expect(await runTest(ports)(run('load'))).toMatchObject({
    verdict: 'error',
    failure: { actual: expect.stringContaining('the front door of Production has no test URL for green; deploy the platform again') },
  });
  expect(ports.tests.invocations).toEqual([]);
});

describe('an alarm of the slot that goes off during the tests', () => {
  const ALARM = alarmOf('Payments-Production-Green');

  test('stops the release there, with what was measured, though the test passed', async () => {
    const ports = await world();
    ports.tests.run = () => {
      ports.alarms.firing.add(ALARM);
      return { verdict: 'passed' };
    };
    expect(await runTest(ports)(run('health'))).toEqual({ verdict: 'passed' });
    expect(await runTest(ports)(run('load'))).toEqual({
      verdict: 'failed',
      failure: {
        step: 'Test the shadow of Production',
        subject: `alarm ${ALARM}`,
        expected: 'no alarm of the slot goes off during the tests of Production',
        actual: `went off in green, which serves nobody, during the tests of Production, before anybody was asked: ${ALARM}: ${ports.alarms.reason}`,
        logs: ALARM,
      },
    });
    expect((await ports.ledger.release('1.1.0'))?.evidence['Production/load']?.verdict).toBe('passed');
  });

  test('comes second where the test itself failed', async () => {
    const ports = await world();
    ports.alarms.firing.add(ALARM);
    ports.tests.run = () => ({ verdict: 'failed', actual: 'too slow' });
    expect(await runTest(ports)(run('load'))).toMatchObject({ verdict: 'failed', failure: { subject: 'test load' } });
    ports.tests.run = () => ({ verdict: 'inconclusive' });
    expect(await runTest(ports)(run('load'))).toMatchObject({ verdict: 'failed', failure: { subject: `alarm ${ALARM}` } });
  });

  test.each([
    ['busy for a while', 3, { verdict: 'passed' }],
    ['busy for long', 99, { verdict: 'error', failure: { subject: 'the alarms of green', actual: 'error: Rate exceeded' } }],
  ])('is looked for again where the service is %s; the test is not run again for that', async (_, busy, output) => {
    const ports = await world();
    const read = ports.alarms.read.bind(ports.alarms);
    let looks = 0;
    ports.alarms.read = (...asked) => {
      looks += 1;
      return looks <= busy ? Promise.reject(new Retry('Rate exceeded')) : read(...asked);
    };
    expect(await runTest(ports)(run('load'))).toMatchObject(output);
    expect(ports.tests.invocations).toHaveLength(1);
    expect((await ports.ledger.release('1.1.0'))?.evidence['Production/load']?.verdict).toBe('passed');
  });

  test('of the live slot is none of these tests', async () => {
    const ports = await world();
    ports.alarms.firing.add(alarmOf('Payments-Production-Blue'));
    expect(await runTest(ports)(run('load'))).toEqual({ verdict: 'passed' });
  });
});

describe('a test that runs beside a bake', () => {
  const again = { ...run('health'), percent: 10 };
  const traffic = async () => {
    const steps = [
      { percent: 10, bakeSeconds: 300, tests: [HTTP] },
      { percent: 100, bakeSeconds: 300 },
    ];
    const ports = await shiftedTo(10, exampleWorld([examplePlan('Production', { tests: [], steps })]));
    await bake(ports, 10, 'the bake');
    return ports;
  };
  const bakeNow = async (ports: InMemoryPorts) => (await ports.ledger.environment('Production')).bake;

  test('that passes is in the audit, and changes nothing that people have accepted', async () => {
    const ports = await traffic();
    expect(await runTest(ports)(again)).toEqual({ verdict: 'passed' });
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'TestFinished', detail: { test: 'health', percent: 10, verdict: 'passed' } });
    expect((await ports.ledger.release('1.1.0'))?.evidence).toEqual({});
    expect([ports.machines.answers, (await bakeNow(ports))?.token]).toEqual([[], 'the bake']);
  });

  test.each([500, 0])('that does not pass, by status %d, ends the bake at once, with its words', async (status) => {
    const ports = await traffic();
    ports.tests.answer = () => ({ status, milliseconds: 7, body: 'boom' });
    const actual = status === 0 ? 'no answer in 7 ms: the connection was closed' : 'status 500 in 7 ms: boom';
    expect(await runTest(ports)(again)).toMatchObject({ verdict: 'failed', failure: { step: 'Bake and test Production at 10 percent', actual } });
    const cause = `test health: failed: expected status 200 from /health, found ${actual}`;
    expect(ports.machines.answers).toEqual([{ token: 'the bake', answer: { error: ERRORS.testFailed, cause } }]);
    expect(await bakeNow(ports)).toBeUndefined();
  });

  test('that does not pass before the bake has stored its token waits for that', async () => {
    const ports = await traffic();
    const { bake: stored, ...without } = await ports.ledger.environment('Production');
    ports.ledger.seed(without);
    ports.tests.answer = () => ({ status: 500, milliseconds: 7, body: 'boom' });
    const sleep = ports.clock.sleep.bind(ports.clock);
    let pauses = 0;
    ports.clock.sleep = async (milliseconds) => {
      pauses += 1;
      if (pauses === 2) ports.ledger.seed({ ...(await ports.ledger.environment('Production')), bake: stored });
      return sleep(milliseconds);
    };
    await runTest(ports)(again);
    expect([pauses, ports.machines.answers[0]?.token]).toEqual([2, 'the bake']);
  });

  test('of a release that has left, or that people are asked about by now, ends nothing', async () => {
    const ports = await traffic();
    ports.tests.answer = () => ({ status: 500, milliseconds: 7, body: 'boom' });
    const state = await ports.ledger.environment('Production');
    ports.ledger.seed({ ...state, bake: state.bake && { ...state.bake, asks: 'pause' } });
    await runTest(ports)(again);
    expect(ports.machines.answers).toEqual([]);
    await expect(runTest(ports)({ ...again, percent: 100 })).rejects.toThrow('Production at 100 percent has no test "health"');
  });
});
