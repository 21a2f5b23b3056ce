import type { SNSEvent } from 'aws-lambda';
import { type AskWatchedInput, ERRORS, type Failure, type TrafficStep, type VerdictOutput } from '../../lambda/contract';
import { accept } from '../../lambda/handlers/accept';
import { alarmRaised } from '../../lambda/handlers/alarm-raised';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { readGates } from '../../lambda/handlers/read-gates';
import { startBake } from '../../lambda/handlers/start-bake';
import { type Answer, call } from './api-call';
import { GO_NO_GO, role, session } from './example-gate';
import { examplePlan, exampleWorld, snapshot } from './example-path';
import { alarmOf } from './fake-slots';
import type { InMemoryPorts } from './in-memory-ports';
import { bake, END, GREEN, GREEN_TASK, rule, shift, shiftedTo } from './story';

const ALARM = alarmOf('Payments-Production-Green');
const MANAGER = session('ReleaseManager');
const STEPS: TrafficStep[] = [
  { percent: 10, bakeSeconds: 300, pause: GO_NO_GO },
  { percent: 50, bakeSeconds: 300, pause: GO_NO_GO },
  { percent: 100, bakeSeconds: 300 },
];
/** Nobody is asked there. */
const silently = (step: TrafficStep): TrafficStep => (step.percent === 100 ? step : { percent: step.percent, bakeSeconds: step.bakeSeconds });
const world = (steps = STEPS) => exampleWorld([examplePlan('Production', { steps, inconclusive: GO_NO_GO })]);
const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const gate = (ports: InMemoryPorts, kind: 'pause' | 'inconclusive' = 'pause') => ports.ledger.gate('1.1.0', 'Production', kind);
const read = (ports: InMemoryPorts, percent = 10) => readGates(ports)({ ...GREEN_TASK, percent });

function ask(ports: InMemoryPorts, percent = 10, given: Partial<AskWatchedInput> = {}): Promise<void> {
  return startBake(ports)({ ...GREEN_TASK, percent, asks: 'pause', token: `${given.asks ?? 'pause'} at ${percent}`, ...given });
}

function say(ports: InMemoryPorts, decision = 'accept', caller = session('ChangeAuthority'), given: object = {}): Promise<Answer> {
  const body = { environment: 'Production', decision, reason: 'orders look right', digest: 'digest-of-1.1.0', ...given };
  return call(ports, caller, 'POST /releases/1.1.0/decisions', body);
}

function goesOff(ports: InMemoryPorts): Promise<void> {
  ports.alarms.firing.add(ALARM);
  const Message = JSON.stringify({ AlarmName: ALARM, NewStateValue: 'ALARM', NewStateReason: 'too many errors' });
  return alarmRaised(ports)({ Records: [{ Sns: { Message } }] } as unknown as SNSEvent);
}

/** 1.1.0 has 10 percent, has baked there, and is healthy. */
async function baked(ports = world()): Promise<InMemoryPorts> {
  await shiftedTo(10, ports);
  await bake(ports, 10);
  expect(await read(ports)).toEqual({ verdict: 'passed' });
  return ports;
}

async function paused(ports?: InMemoryPorts): Promise<InMemoryPorts> {
  const here = await baked(ports);
  await ask(here);
  return here;
}

describe('a release that pauses at a step', () => {
  test('what was said at one step, and is sent once more, is not said at the next', async () => {
    const ports = await paused();
    const once = () => say(ports, 'accept', session('ChangeAuthority'), { gate: 'pause', percent: 10 });
    expect((await once()).status).toBe(200);
    await shift(ports, 50);
    await bake(ports, 50);
    await read(ports, 50);
    await ask(ports, 50);
    expect(await once()).toMatchObject({ status: 409, body: { code: 'OtherStep', message: expect.stringContaining('the pause of Production at 50 percent') } });
    expect(await gate(ports)).toMatchObject({ status: 'open', percent: 50, decisions: [] });
    expect((await say(ports, 'accept', session('ChangeAuthority'), { gate: 'pause', percent: 0.5 })).body.message).toContain('percent must be the step');
    expect((await say(ports, 'accept', session('ChangeAuthority'), { gate: 'pause', percent: 50 })).status).toBe(200);
  });

  test('what does not say its step is no answer to the next, from who has answered before; from anybody else it is', async () => {
    const other = { ...GO_NO_GO.party, members: [...GO_NO_GO.party.members, role('ServiceManager')] };
    const asks = { ...GO_NO_GO, party: other };
    const ports = await paused(world([{ percent: 10, bakeSeconds: 300, pause: asks }, { percent: 50, bakeSeconds: 300, pause: asks }, ...STEPS.slice(2)]));
    expect((await say(ports)).status).toBe(200);
    await shift(ports, 50);
    await bake(ports, 50);
    await read(ports, 50);
    await ask(ports, 50);
    for (const given of [{}, { gate: 'pause' }]) {
      const message = expect.stringContaining(
        'you have answered another question about it in Production before: say which one you mean, "gate": "pause", "percent": 50',
      );
      expect(await say(ports, 'accept', session('ChangeAuthority'), given)).toMatchObject({ status: 400, body: { code: 'WhichGate', message } });
    }
    expect(await gate(ports)).toMatchObject({ status: 'open', percent: 50, decisions: [] });
    expect((await say(ports, 'accept', session('ServiceManager'))).status).toBe(200);
  });

  test('asks the party of the step, and leaves its token where a decision finds it and where an alarm does', async () => {
    const ports = await paused();
    expect(await gate(ports)).toMatchObject({ status: 'open', percent: 10, token: 'pause at 10', parties: [GO_NO_GO.party], digest: 'digest-of-1.1.0' });
    expect((await environment(ports)).bake).toMatchObject({ token: 'pause at 10', percent: 10, colour: 'green', asks: 'pause' });
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'PauseOpened', detail: { gate: 'pause', percent: 10 } });
    const { body } = await call(ports, MANAGER, 'GET /releases/1.1.0');
    expect([body.activity, body.now]).toEqual(['waitingForPeople', 'waits at the pause of Production at 10 percent, watched, for change authority']);
    expect(body.gates[0]).toMatchObject({ gate: 'pause', percent: 10 });
    expect(ports.machines.answers).toEqual([]);
  });

  test('goes on when the party accepts, and no alarm ends the wait any more', async () => {
    const ports = await paused();
    expect(await say(ports)).toMatchObject({ status: 200, body: { now: 'takes over live traffic in Production: 10 percent, watched' } });
    expect(ports.machines.answers).toEqual([{ token: 'pause at 10', answer: { success: { outcome: 'passed' } } }]);
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'PausePassed', detail: { gate: 'pause', percent: 10 } });
    expect((await environment(ports)).bake?.readAt).toBeDefined();
    expect(await shift(ports, 50)).toEqual({ outcome: 'shifted' });
  });

  test.each([
    ['has not decided yet', (ports: InMemoryPorts) => ask(ports), 'open'],
    ['was never asked', () => Promise.resolve(), 'never opened'],
  ])('gets no more traffic as long as the party %s', async (_why, act, actual) => {
    const ports = await baked();
    await act(ports);
    const failure = { step: 'Pause Production at 10 percent', subject: 'the pause of Production at 10 percent', actual };
    expect(await shift(ports, 50)).toMatchObject({ outcome: 'refused', failure });
    expect(await rule(ports)).toMatchObject({ [GREEN]: 10 });
  });

  test('goes back when the party refuses: the machine is told why', async () => {
    const ports = await paused();
    expect((await say(ports, 'refuse')).body.now).toBe('refused at the pause of Production at 10 percent, goes back');
    const failure = {
      step: 'Pause Production at 10 percent',
      subject: 'party change authority',
      actual: `refused by ${session('ChangeAuthority')}: orders look right`,
    };
    expect(ports.machines.answers).toEqual([{ token: 'pause at 10', answer: { success: { outcome: 'refused', failure: expect.objectContaining(failure) } } }]);
    expect(await shift(ports, 50)).toMatchObject({ outcome: 'refused', failure: { actual: 'refused' } });
  });

  test('is decided about by its party only, and in time', async () => {
    const ports = await paused();
    expect((await say(ports, 'accept', session('Product'))).status).toBe(403);
    ports.clock.advance(3_600);
    expect((await say(ports)).status).toBe(409);
    expect(ports.machines.answers).toEqual([]);
  });

  test('asks anew at the next step: what was said about one does not count for the other', async () => {
    const ports = await paused();
    await say(ports);
    await shift(ports, 50);
    await bake(ports, 50);
    expect(await read(ports, 50)).toEqual({ verdict: 'passed' });
    await ask(ports, 50);
    expect(await gate(ports)).toMatchObject({ status: 'open', percent: 50, decisions: [] });
    expect(ports.machines.answers).toHaveLength(1);
    expect(await shift(ports, 100)).toMatchObject({ outcome: 'refused', failure: { actual: 'open' } });
    await say(ports, 'accept', session('ChangeAuthority'), { gate: 'pause', percent: 50 });
    expect(await shift(ports, 100)).toEqual({ outcome: 'shifted' });
  });

  test('pauses by the plan it was submitted with, whatever the hub is deployed with meanwhile', async () => {
    const ports = await baked();
    ports.plans.plans = [examplePlan('Production')];
    await ask(ports);
    expect(await gate(ports)).toMatchObject({ status: 'open', parties: [GO_NO_GO.party] });
  });

  test('after its last step is not live before the party has accepted', async () => {
    const ports = world([{ percent: 100, bakeSeconds: 0, pause: GO_NO_GO }]);
    await shiftedTo(0, ports);
    expect(await shift(ports, 100)).toEqual({ outcome: 'shifted' });
    expect(await accept(ports)(GREEN_TASK)).toMatchObject({ outcome: 'refused', failure: { step: 'Pause Production at 100 percent', actual: 'never opened' } });
    await ask(ports, 100);
    await say(ports);
    expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
  });

  test.each([
    'pause',
    'inconclusive',
  ] as const)('after its last step is not live while an alarm fires whose notice was lost, asked at what is %s', async (asks) => {
    const ports = await shiftedTo(
      100,
      world([...STEPS.slice(0, 2), { percent: 100, bakeSeconds: 0, ...(asks === 'pause' && { pause: GO_NO_GO }) }].map(silently)),
    );
    await ask(ports, 100, { asks });
    await say(ports);
    ports.alarms.firing.add(ALARM);
    expect(await accept(ports)(GREEN_TASK)).toMatchObject({
      outcome: 'refused',
      failure: { step: 'Accept in Production', subject: `alarm ${ALARM}`, expected: 'not in ALARM when people have decided', logs: ALARM },
    });
    expect((await environment(ports)).live?.version).toBe('1.0.0');
    ports.alarms.firing.clear();
    expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
  });

  test('after its last step has been looked at when it baked, where nobody was asked since', async () => {
    const ports = await shiftedTo(100, world(STEPS.map(silently)));
    ports.alarms.read = () => Promise.reject(new Error('nobody asks'));
    expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
  });
});

describe('while people are asked', () => {
  test('an alarm ends the wait at once, and nobody is asked any more', async () => {
    const ports = await paused();
    const commits = ports.ledger.commits.length;
    await goesOff(ports);
    const cause = `alarm ${ALARM} of slot green at 10 percent: too many errors`;
    expect(ports.machines.answers).toEqual([{ token: 'pause at 10', answer: { error: ERRORS.alarmRaised, cause } }]);
    expect(ports.ledger.commits).toHaveLength(commits + 1);
    expect((await gate(ports))?.status).toBe('void');
    expect((await say(ports)).status).toBe(409);
    expect(ports.machines.answers).toHaveLength(1);
    expect(await moveTraffic(ports)(END)).toMatchObject({ outcome: 'rolledBack' });
    expect(await rule(ports)).not.toHaveProperty([GREEN]);
  });

  test('an alarm that goes off before the token is stored is found by the reading after it', async () => {
    const ports = await baked();
    ports.alarms.firing.add(ALARM);
    await ask(ports);
    const cause = `alarm ${ALARM} of slot green at 10 percent: in ALARM when people were asked: ${ports.alarms.reason}`;
    expect(ports.machines.answers).toEqual([{ token: 'pause at 10', answer: { error: ERRORS.alarmRaised, cause } }]);
    expect((await gate(ports))?.status).toBe('void');
  });

  test('a person who wants it back ends the wait, too', async () => {
    const ports = await paused();
    expect(await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' })).toMatchObject({ status: 200 });
    expect(ports.machines.answers).toEqual([{ token: 'pause at 10', answer: { error: ERRORS.rollBackRequested, cause: `${MANAGER} asked for it: slow` } }]);
    expect((await gate(ports))?.status).toBe('void');
  });

  test.each([
    'the alarm',
    'the decision',
  ] as const)('of an alarm and a decision at the same instant one counts, and the other sees it: %s is first', async (first) => {
    const ports = await paused();
    const [alarm, decision] = [() => goesOff(ports), () => say(ports)];
    ports.ledger.raceNextCommit(async () => void (await (first === 'the alarm' ? alarm() : decision())));
    await (first === 'the alarm' ? decision() : alarm());
    expect(ports.machines.answers).toHaveLength(1);
    const { answer } = ports.machines.answers[0] ?? {};
    expect(answer).toMatchObject(first === 'the alarm' ? { error: ERRORS.alarmRaised } : { success: { outcome: 'passed' } });
    expect((await gate(ports))?.status).toBe(first === 'the alarm' ? 'void' : 'passed');
    // Either way the next shift looks at the alarm once more.
    expect((await shift(ports, 50)).outcome).toBe('refused');
  });

  test('calls that come late change nothing: of the bake, of its reading, of an earlier try', async () => {
    const ports = await baked();
    await ask(ports, 10, { token: 'waits', enteredAt: '2026-11-22T10:00:00.000Z', retries: 1 });
    const before = snapshot(ports);
    await bake(ports, 10, 'of the bake');
    await ask(ports, 10, { token: 'of an earlier try', enteredAt: '2026-11-22T10:00:00.000Z', retries: 0 });
    await ask(ports, 10, { asks: 'inconclusive', token: 'of a question before' });
    expect(snapshot(ports)).toEqual(before);
    expect(await read(ports)).toMatchObject({ verdict: 'error', failure: { expected: 'its token was stored before it began' } });
    expect(snapshot(ports)).toEqual(before);
    await ask(ports, 10, { token: 'of the next try', enteredAt: '2026-11-22T10:00:00.000Z', retries: 2 });
    expect([(await gate(ports))?.token, (await environment(ports)).bake?.token]).toEqual(['of the next try', 'of the next try']);
  });

  test('a try that finds it decided is told so, and watches nothing', async () => {
    const ports = await paused();
    await say(ports);
    await ask(ports, 10, { token: 'again' });
    expect(ports.machines.answers.at(-1)).toEqual({ token: 'again', answer: { success: { outcome: 'passed' } } });
    await goesOff(ports);
    expect(ports.machines.answers).toHaveLength(2);
  });

  test('a try that finds it decided looks at the alarms all the same: the one before may have died before it did', async () => {
    const ports = await paused();
    await say(ports);
    ports.alarms.firing.add(ALARM);
    await ask(ports, 10, { token: 'again' });
    const cause = `alarm ${ALARM} of slot green at 10 percent: in ALARM when people had decided: ${ports.alarms.reason}`;
    expect(ports.machines.answers.at(-1)).toEqual({ token: 'again', answer: { error: ERRORS.alarmRaised, cause } });
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'AlarmRaised', detail: { alarm: ALARM, percent: 10 } });
  });

  test('a release without the lock asks nobody', async () => {
    const ports = world();
    await expect(ask(ports)).rejects.toThrow('release 1.1.0 does not hold Production');
  });

  test('that goes back closes the question with its time', async () => {
    const ports = await paused();
    ports.clock.advance(3_600);
    expect(await moveTraffic(ports)(END)).toMatchObject({ outcome: 'rolledBack' });
    expect((await gate(ports))?.status).toBe('expired');
  });
});

describe('health gates that could not tell', () => {
  async function unclear(): Promise<{ readonly ports: InMemoryPorts; readonly failure: Failure }> {
    const ports = await shiftedTo(10, world([{ percent: 10, bakeSeconds: 300 }, ...STEPS.slice(1)]));
    await bake(ports, 10);
    ports.health.requestsSeen = 3;
    const { verdict, failure } = (await read(ports)) as Required<VerdictOutput>;
    expect(verdict).toBe('inconclusive');
    return { ports, failure };
  }

  test('are a question to a party, which is told what was measured', async () => {
    const { ports, failure } = await unclear();
    await ask(ports, 10, { asks: 'inconclusive', failure });
    const about = 'the requests the slot had: expected at least 10 requests to the slot while it baked, found 3 requests, no alarm';
    expect(await gate(ports, 'inconclusive')).toMatchObject({ status: 'open', percent: 10, about });
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'PauseOpened', detail: { gate: 'inconclusive', percent: 10, about } });
    const { body } = await call(ports, MANAGER, 'GET /releases/1.1.0');
    expect(body.now).toBe('waits at the question about Production, inconclusive at 10 percent, watched, for change authority');
    expect(body.gates[0].about).toBe(about);
  });

  test('never go on by themselves: only an acceptance moves more traffic', async () => {
    const { ports, failure } = await unclear();
    expect(await shift(ports, 50)).toMatchObject({ outcome: 'refused', failure: { actual: 'never opened' } });
    await ask(ports, 10, { asks: 'inconclusive', failure });
    expect(await shift(ports, 50)).toMatchObject({ outcome: 'refused', failure: { actual: 'open' } });
    await say(ports);
    expect(await shift(ports, 50)).toEqual({ outcome: 'shifted' });
  });

  test('and an alarm meanwhile takes the release back', async () => {
    const { ports, failure } = await unclear();
    await ask(ports, 10, { asks: 'inconclusive', failure });
    await goesOff(ports);
    expect(ports.machines.answers).toEqual([{ token: 'inconclusive at 10', answer: { error: ERRORS.alarmRaised, cause: expect.any(String) } }]);
  });

  test('count as the last reading found them: one whose answer was lost is read once more', async () => {
    const { ports } = await unclear();
    ports.health.requestsSeen = 30;
    expect(await read(ports)).toEqual({ verdict: 'passed' });
    expect(await shift(ports, 50)).toEqual({ outcome: 'shifted' });
  });

  test('are not what an alarm leaves behind that ended the bake for the ledger alone, and is quiet again', async () => {
    const ports = await shiftedTo(10, world());
    await bake(ports, 10);
    await goesOff(ports);
    ports.alarms.firing.clear();
    expect(await read(ports)).toMatchObject({ verdict: 'error' });
  });

  test('where nobody is asked are for the machine alone, as ever', async () => {
    const ports = await shiftedTo(10);
    await bake(ports, 10);
    ports.health.requestsSeen = 3;
    expect(await read(ports)).toMatchObject({ verdict: 'inconclusive' });
    expect((await environment(ports)).bake).not.toHaveProperty('verdict');
  });

  test('are read of a step, too, beside those of the environment', async () => {
    const http = { kind: 'http' as const, path: '/orders', expectStatus: 200, timeoutSeconds: 5 };
    const ports = await shiftedTo(
      50,
      world([
        { percent: 10, bakeSeconds: 300, gates: [http] },
        { percent: 50, bakeSeconds: 300 },
        { percent: 100, bakeSeconds: 300 },
      ]),
    );
    await bake(ports, 50);
    expect(await read(ports, 50)).toEqual({ verdict: 'passed' });
    expect(ports.tests.probes).toEqual([]);
    const other = await shiftedTo(
      10,
      world([
        { percent: 10, bakeSeconds: 300, gates: [http] },
        { percent: 100, bakeSeconds: 300 },
      ]),
    );
    await bake(other, 10);
    other.tests.answer = () => ({ status: 500, milliseconds: 3, body: 'boom' });
    expect(await read(other)).toMatchObject({ verdict: 'failed', failure: { subject: 'health gate /orders' } });
  });
});
