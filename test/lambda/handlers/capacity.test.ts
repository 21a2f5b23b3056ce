import type { CapacityTarget, EnvironmentPlan, ReasonBody } from '../../../lambda/contract';
import { rollBack } from '../../../lambda/domain/commands/roll-back';
import type { EnvironmentState, SlotState } from '../../../lambda/domain/model';
import { accept } from '../../../lambda/handlers/accept';
import { deploy } from '../../../lambda/handlers/deploy';
import { enter } from '../../../lambda/handlers/enter';
import { keepCapacity } from '../../../lambda/handlers/keep-capacity';
import { matchCapacity } from '../../../lambda/handlers/match-capacity';
import { moveTraffic } from '../../../lambda/handlers/move-traffic';
import { stop } from '../../../lambda/handlers/stop';
import { enterInput, examplePlan, exampleRelease, exampleWorld, register, taskInput } from '../example-path';
import { alarmOf } from '../fake-slots';
import type { InMemoryPorts } from '../in-memory-ports';
import { BLUE, END, GREEN, GREEN_TASK, rule, shift } from '../story';

const HOUR = 3600;
const serviceOf = (colour: string, least = 2): CapacityTarget => ({ kind: 'ecsService', cluster: 'payments', service: colour, least });
const plan = (given: Partial<EnvironmentPlan> = {}): EnvironmentPlan => {
  const { roles } = examplePlan();
  return examplePlan('Production', {
    roles: { ...roles, capacity: 'arn:aws:iam::222222222222:role/Payments-Production-capacity' },
    warmForSeconds: HOUR,
    ...given,
  });
};

/** 1.0.0 is live in blue on so many tasks; what is deployed to green asks for two. */
function world(live = 2, given: Partial<EnvironmentPlan> = {}): InMemoryPorts {
  const ports = exampleWorld([plan(given)]);
  const blue: SlotState = { version: '1.0.0', digest: 'digest-of-1.0.0', targetGroupArn: BLUE, alarms: [], capacity: serviceOf('blue') };
  ports.ledger.seed({ ...liveBlue, slots: { blue } });
  ports.capacity.has(serviceOf('blue'), live);
  ports.capacity.has(serviceOf('green'), 2);
  ports.slots.script('Payments-Production-Green', deployedGreen);
  ports.targets.count = (targetGroup) => ports.capacity.running(serviceOf(targetGroup === BLUE ? 'blue' : 'green'));
  return ports;
}
const deployedGreen = { state: 'deployed', targetGroupArn: GREEN, alarms: [alarmOf('Payments-Production-Green')], capacity: serviceOf('green') } as const;
const liveBlue: EnvironmentState = {
  kind: 'environment',
  revision: 1,
  environment: 'Production',
  live: { colour: 'blue', version: '1.0.0', digest: 'digest-of-1.0.0' },
  slots: {},
  weights: { blue: 100 },
};

const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const match = (ports: InMemoryPorts, percent?: number) => matchCapacity(ports)({ ...GREEN_TASK, ...(percent !== undefined && { percent }) });

async function deployed(ports: InMemoryPorts): Promise<InMemoryPorts> {
  expect(await enter(ports)(await enterInput(ports, '1.1.0'))).toEqual({ outcome: 'entered', colour: 'green' });
  expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
  return ports;
}

/** 1.1.0 is live in green, 1.0.0 was before, in blue. */
async function accepted(ports = world()): Promise<InMemoryPorts> {
  await deployed(ports);
  for (const percent of [10, 50, 100]) {
    expect(await match(ports, percent)).toEqual({ outcome: 'matched' });
    expect(await shift(ports, percent)).toEqual({ outcome: 'shifted' });
  }
  expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
  return ports;
}

const tend = (ports: InMemoryPorts) => keepCapacity(ports)({});

describe('before any traffic moves', () => {
  test('the shadow gets as much as live has, whatever its template asks for', async () => {
    const ports = await deployed(world(8));
    expect(await match(ports)).toEqual({ outcome: 'matched' });
    expect(ports.capacity.asked).toEqual([{ name: 'payments/green', count: 8 }]);
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'CapacityRaised', detail: { colour: 'green', from: 2, to: 8 } });
  });

  test('and no less than its template asks for, also where nothing is live or live has less', async () => {
    const ports = await deployed(world(1));
    ports.capacity.has(serviceOf('green'), 0);
    expect(await match(ports)).toEqual({ outcome: 'matched' });
    expect(ports.capacity.asked).toEqual([{ name: 'payments/green', count: 2 }]);
  });

  test('it is followed until all of it is healthy, and how long that took is kept', async () => {
    const ports = await deployed(world(8));
    ports.capacity.delay = 4;
    await match(ports);
    expect((await environment(ports)).slots.green).toMatchObject({ startSeconds: 20 });
    expect(ports.bus.published.at(-1)?.detail).toMatchObject({ seconds: 20 });
  });

  test('what runs already is left alone: nothing is asked for, and nothing is recorded', async () => {
    const ports = await deployed(world(2));
    const before = ports.ledger.snapshot();
    expect(await match(ports, 10)).toEqual({ outcome: 'matched' });
    expect([ports.capacity.asked, ports.ledger.snapshot()]).toEqual([[], before]);
  });

  test('it is never lowered, when it has more than live', async () => {
    const ports = await deployed(world(2));
    ports.capacity.has(serviceOf('green'), 5);
    expect(await match(ports, 10)).toEqual({ outcome: 'matched' });
    expect(ports.capacity.asked).toEqual([]);
  });

  test('a slot that does not get it in time stops the release, with what the service said', async () => {
    const ports = await deployed(world(8));
    ports.capacity.most = 3;
    expect(await match(ports, 10)).toEqual({
      outcome: 'failed',
      failure: {
        step: 'Match the capacity of Production for 10 percent',
        subject: 'the capacity of slot green',
        expected: '8, as many as live has, running and healthy within 12 minutes',
        actual: '3 of 8 run, 3 of them healthy; the service said last: unable to place a task',
        logs: 'service green in the cluster payments',
      },
    });
    const before = { ...GREEN_TASK, percent: 100, outage: true } as const;
    expect(await matchCapacity(ports)(before)).toMatchObject({ failure: { step: 'Match the capacity of Production for the outage' } });
    expect((await rule(ports)) as object).toEqual({ [BLUE]: 100 });
  });

  test('what runs and is not healthy does not count', async () => {
    const ports = await deployed(world(2));
    ports.targets.unhealthy.add(GREEN);
    expect(await match(ports)).toMatchObject({ outcome: 'failed', failure: { actual: '2 of 2 run, 0 of them healthy' } });
  });

  test('a release that is aborted meanwhile does not wait any longer', async () => {
    const ports = await deployed(world(8));
    ports.capacity.delay = 1000;
    const sleep = ports.clock.sleep.bind(ports.clock);
    ports.clock.sleep = async (milliseconds) => {
      ports.ledger.seed({ ...exampleRelease('1.1.0', [plan()]), aborted: { by: 'arn:service-manager', reason: 'wrong branch', at: 'now' } });
      return sleep(milliseconds);
    };
    expect(await match(ports)).toMatchObject({ outcome: 'failed', failure: { actual: 'aborted by arn:service-manager: wrong branch' } });
  });

  test('a slot without a capacity, as of a function, has nothing to match', async () => {
    const ports = exampleWorld([plan()]);
    await deployed(ports);
    expect(await match(ports)).toEqual({ outcome: 'matched' });
  });

  test('without the lock nothing is asked for', async () => {
    const ports = world(8);
    expect(await match(ports)).toMatchObject({ outcome: 'failed', failure: { subject: 'the lock of Production' } });
    expect(ports.capacity.asked).toEqual([]);
  });
});

describe('a slot that has served its last user', () => {
  test('is kept warm for as long as the environment says, and then lowered to nothing, once', async () => {
    const ports = await accepted();
    ports.clock.advance(HOUR - 1);
    await tend(ports);
    expect(ports.capacity.asked).toEqual([]);
    ports.clock.advance(1);
    await tend(ports);
    await tend(ports);
    expect(ports.capacity.asked).toEqual([{ name: 'payments/blue', count: 0 }]);
    expect(ports.ledger.happened().filter((what) => what === 'CapacityLowered')).toHaveLength(1);
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'CapacityLowered', release: '1.0.0', detail: { colour: 'blue', from: 2, to: 0 } });
    expect((await environment(ports)).slots.blue).toMatchObject({ loweredFrom: 2 });
  });

  test('is never lowered where the environment does not say for how long', async () => {
    const ports = await accepted(world(2, { warmForSeconds: undefined }));
    ports.clock.advance(1000 * HOUR);
    await tend(ports);
    expect(ports.capacity.asked).toEqual([]);
  });

  test('is not lowered while a release is in the environment, nor while somebody may write its live rule', async () => {
    const ports = await accepted();
    ports.clock.advance(2 * HOUR);
    const state = await environment(ports);
    const lock = { release: '1.2.0', execution: 'e', colour: 'blue', since: 'now', shifted: false };
    ports.ledger.seed({ ...state, lock });
    await tend(ports);
    ports.ledger.seed({ ...state, lease: { owner: 'somebody', fence: 9, expiresAt: ports.clock.later(60) } });
    await tend(ports);
    expect(ports.capacity.asked).toEqual([]);
  });

  test('is not lowered while it has weight, by the ledger or by the live rule as somebody wrote it', async () => {
    const ports = await accepted();
    ports.clock.advance(2 * HOUR);
    const state = await environment(ports);
    ports.ledger.seed({ ...state, weights: { green: 90, blue: 10 } });
    await tend(ports);
    ports.ledger.seed(state);
    ports.liveRule.set('Production', { [GREEN]: 90, [BLUE]: 10 });
    await tend(ports);
    expect(ports.capacity.asked).toEqual([]);
    expect((await environment(ports)).slots.blue).not.toHaveProperty('loweredFrom');
    ports.liveRule.set('Production', { [GREEN]: 100 });
    await tend(ports);
    expect(ports.capacity.asked).toHaveLength(1);
  });

  test('of a stopped or rolled back release is lowered the same way; the live one never', async () => {
    const ports = await deployed(world());
    await stop(ports)(END);
    ports.clock.advance(HOUR);
    await tend(ports);
    expect(ports.capacity.asked).toEqual([{ name: 'payments/green', count: 0 }]);
    ports.clock.advance(1000 * HOUR);
    await tend(ports);
    expect(ports.capacity.asked).toHaveLength(1);
  });

  test('is recorded as lowered before it is: a run that dies in between is finished by the next', async () => {
    const ports = await accepted();
    ports.clock.advance(HOUR);
    const set = ports.capacity.set.bind(ports.capacity);
    ports.capacity.set = async () => {
      throw new Error('killed');
    };
    await expect(tend(ports)).rejects.toThrow('killed');
    expect((await environment(ports)).slots.blue).toMatchObject({ loweredFrom: 2 });
    ports.capacity.set = set;
    await tend(ports);
    expect(ports.capacity.asked).toEqual([{ name: 'payments/blue', count: 0 }]);
  });

  test('gets its capacity back with the next release that is deployed to it', async () => {
    const ports = await accepted();
    ports.clock.advance(HOUR);
    await tend(ports);
    register(ports, exampleRelease('1.2.0', [plan()]));
    ports.slots.script('Payments-Production-Blue', { state: 'deployed', targetGroupArn: BLUE, alarms: [], capacity: serviceOf('blue') });
    const task = { ...taskInput('1.2.0'), colour: 'blue' };
    expect(await enter(ports)(await enterInput(ports, '1.2.0'))).toEqual({ outcome: 'entered', colour: 'blue' });
    await deploy(ports)(task);
    // A stack in which only the version changed leaves the number of tasks as it is.
    expect(await matchCapacity(ports)(task)).toEqual({ outcome: 'matched' });
    expect(ports.capacity.asked.at(-1)).toEqual({ name: 'payments/blue', count: 2 });
  });
});

describe('rolling back to a slot that was lowered', () => {
  const body: ReasonBody = { reason: 'slow since Friday' };
  const serviceManager = 'arn:aws:iam::111111111111:role/service-manager';

  async function lowered(): Promise<InMemoryPorts> {
    const ports = world();
    ports.capacity.has(serviceOf('blue'), 2, 2, 74);
    await accepted(ports);
    const state = await environment(ports);
    ports.ledger.seed({ ...state, slots: { ...state.slots, blue: { ...(state.slots.blue as SlotState), startSeconds: 74 } } });
    ports.clock.advance(HOUR);
    await tend(ports);
    ports.machines.rollingBack = (request) => moveTraffic(ports)(request) as never;
    return ports;
  }
  const run = (ports: InMemoryPorts) => keepCapacity(ports)({ environment: 'Production' });

  test('says that it is started first and how long that took before, and moves nothing yet', async () => {
    const ports = await lowered();
    const view = await rollBack(ports, serviceManager, 'Production', body);
    expect(view).toMatchObject({
      outcome: 'raising',
      environment: { live: { version: '1.1.0' }, previous: { version: '1.0.0', lowered: true, startSeconds: 74 }, rollingBack: { by: serviceManager } },
    });
    expect(ports.machines.raises).toEqual([{ environment: 'Production' }]);
    expect(await rule(ports)).toEqual({ [GREEN]: 100 });
  });

  test('starts it, waits until it is healthy, and then rolls back in the name of who asked', async () => {
    const ports = await lowered();
    await rollBack(ports, serviceManager, 'Production', body);
    ports.capacity.delay = 3;
    await run(ports);
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
    const state = await environment(ports);
    expect(state).toMatchObject({ live: { version: '1.0.0' }, weights: { blue: 100 } });
    expect(state.rollBackRequested).toBeUndefined();
    expect(state.slots.blue).not.toHaveProperty('loweredFrom');
    expect(state.slots.blue).not.toHaveProperty('idleSince');
    expect(ports.ledger.happened().slice(-5)).toEqual(['CapacityLowered', 'RollBackRequested', 'CapacityRaised', 'ReleaseRolledBack', 'TicketRaised']);
    expect(ports.bus.published.at(-2)).toMatchObject({ what: 'ReleaseRolledBack', who: serviceManager, why: 'slow since Friday' });
  });

  test.each([
    ['comes through', [0, 2]],
    ['died before it', []],
  ])('while it is being lowered waits until that is over: what is live is never lowered, where the call %s', async (how, asked) => {
    const ports = await accepted();
    ports.machines.rollingBack = (request) => moveTraffic(ports)(request) as never;
    ports.clock.advance(HOUR);
    const set = ports.capacity.set.bind(ports.capacity);
    let late: (() => Promise<void>) | undefined;
    ports.capacity.set = async (...call) => {
      ports.capacity.set = set;
      late = () => set(...call);
    };
    await tend(ports);
    await rollBack(ports, serviceManager, 'Production', body);
    ports.clock.meanwhile = async () => {
      const comes = late;
      late = undefined;
      if (how === 'comes through') await comes?.();
    };
    await run(ports);
    if (how === 'comes through') await late?.();
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
    expect(ports.capacity.asked.map(({ count }) => count)).toEqual(asked);
    expect(ports.capacity.running(serviceOf('blue'))).toBe(2);
  });

  test('asked for twice is one roll back, and the first reason stands', async () => {
    const ports = await lowered();
    await rollBack(ports, serviceManager, 'Production', body);
    expect(await rollBack(ports, 'arn:deputy', 'Production', { reason: 'me too' })).toMatchObject({ outcome: 'raising' });
    expect(ports.ledger.happened().filter((what) => what === 'RollBackRequested')).toHaveLength(1);
    await run(ports);
    await run(ports);
    expect(ports.ledger.happened().filter((what) => what === 'ReleaseRolledBack')).toHaveLength(1);
    expect((await environment(ports)).live?.version).toBe('1.0.0');
  });

  test('no release is let in meanwhile, and the slot is not lowered again', async () => {
    const ports = await lowered();
    await rollBack(ports, serviceManager, 'Production', body);
    register(ports, exampleRelease('1.2.0', [plan()]));
    expect(await enter(ports)(await enterInput(ports, '1.2.0'))).toMatchObject({
      outcome: 'stopped',
      failure: { subject: 'the roll back of Production', actual: expect.stringContaining(`${serviceManager} asked for it at`) },
    });
    ports.capacity.has(serviceOf('blue'), 2);
    await tend(ports);
    expect(ports.capacity.asked).toEqual([{ name: 'payments/blue', count: 0 }]);
  });

  test('that does not come up ends with a ticket; traffic stays, and releases may enter again', async () => {
    const ports = await lowered();
    await rollBack(ports, serviceManager, 'Production', body);
    ports.capacity.most = 1;
    await run(ports);
    expect(await rule(ports)).toEqual({ [GREEN]: 100 });
    expect((await environment(ports)).rollBackRequested).toBeUndefined();
    expect(await ports.ledger.tickets()).toMatchObject([
      {
        step: 'Roll back Production',
        subject: 'the roll back target',
        actual: expect.stringMatching(
          /not started within 12 minutes: 1 of 2 run.*traffic stays on 1\.1\.0, and .*service-manager wanted it back: slow since Friday/,
        ),
      },
    ]);
  });

  test('is taken up by the schedule when the run that was started for it is dead, and not before', async () => {
    const ports = await lowered();
    await rollBack(ports, serviceManager, 'Production', body);
    ports.clock.advance(899);
    await tend(ports);
    expect((await environment(ports)).live?.version).toBe('1.1.0');
    ports.clock.advance(1);
    await tend(ports);
    expect((await environment(ports)).live?.version).toBe('1.0.0');
  });

  test('while it is warm is one call, as ever', async () => {
    const ports = await accepted();
    ports.machines.rollingBack = (request) => moveTraffic(ports)(request) as never;
    expect(await rollBack(ports, serviceManager, 'Production', body)).toMatchObject({ outcome: 'rolledBack' });
    expect([ports.capacity.asked, ports.machines.raises]).toEqual([[], []]);
  });
});
