import { type EnvironmentPlan, LEASE_SECONDS } from '../../lambda/contract';
import type { Release } from '../../lambda/domain/model';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { openGate } from '../../lambda/handlers/open-gate';
import { call } from './api-call';
import { GO_NO_GO, role, session } from './example-gate';
import { enterInput, examplePlan, exampleRelease, exampleSlot, exampleWorld, liveEnvironment, snapshot, taskInput } from './example-path';
import { targetGroupOf } from './fake-slots';
import type { InMemoryPorts } from './in-memory-ports';
import { exampleBody, publish } from './submission-body';
import { Walk } from './walk';

const MANAGER = session('ReleaseManager');
const DAY = 86_400;
const REFUSES = { rollBackTarget: { kind: 'refuse', keepSeconds: 2 * DAY } } as const;
const ASKS = { rollBackTarget: { kind: 'ask', party: { name: 'service owner', members: [role('ServiceOwner')] }, timeoutSeconds: 3_600 } } as const;
const THREE = { slots: ['Blue', 'Green', 'Red'].map((name) => ({ colour: name.toLowerCase(), stackName: `Payments-Production-${name}` })) };

const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');

/** 1.0.0 is live in blue since now, 0.9.0 is in green to go back to, 1.1.0 may enter. */
function world(given: Partial<EnvironmentPlan>, release: Partial<Release> = {}): InMemoryPorts {
  const plan = [examplePlan('Production', given)];
  const ports = exampleWorld(plan);
  const green = { ...exampleSlot('0.9.0', 'Payments-Production-Green'), idleSince: ports.clock.now() };
  const slots = { blue: exampleSlot('1.0.0', 'Payments-Production-Blue'), green };
  const previous = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };
  ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { slots, previous }), exampleRelease('1.1.0', plan, release));
  return ports;
}
const enters = async (ports: InMemoryPorts) => enter(ports)(await enterInput(ports, '1.1.0'));

describe('a new deployment that has no other slot than that of the roll-back target', () => {
  test('takes it where the environment says nothing', async () => {
    expect(await enters(world({}))).toEqual({ outcome: 'entered', colour: 'green' });
  });

  test('is stopped while the target is kept, with who is in the slot, since when, and what to do; nothing changes', async () => {
    const ports = world(REFUSES);
    const since = ports.clock.now();
    ports.clock.advance(2 * DAY - 1);
    const before = snapshot(ports);
    const { failure } = (await enters(ports)) as { failure: { subject: string; expected: string; actual: string } };
    expect(snapshot(ports)).toEqual(before);
    expect(failure).toMatchObject({
      subject: 'the roll-back target of Production',
      expected: `kept until ${new Date(Date.parse(since) + 2 * DAY * 1000).toISOString()}`,
    });
    expect(failure.actual).toBe(
      `1.1.0 would take slot green, which holds 0.9.0: 1.0.0 has been live since ${since} and can be rolled back to it: submit 1.1.0 again then, or now with --replace-target "<why>", where going forward is safer than a way back; a third colour keeps both`,
    );
  });

  test('takes it when that time is over', async () => {
    const ports = world(REFUSES);
    ports.clock.advance(2 * DAY);
    expect(await enters(ports)).toEqual({ outcome: 'entered', colour: 'green' });
  });

  test('takes it where its submission says why, which is in its audit trail', async () => {
    expect(await enters(world(REFUSES, { replaceTarget: 'prices are wrong in both' }))).toEqual({ outcome: 'entered', colour: 'green' });
    const plan = [examplePlan('Production', REFUSES)];
    const ports = exampleWorld(plan);
    const body = { ...exampleBody('1.2.0', plan), replaceTarget: ' prices are wrong in both ' };
    publish(ports, body);
    expect(await call(ports, session('Pipeline'), 'POST /releases', { ...body, replaceTarget: '' })).toMatchObject({ status: 400, body: { code: 'BadInput' } });
    expect(await call(ports, session('Pipeline'), 'POST /releases', body)).toMatchObject({ status: 200 });
    expect(await ports.ledger.release('1.2.0')).toMatchObject({ replaceTarget: 'prices are wrong in both' });
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'ReleaseSubmitted', detail: { replaceTarget: 'prices are wrong in both' } });
  });

  test.each<[string, object]>([
    ['what was rolled back', { previous: { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0', rolledBack: true } }],
    [
      'what may not understand the state',
      { previous: { colour: 'green', version: '0.9.0', digest: 'd', contract: { name: 'c', release: '1.0.0', startedAt: 's' } } },
    ],
    ['what is not in its slot any more', { previous: { colour: 'green', version: '0.8.0', digest: 'd' } }],
  ])('takes the slot of %s: that is no target', async (_, given) => {
    const ports = world(REFUSES);
    ports.ledger.seed({ ...(await environment(ports)), ...given });
    expect(await enters(ports)).toEqual({ outcome: 'entered', colour: 'green' });
  });
});

describe('where a party is asked about it', () => {
  const decide = (ports: InMemoryPorts, decision: string, given: object = {}) =>
    call(ports, session('ServiceOwner'), 'POST /releases/1.1.0/decisions', {
      environment: 'Production',
      decision,
      reason: 'it is',
      digest: 'digest-of-1.1.0',
      ...given,
    });
  const asked = async (ports: InMemoryPorts) => {
    const input = await enterInput(ports, '1.1.0');
    const { outcome, colour } = (await enter(ports)(input)) as { outcome: string; colour: string };
    expect(outcome).toBe('entered');
    const task = { environment: 'Production', release: '1.1.0', execution: input.execution };
    await openGate(ports)({ ...task, gate: 'rollBackTarget', token: 'the token' });
    return { ...task, colour };
  };

  test('it is told what is in the slot, before anything is deployed; what it gives is taken', async () => {
    const ports = world(ASKS);
    const slot = await asked(ports);
    const gate = await ports.ledger.gate('1.1.0', 'Production', 'rollBackTarget');
    expect(gate).toMatchObject({ status: 'open', about: 'slot green holds 0.9.0, to which 1.0.0 can be rolled back', parties: [{ name: 'service owner' }] });
    const before = snapshot(ports);
    expect(await deploy(ports)(slot)).toMatchObject({ outcome: 'failed', failure: { step: 'Ask about the roll-back target of Production', actual: 'open' } });
    expect(snapshot(ports)).toEqual(before);
    expect(await decide(ports, 'accept', { gate: 'rollBackTarget' })).toMatchObject({ status: 200 });
    expect(ports.machines.answers).toEqual([{ token: 'the token', answer: { success: { outcome: 'passed' } } }]);
    expect(await deploy(ports)(slot)).toEqual({ outcome: 'deployed' });
    expect(ports.ledger.happened()).toEqual(expect.arrayContaining(['TargetGateOpened', 'TargetGatePassed']));
  });

  test('a refusal keeps it', async () => {
    const ports = world(ASKS);
    const slot = await asked(ports);
    expect(await decide(ports, 'refuse')).toMatchObject({ status: 200 });
    expect(ports.machines.answers).toMatchObject([{ answer: { success: { outcome: 'refused', failure: { subject: 'party service owner' } } } }]);
    expect(await deploy(ports)(slot)).toMatchObject({ outcome: 'failed' });
    expect((await environment(ports)).previous?.version).toBe('0.9.0');
  });

  test('a gate of an earlier execution gives nothing', async () => {
    const ports = world(ASKS);
    const slot = await asked(ports);
    await decide(ports, 'accept');
    const gate = await ports.ledger.gate('1.1.0', 'Production', 'rollBackTarget');
    if (gate) ports.ledger.seed({ ...gate, execution: 'of another attempt' });
    expect(await deploy(ports)(slot)).toMatchObject({ outcome: 'failed', failure: { actual: 'never asked' } });
  });

  test('nobody is asked where the slot is another one', async () => {
    const ports = world({ ...ASKS, ...THREE });
    const slot = await asked(ports);
    expect(slot.colour).toBe('red');
    expect(ports.machines.answers).toEqual([{ token: 'the token', answer: { success: { outcome: 'notNeeded' } } }]);
    expect(await deploy(ports)(slot)).toEqual({ outcome: 'deployed' });
  });
});

describe('with a third slot', () => {
  test.each([REFUSES, ASKS, {}])('the spare is used, and what can be rolled back to is kept, whatever the rule: %j', async (rule) => {
    const ports = world({ ...rule, ...THREE });
    expect(await enters(ports)).toEqual({ outcome: 'entered', colour: 'red' });
    expect(await environment(ports)).toMatchObject({ previous: { version: '0.9.0' } });
  });

  test('the one before last goes when the next but one comes', async () => {
    const walk = new Walk([examplePlan('Production', THREE)]);
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await walk.through(version);
    const state = await environment(walk.ports);
    expect(state).toMatchObject({
      live: { colour: 'red', version: '1.2.0' },
      previous: { colour: 'green', version: '1.1.0' },
      slots: { blue: { version: '1.0.0' } },
    });
    await walk.submit('1.3.0');
    await walk.intoShadow('1.3.0', 'Production');
    expect(await environment(walk.ports)).toMatchObject({ lock: { colour: 'blue' }, previous: { version: '1.1.0' }, slots: { blue: { version: '1.3.0' } } });
  });
});

describe('1.0.0 is live, 1.1.0 waits at the go/no-go, 1.0.0 fails:', () => {
  async function waits(given: Partial<EnvironmentPlan> = THREE): Promise<Walk> {
    const walk = new Walk([examplePlan('Production', { goNoGo: GO_NO_GO, ...given })]);
    await walk.through('0.9.0');
    await walk.through('1.0.0');
    await walk.submit('1.1.0');
    await walk.intoShadow('1.1.0', 'Production');
    return walk;
  }
  const rollBack = ({ ports }: Walk) => call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'checkout errors' });
  const users = ({ ports }: Walk) => ports.liveRule.snapshot().Production;
  const BLUE = { kind: 'slots', weights: { [targetGroupOf('Payments-Production-Blue')]: 100 } };

  test('with three slots 0.9.0 is live again by one call, and 1.1.0 is aborted: nobody is asked about it any more', async () => {
    const walk = await waits();
    expect(await rollBack(walk)).toMatchObject({ status: 200, body: { outcome: 'rolledBack', stops: '1.1.0', environment: { live: { version: '0.9.0' } } } });
    expect(users(walk)).toEqual(BLUE);
    const reason = '1.0.0 is rolled back in Production, while it was in the shadow: checkout errors';
    expect(await walk.ports.ledger.release('1.1.0')).toMatchObject({ status: 'submitted', aborted: { by: MANAGER, reason } });
    expect(await walk.ports.ledger.release('1.0.0')).toMatchObject({ status: 'rolledBack' });
    expect(await walk.ports.ledger.gate('1.1.0', 'Production', 'goNoGo')).toMatchObject({ status: 'void' });
    await walk.stopped('1.1.0', 'Production');
    expect((await environment(walk.ports)).lock).toBeUndefined();
    expect(await walk.submit('1.1.0')).toMatchObject({ status: 409, body: { code: 'NeedsAgain' } });
  });

  test('a go that was given just before moves no traffic', async () => {
    const walk = await waits();
    await walk.go('1.1.0', 'Production');
    expect((await rollBack(walk)).body).toMatchObject({ outcome: 'rolledBack', stops: '1.1.0' });
    const { lock } = await environment(walk.ports);
    const shift = { environment: 'Production', release: '1.1.0', execution: lock?.execution ?? '', colour: lock?.colour ?? '', percent: 10 };
    expect(await moveTraffic(walk.ports)(shift)).toMatchObject({ outcome: 'refused', failure: { actual: expect.stringContaining('aborted by') } });
    expect(users(walk)).toEqual(BLUE);
  });

  test('of a first shift at the same instant one sees the other: then it is that release which goes back', async () => {
    const walk = await waits();
    await walk.go('1.1.0', 'Production');
    const { lock } = await environment(walk.ports);
    const shift = { environment: 'Production', release: '1.1.0', execution: lock?.execution ?? '', colour: lock?.colour ?? '', percent: 10 };
    walk.ports.ledger.raceNextCommit(async () => void (await moveTraffic(walk.ports)(shift)));
    expect((await rollBack(walk)).body).toMatchObject({ outcome: 'requested', release: '1.1.0' });
    expect((await walk.ports.ledger.release('1.1.0'))?.aborted).toBeUndefined();
  });

  test('what entered at that very instant, and was not told, gets no users from a version that is on its way out', async () => {
    const walk = await waits();
    await walk.go('1.1.0', 'Production');
    const state = await environment(walk.ports);
    walk.ports.ledger.seed({ ...state, goingBack: { by: MANAGER, reason: 'checkout errors', at: walk.ports.clock.now() } });
    const shift = { environment: 'Production', release: '1.1.0', execution: state.lock?.execution ?? '', colour: state.lock?.colour ?? '', percent: 10 };
    expect(await moveTraffic(walk.ports)(shift)).toMatchObject({ outcome: 'refused', failure: { subject: 'what is live in Production' } });
  });

  test('a writer that dies once users have 0.9.0 leaves that to be found, whoever frees the environment', async () => {
    const walk = await waits();
    walk.ports.machines.rollingBack = async (request) => {
      walk.ports.liveRule.failAfterNextWrite(new Error('it died'));
      return moveTraffic(walk.ports)(request as never) as never;
    };
    await expect(rollBack(walk)).resolves.toMatchObject({ status: 503 });
    walk.ports.clock.advance(LEASE_SECONDS);
    await walk.stopped('1.1.0', 'Production');
    const state = await environment(walk.ports);
    expect(state).toMatchObject({ goingBack: { by: MANAGER }, lease: { expiresAt: expect.stringContaining('20') } });
    expect(state.lock).toBeUndefined();
    walk.ports.machines.rollingBack = (request) => moveTraffic(walk.ports)(request) as never;
    expect(await rollBack(walk)).toMatchObject({ status: 200, body: { outcome: 'rolledBack', environment: { live: { version: '0.9.0' } } } });
  });

  test('a release whose machine takes it back then gives users nothing that is on its way out', async () => {
    const walk = await waits();
    const { ports } = walk;
    ports.machines.rollingBack = async (request) => {
      ports.liveRule.failAfterNextWrite(new Error('it died'));
      return moveTraffic(ports)(request as never) as never;
    };
    await rollBack(walk);
    ports.clock.advance(LEASE_SECONDS);
    const { lock } = await environment(ports);
    const failure = { step: 'Shift', subject: 'the writer', expected: 'an answer', actual: 'none', logs: '' };
    expect(await moveTraffic(ports)({ environment: 'Production', release: '1.1.0', execution: lock?.execution ?? '', failure })).toMatchObject({
      outcome: 'rolledBack',
    });
    expect(users(walk)).toEqual(BLUE);
    expect((await environment(ports)).goingBack).toBeDefined();
  });

  test('where 0.9.0 does not serve, traffic stays; 1.1.0 has been told', async () => {
    const walk = await waits();
    walk.ports.targets.count = () => 0;
    expect(await rollBack(walk)).toMatchObject({
      status: 409,
      body: { code: 'CannotRollBack', message: expect.stringContaining('slot blue with 0.9.0 has none') },
    });
    expect(await walk.ports.ledger.release('1.1.0')).toMatchObject({ aborted: {} });
  });

  test('with two slots 1.1.0 has taken the slot, and the refusal leads out', async () => {
    const walk = await waits({});
    const before = snapshot(walk.ports);
    expect(await rollBack(walk)).toMatchObject({ status: 409, body: { code: 'NotShifted', message: expect.stringContaining("1.1.0 took 0.9.0's slot") } });
    expect(snapshot(walk.ports)).toEqual(before);
  });

  test('where the slot of 0.9.0 was lowered, 1.1.0 goes first', async () => {
    const walk = await waits();
    const state = await environment(walk.ports);
    const blue = state.slots.blue as (typeof state.slots)[string];
    walk.ports.ledger.seed({ ...state, slots: { ...state.slots, blue: { ...blue, loweredFrom: 2 } } });
    expect(await rollBack(walk)).toMatchObject({ status: 409, body: { code: 'NotShifted', message: expect.stringContaining('ptl abort 1.1.0') } });
  });
});

test('what was submitted before the rule was there goes by the plan that it was submitted with', async () => {
  const ports = world(REFUSES);
  const old = await ports.ledger.release('1.1.0');
  ports.ledger.seed({ ...(old as Release), plan: [examplePlan()] });
  expect(await enter(ports)(await enterInput(ports, '1.1.0'))).toEqual({ outcome: 'entered', colour: 'green' });
  expect(taskInput('1.1.0').environment).toBe('Production');
});
