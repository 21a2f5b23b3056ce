import type { CapacityTarget } from '../../../../lambda/contract';
import { lowerIdle, toLower } from '../../../../lambda/domain/capacity/lower';
import { raise, type ScalableSlot } from '../../../../lambda/domain/capacity/raise';
import { needsRaising, pendingRollBack, raiseAndRollBack } from '../../../../lambda/domain/capacity/raise-and-roll-back';
import type { EnvironmentState, SlotState } from '../../../../lambda/domain/model';
import { examplePlan, exampleRelease, exampleSlot, liveEnvironment } from '../../example-path';
import { targetGroupOf } from '../../fake-slots';
import { type InMemoryPorts, inMemoryPorts } from '../../in-memory-ports';

const NOW = '2026-01-05T09:00:00.000Z';
const BEFORE = '2026-01-05T08:00:00.000Z';
const PLAN = examplePlan('Production', { warmForSeconds: 3600 });
const service = (name: string): CapacityTarget => ({ kind: 'ecsService', cluster: 'payments', service: name, least: 2 });
const scalable = (version: string, colour: string, given: Partial<SlotState> = {}): ScalableSlot => {
  return { ...exampleSlot(version, `Payments-Production-${colour}`), capacity: service(colour), ...given };
};
const GREEN = targetGroupOf('Payments-Production-green');
const asked = { by: 'arn:manager', reason: 'slow', at: NOW };
const lock = { release: '1.1.0', execution: 'arn:run', colour: 'green', since: NOW, shifted: false };
const previous = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };

/** 1.0.0 is live in blue; 0.9.0, which was before, in green, has served nobody for an hour. */
const state = (given: Partial<EnvironmentState> = {}, green: Partial<SlotState> = {}): EnvironmentState => {
  const slots = { blue: scalable('1.0.0', 'blue'), green: scalable('0.9.0', 'green', { idleSince: BEFORE, ...green }) };
  return liveEnvironment('1.0.0', 'Production', { slots, previous, ...given });
};
function world(found = state(), running = 2): InMemoryPorts {
  const ports = inMemoryPorts([PLAN]);
  ports.ledger.seed(found);
  ports.capacity.has(service('green'), running);
  ports.liveRule.set('Production', { [targetGroupOf('Payments-Production-blue')]: 100 });
  return ports;
}
const lines = (ports: InMemoryPorts) => ports.log.lines.map(({ level, message, fields }) => [level, message, fields]);

describe('a slot is lowered', () => {
  test('that has served nobody for long enough, and no other', () => {
    const lowers = (given: Partial<EnvironmentState>, green: Partial<SlotState> = {}) => toLower(state(given, green), BEFORE, NOW);
    expect(lowers({})).toEqual(['green']);
    expect(lowers({ live: undefined })).toEqual(['green']);
    const not: [Partial<EnvironmentState>, Partial<SlotState>?][] = [
      [{}, { idleSince: '2026-01-05T08:00:00.001Z' }],
      [{}, { idleSince: undefined }],
      [{}, { capacity: undefined }],
      [{ live: { colour: 'green', version: '0.9.0', digest: 'd' } }],
      [{ weights: { blue: 90, green: 10 } }],
      [{ lock }],
      [{ rollBackRequested: asked }],
      [{ goingBack: asked }],
      [{ retirement: { ...asked, execution: 'e', plan: PLAN, original: '503', release: '1.0.0' } }],
      [{ lease: { owner: 'w', fence: 1, expiresAt: '2026-01-05T09:00:01.000Z' } }],
    ];
    for (const each of not) expect(lowers(...each)).toEqual([]);
  });

  test('once, and that is told', async () => {
    const ports = world();
    await lowerIdle(ports, PLAN);
    expect(ports.capacity.asked).toEqual([{ name: 'payments/green', count: 0 }]);
    expect(lines(ports)).toEqual([['info', 'slot lowered', { environment: 'Production', slot: 'green', expected: 0 }]]);
    const [event] = ports.bus.published;
    expect(event).toMatchObject({ what: 'CapacityLowered', release: '0.9.0', who: 'the schedule of the hub' });
    expect(event?.detail).toEqual({ colour: 'green', from: 2, to: 0, idleSince: BEFORE });
    await lowerIdle(ports, PLAN);
    expect(ports.capacity.asked).toHaveLength(1);
  });

  test('to nothing anew where it runs though the ledger has it as lowered, which is not told again', async () => {
    const ports = world(state({}, { loweredFrom: 4 }));
    await lowerIdle(ports, PLAN);
    expect([ports.capacity.asked.length, ports.bus.published]).toEqual([1, []]);
    expect((await ports.ledger.environment('Production')).slots.green).toMatchObject({ loweredFrom: 4 });
  });

  test('and recorded as lowered where it has run nothing all along', async () => {
    const ports = world(state(), 0);
    await lowerIdle(ports, PLAN);
    expect(ports.bus.published).toMatchObject([{ what: 'CapacityLowered', detail: { from: 0 } }]);
  });

  test('not where the environment does not say for how long it is kept', async () => {
    const ports = world();
    const { warmForSeconds: _not, ...plan } = PLAN;
    ports.clock.advance(1e9);
    await lowerIdle(ports, plan);
    expect([ports.capacity.asked, ports.log.lines]).toEqual([[], []]);
  });

  test('not where a release has come, or a roll back was asked for, since it was looked at', async () => {
    for (const given of [{ lock }, { rollBackRequested: asked }]) {
      const ports = world();
      const environment = ports.ledger.environment.bind(ports.ledger);
      let looks = 0;
      ports.ledger.environment = async (name) => {
        looks += 1;
        if (looks === 2) ports.ledger.seed(state(given));
        return environment(name);
      };
      await lowerIdle(ports, PLAN);
      expect([looks, ports.capacity.asked, ports.ledger.commits, ports.log.lines]).toEqual([2, [], [], []]);
    }
  });

  test('not where what is live has to go back to it in case it fails in a later wave', async () => {
    const ports = world();
    const release = exampleRelease('1.0.0', [PLAN], { status: 'submitted', movedWaves: ['Production'] });
    ports.ledger.seed(release);
    await lowerIdle(ports, PLAN);
    expect(ports.capacity.asked).toEqual([]);
    ports.ledger.seed({ ...release, movedWaves: ['elsewhere'] });
    await lowerIdle(ports, PLAN);
    expect(ports.capacity.asked).toHaveLength(1);
  });

  test('not where the live rule sends users there', async () => {
    const ports = world();
    ports.liveRule.set('Production', { [GREEN]: 1 });
    await lowerIdle(ports, PLAN);
    const why = 'not lowered: the live rule sends traffic there, and the ledger does not know of it';
    expect(lines(ports)).toEqual([['error', why, { environment: 'Production', slot: 'green' }]]);
    expect([ports.capacity.asked, ports.bus.published]).toEqual([[], []]);
  });
});

describe('a slot is raised', () => {
  const options = { count: 3, seconds: 60, wanted: async () => true };
  const slot = scalable('0.9.0', 'green');

  test('until all of it runs and is healthy', async () => {
    const ports = world();
    ports.targets.count = () => 3;
    ports.capacity.delay = 2;
    expect(await raise(ports, PLAN, slot, options)).toEqual({ state: 'running', count: 3, from: 2, seconds: 10, found: '3 of 3 run, 3 of them healthy' });
    ports.capacity.has(service('green'), 4);
    expect(await raise(ports, PLAN, slot, options)).toEqual({ state: 'running', count: 3, from: 4, found: '4 of 3 run, 3 of them healthy' });
    ports.capacity.has(service('green'), 4, 4, 74);
    expect(await raise(ports, PLAN, slot, options)).toMatchObject({ state: 'running', seconds: 74 });
    expect(ports.capacity.asked).toEqual([{ name: 'payments/green', count: 3 }]);
  });

  test('until its time is up: what is healthy and does not run is not enough', async () => {
    const ports = world();
    ports.targets.count = () => 3;
    ports.capacity.most = 2;
    const found = '2 of 3 run, 3 of them healthy; the service said last: unable to place a task';
    expect(await raise(ports, PLAN, slot, options)).toEqual({ state: 'short', count: 3, from: 2, found });
    expect(ports.clock.slept).toHaveLength(12);
  });

  test('until nobody wants it', async () => {
    const ports = world();
    ports.capacity.most = 2;
    const left = await raise(ports, PLAN, slot, { ...options, wanted: async () => false });
    expect(left).toMatchObject({ state: 'left', count: 3, from: 2, found: expect.stringContaining('2 of 3 run, 1 of them healthy') });
    expect(ports.clock.slept).toEqual([]);
  });
});

describe('a roll back to a slot that was lowered', () => {
  const lowered = (given: Partial<EnvironmentState> = {}) => state({ rollBackRequested: asked, ...given }, { loweredFrom: 4 });

  test('waits for it where it was asked for, and nobody is there', () => {
    expect(pendingRollBack(lowered())).toMatchObject({ requested: asked, live: { version: '1.0.0' }, to: { version: '0.9.0' }, slot: { loweredFrom: 4 } });
    for (const given of [{ lock }, { live: undefined }, { previous: undefined }, { rollBackRequested: undefined }])
      expect(pendingRollBack(lowered(given))).toBeUndefined();
    const { capacity: _none, ...fixed } = scalable('0.9.0', 'green');
    expect(pendingRollBack(lowered({ slots: { blue: scalable('1.0.0', 'blue'), green: fixed } }))).toBeUndefined();
  });

  test('needs that, and so does one that was begun', () => {
    expect(needsRaising(lowered({ rollBackRequested: undefined }))).toBe(true);
    expect([needsRaising(state({ rollBackRequested: asked })), needsRaising(state())]).toEqual([true, false]);
    expect([needsRaising(lowered({ lock })), needsRaising(lowered({ live: undefined }))]).toEqual([false, false]);
  });

  test('is none where none waits', async () => {
    const ports = world();
    await raiseAndRollBack(ports, PLAN);
    expect([lines(ports), ports.capacity.asked]).toEqual([[['info', 'no roll back waits', { environment: 'Production' }]], []]);
  });

  test('raises it to what it had, records that, and goes back for who asked', async () => {
    const ports = world(lowered(), 0);
    ports.targets.count = () => 4;
    ports.capacity.delay = 1;
    const requests: unknown[] = [];
    ports.machines.rollBack = async (request) => {
      requests.push(request);
      return { outcome: 'rolledBack' };
    };
    await raiseAndRollBack(ports, PLAN);
    expect(ports.capacity.asked).toEqual([{ name: 'payments/green', count: 4 }]);
    expect(requests).toEqual([{ environment: 'Production', who: 'arn:manager', reason: 'slow' }]);
    const told = { environment: 'Production', slot: 'green', state: 'running', expected: 4, actual: '4 of 4 run, 4 of them healthy' };
    expect(lines(ports)).toEqual([['info', 'raised for a roll back', told]]);
    expect(ports.bus.published).toMatchObject([{ what: 'CapacityRaised', release: '0.9.0', who: 'arn:manager' }]);
    expect(ports.bus.published[0]?.detail).toEqual({ colour: 'green', from: 0, to: 4, seconds: 5 });
    expect(await ports.ledger.tickets()).toEqual([]);
  });

  test('that is refused then ends with a ticket, and nobody waits for it any more', async () => {
    for (const [answer, why] of [
      [{ outcome: 'refused' }, 'refused'],
      [{ outcome: 'refused', failure: { step: 's', subject: 'x', expected: 'e', actual: 'no healthy target', logs: 'l' } }, 'no healthy target'],
    ] as const) {
      const ports = world(lowered(), 4);
      ports.targets.count = () => 4;
      ports.clock.advance(60);
      ports.machines.rollBack = async () => answer;
      await raiseAndRollBack(ports, PLAN);
      const actual = `0.9.0 in slot green, which had been lowered: ${why}; traffic stays on 1.0.0, and arn:manager wanted it back: slow`;
      const [ticket] = await ports.ledger.tickets();
      expect(ticket).toMatchObject({ subject: 'the roll back target', expected: 'runs again, and is healthy', actual, logs: 'slot green', outcome: 'stopped' });
      expect(ports.bus.published.at(-1)).toMatchObject({ what: 'TicketRaised', release: '1.0.0', who: 'arn:manager' });
      expect(lines(ports).at(-1)).toEqual(['error', 'not rolled back', { environment: 'Production', expected: 'runs again, and is healthy', actual }]);
      expect(await ports.ledger.environment('Production')).not.toHaveProperty('rollBackRequested');
    }
  });

  test('goes on where it is raised already, as after a run that died', async () => {
    const ports = world(state({ rollBackRequested: asked }), 2);
    ports.targets.count = () => 2;
    await raiseAndRollBack(ports, PLAN);
    expect([ports.capacity.asked, ports.clock.slept, ports.machines.rollBacks.length]).toEqual([[], [], 1]);
    expect(ports.bus.published[0]?.detail).toEqual({ colour: 'green', from: 2, to: 2 });
  });

  test('has at least what its own template asks for, though fewer ran', async () => {
    const ports = world(state({ rollBackRequested: asked }, { loweredFrom: 1 }), 0);
    ports.targets.count = () => 2;
    await raiseAndRollBack(ports, PLAN);
    expect(ports.capacity.asked).toEqual([{ name: 'payments/green', count: 2 }]);
  });

  test('lets who lowers it come to an end, for a minute at most from when it was asked for', async () => {
    const ports = world(lowered(), 4);
    ports.targets.count = () => 4;
    ports.clock.advance(45);
    await raiseAndRollBack(ports, PLAN);
    expect(ports.clock.slept).toEqual([5_000, 5_000, 5_000]);
    const gone = world(lowered(), 4);
    gone.targets.count = () => 4;
    gone.clock.meanwhile = () => gone.capacity.has(service('green'), 0);
    await raiseAndRollBack(gone, PLAN);
    expect(gone.clock.slept).toEqual([5_000]);
  });

  test('that was taken back while the slot came up is not recorded, and not given up', async () => {
    const ports = world(lowered(), 0);
    ports.targets.count = () => 4;
    const set = ports.capacity.set.bind(ports.capacity);
    ports.capacity.set = async (...call) => {
      ports.ledger.seed(lowered({ lock }));
      return set(...call);
    };
    ports.machines.rollBack = async () => ({ outcome: 'refused' });
    await raiseAndRollBack(ports, PLAN);
    expect([ports.ledger.commits, await ports.ledger.tickets()]).toEqual([[], []]);
  });

  test('that is refused is not given up where it is over by then, or another was asked for', async () => {
    for (const later of [undefined, { ...asked, at: '2026-01-05T09:00:01.000Z' }]) {
      const ports = world(lowered(), 4);
      ports.targets.count = () => 4;
      ports.clock.advance(60);
      ports.machines.rollBack = async () => {
        ports.ledger.seed(state({ rollBackRequested: later }));
        return { outcome: 'refused' };
      };
      await raiseAndRollBack(ports, PLAN);
      expect([await ports.ledger.tickets(), (await ports.ledger.environment('Production')).rollBackRequested]).toEqual([[], later]);
    }
  });

  test('that does not come up in time ends with a ticket', async () => {
    const ports = world(lowered(), 0);
    ports.capacity.most = 1;
    await raiseAndRollBack(ports, PLAN);
    const [ticket] = await ports.ledger.tickets();
    expect(ticket?.actual).toBe(
      '0.9.0 in slot green, which had been lowered: not started within 12 minutes: 1 of 4 run, 1 of them healthy; the service said last: unable to place a task; traffic stays on 1.0.0, and arn:manager wanted it back: slow',
    );
    expect(ports.machines.rollBacks).toEqual([]);
  });

  test('is left alone where it is done, or another was asked for, meanwhile', async () => {
    for (const later of [undefined, { ...asked, at: '2026-01-05T09:00:01.000Z' }]) {
      const ports = world(lowered(), 0);
      ports.capacity.delay = 100;
      ports.clock.meanwhile = () => ports.ledger.seed(lowered({ rollBackRequested: later }));
      await raiseAndRollBack(ports, PLAN);
      expect(lines(ports)).toMatchObject([['info', 'raised for a roll back', { state: 'left' }]]);
      expect([ports.bus.published, await ports.ledger.tickets()]).toEqual([[], []]);
      expect((await ports.ledger.environment('Production')).rollBackRequested).toEqual(later);
    }
  });
});
