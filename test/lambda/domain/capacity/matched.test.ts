import type { CapacityTarget, MatchCapacityInput } from '../../../../lambda/contract';
import { matchCapacity } from '../../../../lambda/domain/capacity/match-capacity';
import type { EnvironmentState, Lock, SlotState } from '../../../../lambda/domain/model';
import { examplePlan, exampleRelease, exampleSlot, liveEnvironment } from '../../example-path';
import { type InMemoryPorts, inMemoryPorts } from '../../in-memory-ports';
import { GREEN_TASK } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const PLAN = examplePlan();
const service = (name: string): CapacityTarget => ({ kind: 'ecsService', cluster: 'payments', service: name, least: 2 });
const group: CapacityTarget = { kind: 'autoScalingGroup', group: 'payments-green', least: 2 };
const lock: Lock = { release: '1.1.0', execution: GREEN_TASK.execution, colour: 'green', since: NOW, shifted: false };
const slot = (version: string, capacity: CapacityTarget, given: Partial<SlotState> = {}): SlotState => {
  return { ...exampleSlot(version, `Payments-Production-${version}`), capacity, ...given };
};

/** 1.0.0 is live in blue on three tasks, 1.1.0 is deployed to green, on as many as are given. */
function world(running: number, given: Partial<EnvironmentState> = {}, green: Partial<SlotState> = {}): InMemoryPorts {
  const ports = inMemoryPorts([PLAN]);
  const slots = { blue: slot('1.0.0', service('blue')), green: slot('1.1.0', green.capacity ?? service('green'), green) };
  ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { slots, lock, ...given }), exampleRelease('1.1.0', [PLAN]));
  ports.capacity.has(service('blue'), 3);
  ports.capacity.has(green.capacity ?? service('green'), running);
  ports.targets.count = () => 3;
  return ports;
}
const match = (ports: InMemoryPorts, given: Partial<MatchCapacityInput> = {}) => matchCapacity(ports, { ...GREEN_TASK, percent: 10, ...given });
const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');

test('what was asked for, and what there is, is told', async () => {
  const ports = world(1);
  expect(await match(ports)).toEqual({ outcome: 'matched' });
  expect(ports.log.lines).toEqual([
    {
      level: 'info',
      message: 'capacity',
      fields: { release: '1.1.0', environment: 'Production', slot: 'green', expected: 3, actual: '3 of 3 run, 3 of them healthy' },
    },
  ]);
  expect(ports.bus.published).toMatchObject([{ what: 'CapacityRaised', release: '1.1.0', who: GREEN_TASK.execution }]);
  expect(ports.bus.published[0]?.detail).toEqual({ colour: 'green', from: 1, to: 3, seconds: 0 });
});

test('where nothing is live it is what the slot’s own template asks for', async () => {
  const ports = world(0, { live: undefined, weights: {} });
  await match(ports);
  expect(ports.capacity.asked).toEqual([{ name: 'payments/green', count: 2 }]);
});

test('and so it is where what is live has no number, as a function has none', async () => {
  const ports = world(0, { live: { colour: 'red', version: '1.0.0', digest: 'd' } });
  await match(ports);
  expect(ports.capacity.asked).toEqual([{ name: 'payments/green', count: 2 }]);
});

test('how long a deployment took to start is kept, once, and is no raise', async () => {
  const ports = world(3);
  ports.capacity.has(service('green'), 3, 3, 74);
  expect(await match(ports)).toEqual({ outcome: 'matched' });
  expect((await environment(ports)).slots.green).toMatchObject({ startSeconds: 74 });
  expect(ports.bus.published).toEqual([]);
  await match(ports);
  expect(ports.ledger.commits).toHaveLength(1);
});

test('a slot that was lowered and is raised is not taken for lowered any more', async () => {
  const ports = world(0, {}, { loweredFrom: 4, startSeconds: 9 });
  ports.capacity.delay = 2;
  await match(ports);
  const { green } = (await environment(ports)).slots;
  expect(green).toMatchObject({ startSeconds: 10 });
  expect(green).not.toHaveProperty('loweredFrom');
});

test('a raise is recorded that took as long as the one before; where nobody saw a start, what is known of one is kept', async () => {
  const raises = world(1, {}, { startSeconds: 0 });
  await match(raises);
  expect(raises.bus.published).toMatchObject([{ what: 'CapacityRaised' }]);
  const runs = world(3, {}, { startSeconds: 9 });
  await match(runs);
  expect([runs.ledger.commits, (await environment(runs)).slots.green?.startSeconds]).toEqual([[], 9]);
});

test('instances that do not come are looked for in their group', async () => {
  const ports = world(1, {}, { capacity: group });
  ports.capacity.most = 1;
  expect(await match(ports)).toMatchObject({ outcome: 'failed', failure: { logs: 'Auto Scaling group payments-green' } });
  expect(ports.bus.published).toEqual([]);
});

test('nobody waits for a release that is not to go on', async () => {
  const ports = world(1);
  ports.capacity.delay = 1000;
  ports.clock.meanwhile = () =>
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { lock, rollBackRequested: { by: 'arn:m', reason: 'slow', at: NOW } }));
  expect(await match(ports)).toMatchObject({ failure: { expected: 'nobody asked for its roll back', actual: 'arn:m asked for it: slow' } });
  expect(ports.clock.slept).toEqual([5_000]);
});

test('nothing is recorded under a lock that is another’s by then', async () => {
  const ports = world(1);
  const read = ports.capacity.read.bind(ports.capacity);
  ports.capacity.read = async (plan, target) => {
    const { slots } = await environment(ports);
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { slots, lock: { ...lock, execution: 'arn:of-another' } }));
    return read(plan, target);
  };
  expect(await match(ports)).toEqual({ outcome: 'matched' });
  expect([ports.ledger.commits, ports.capacity.asked.length]).toEqual([[], 1]);
});
