import { RULE_READING_PAUSE_MS, RULE_READINGS } from '../../../../lambda/contract';
import { Conflict } from '../../../../lambda/domain/errors';
import type { EnvironmentState, Lease } from '../../../../lambda/domain/model';
import { assertHeld, isAbandoned, isLeased, UnknownWrite, withLease, withoutAbandoned } from '../../../../lambda/domain/traffic/lease';
import { writeAndVerify } from '../../../../lambda/domain/traffic/live-rule';
import { accept } from '../../../../lambda/handlers/accept';
import { moveTraffic } from '../../../../lambda/handlers/move-traffic';
import { examplePlan, exampleWorld, liveEnvironment } from '../../example-path';
import type { InMemoryPorts } from '../../in-memory-ports';
import { BLUE, END, GREEN, GREEN_TASK, inTheShadow, shift, shiftedTo } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const leased = (expiresAt?: string): EnvironmentState =>
  liveEnvironment('1.0.0', 'Production', expiresAt === undefined ? {} : { lease: { owner: 'w', fence: 3, expiresAt } });
const stored = (ports: InMemoryPorts) => ports.ledger.environment('Production');

describe('a lease', () => {
  test.each<[string, string | undefined, boolean, boolean]>([
    ['that nobody ever took', undefined, false, false],
    ['that was given back', '', false, false],
    ['that runs', '2026-01-05T09:00:00.001Z', true, false],
    ['that runs out now', NOW, false, true],
    ['that ran out', '2026-01-05T08:00:00.000Z', false, true],
  ])('%s', (_, expiresAt, runs, isLeft) => {
    const state = leased(expiresAt);
    expect([isLeased(state, NOW), isAbandoned(state, NOW)]).toEqual([runs, isLeft]);
    const lease = isLeft ? { owner: 'w', fence: 3, expiresAt: '' } : state.lease;
    expect(withoutAbandoned(state, NOW).lease).toEqual(lease);
  });

  test.each<[string, Partial<Lease>]>([
    ['another writer has by the same number', { owner: 'x' }],
    ['the same writer has by another number', { fence: 4 }],
  ])('that %s is held no more', (_, given) => {
    const lease = { owner: 'w', fence: 3, expiresAt: NOW };
    expect(() => assertHeld(leased(NOW), lease)).not.toThrow();
    const now = { ...lease, ...given };
    expect(() => assertHeld({ ...leased(NOW), lease: now }, lease)).toThrow(
      `the lease 3 on the live rule of Production has gone to another writer, ${now.fence}`,
    );
  });

  test('that nobody has is not held either', () => {
    expect(() => assertHeld(leased(), { owner: 'w', fence: 3, expiresAt: NOW })).toThrow(Conflict);
  });

  test('that somebody else has by then is left to them', async () => {
    const ports = exampleWorld();
    const theirs = { owner: 'x', fence: 9, expiresAt: '2026-01-05T10:00:00.000Z' };
    await withLease(ports, 'Production', async () => ports.ledger.seed({ ...(await stored(ports)), lease: theirs }));
    expect((await stored(ports)).lease).toEqual(theirs);
    expect(ports.log.lines).toEqual([]);
  });

  test('that was given back with the last transaction is not given back again', async () => {
    const ports = exampleWorld();
    await withLease(ports, 'Production', async (lease) => ports.ledger.seed({ ...(await stored(ports)), lease: { ...lease, expiresAt: '' } }));
    expect(ports.ledger.commits).toHaveLength(1);
  });

  test('that cannot be given back does not change what was done: it runs out by itself, and the log says so', async () => {
    const ports = exampleWorld();
    const environment = ports.ledger.environment.bind(ports.ledger);
    const answer = withLease(ports, 'Production', async () => {
      ports.ledger.environment = async () => {
        throw new Error('the table is away');
      };
      return 'done';
    });
    expect(await answer).toBe('done');
    ports.ledger.environment = environment;
    const { fence, expiresAt } = (await stored(ports)).lease as Lease;
    const fields = { environment: 'Production', fence, expiresAt, error: 'Error: the table is away' };
    expect(ports.log.lines).toEqual([{ level: 'error', message: 'could not give the lease back', fields }]);
    expect(isLeased(await stored(ports), ports.clock.now())).toBe(true);
  });
});

describe('the live rule', () => {
  const wanted = { kind: 'slots', weights: { [GREEN]: 100 } } as const;
  const write = (ports: InMemoryPorts) => writeAndVerify(ports, examplePlan(), wanted, {});

  test('may take a while to be what was written: it is read until it is', async () => {
    const ports = exampleWorld();
    const read = ports.liveRule.read.bind(ports.liveRule);
    let stale = RULE_READINGS - 1;
    ports.liveRule.read = async (plan) => {
      stale -= 1;
      return stale >= 0 ? { kind: 'slots', weights: { [BLUE]: 100 } } : read(plan);
    };
    await write(ports);
    expect(ports.clock.slept).toEqual(Array(RULE_READINGS - 1).fill(RULE_READING_PAUSE_MS));
  });

  test('that stays what it was is said so after the last reading', async () => {
    const ports = exampleWorld();
    ports.liveRule.loseNextWrite();
    await expect(write(ports)).rejects.toThrow(Conflict);
    expect(ports.clock.slept).toHaveLength(RULE_READINGS - 1);
  });

  test('of which nobody knows whether it was written is told with what went wrong', async () => {
    const ports = exampleWorld();
    const error = new Error('socket hang up');
    ports.liveRule.failAfterNextWrite(error);
    const thrown = await write(ports).catch((each: unknown) => each);
    expect(thrown).toBeInstanceOf(UnknownWrite);
    expect(thrown).toMatchObject({ message: expect.stringContaining('may or may not have been written: socket hang up'), cause: error });
  });
});

describe('each decision is one line of the log, with what was expected and found:', () => {
  const about = { release: '1.1.0', environment: 'Production', slot: 'green' };
  const was = { kind: 'slots', weights: { [BLUE]: 100 } };
  const last = ({ log }: InMemoryPorts) => log.lines.at(-1);

  test('a shift that was written, one that was there, and one that a dead writer had written', async () => {
    const ports = await shiftedTo(10);
    expect(last(ports)).toEqual({ level: 'info', message: 'traffic shifted', fields: { ...about, percent: 10, how: 'write', was } });
    await shift(ports, 10);
    expect(last(ports)).toMatchObject({ message: 'traffic shifted', fields: { how: 'done' } });
    ports.liveRule.failAfterNextWrite(new Error('socket hang up'));
    await expect(shift(ports, 50)).rejects.toThrow(UnknownWrite);
    ports.clock.advance(3600);
    await shift(ports, 50);
    expect(last(ports)).toMatchObject({ message: 'traffic shifted', fields: { how: 'record', percent: 50 } });
  });

  test('a shift that was refused', async () => {
    const ports = await inTheShadow();
    ports.targets.unhealthy.add(GREEN);
    await shift(ports, 10);
    const why = { subject: "the targets of Production's shadow", expected: 'at least one healthy', actual: expect.stringContaining('none in green') };
    expect(last(ports)).toEqual({ level: 'info', message: 'shift refused', fields: { ...about, percent: 10, ...why } });
  });

  test('a roll back, and one that holds', async () => {
    const ports = await shiftedTo(10);
    ports.targets.unhealthy.add(BLUE);
    await expect(moveTraffic(ports)(END)).rejects.toThrow('has no healthy target');
    const held = { expected: expect.stringContaining('with at least one healthy target'), actual: expect.stringContaining('slot blue with 1.0.0') };
    expect(ports.log.lines).toContainEqual({ level: 'error', message: 'roll back held', fields: { release: '1.1.0', environment: 'Production', ...held } });
    ports.targets.unhealthy.clear();
    await moveTraffic(ports)(END);
    const fields = { release: '1.1.0', environment: 'Production', slot: 'blue', expected: 'blue 90, green 10', actual: 'blue 90, green 10' };
    expect(last(ports)).toEqual({ level: 'info', message: 'rolled back', fields });
  });

  test('the roll back of a release that is live, and one that is refused', async () => {
    const ports = await shiftedTo(100);
    await accept(ports)(GREEN_TASK);
    const request = { environment: 'Production', who: 'arn:service-manager', reason: 'slow' };
    await moveTraffic(ports)(request);
    expect(ports.bus.published.some(({ what }) => what === 'MismatchFound')).toBe(false);
    const actual = { kind: 'slots', weights: { [GREEN]: 100 } };
    expect(last(ports)).toEqual({
      level: 'info',
      message: 'rolled back',
      fields: { release: '1.1.0', environment: 'Production', slot: 'blue', expected: was, actual },
    });
    await moveTraffic(ports)(request);
    const why = { expected: 'the version that was live before, in its slot', actual: expect.stringContaining('1.1.0 was rolled back already') };
    expect(last(ports)).toEqual({ level: 'info', message: 'roll back refused', fields: { environment: 'Production', ...why } });
  });
});

test('the roll back of what is live says what it has found where somebody else moved traffic, and what it needs where nothing is live', async () => {
  const ports = await shiftedTo(100);
  await accept(ports)(GREEN_TASK);
  const request = { environment: 'Production', who: 'arn:service-manager', reason: 'slow' };
  ports.liveRule.set('Production', { [BLUE]: 30, [GREEN]: 70 });
  await moveTraffic(ports)(request);
  const found = ports.bus.published.find(({ what }) => what === 'MismatchFound');
  expect(found).toMatchObject({ release: '1.1.0', who: 'arn:service-manager', why: 'slow', detail: { expected: 'green 100', actual: 'blue 30, green 70' } });
  expect(await moveTraffic(ports)({ ...request, environment: 'Staging' })).toEqual({
    outcome: 'refused',
    failure: {
      step: 'Roll back Staging',
      subject: 'the roll back target',
      expected: 'a release that is live',
      actual: 'nothing is live in "Staging", so there is nothing to roll back; ptl status says what happened there',
      logs: 'Staging',
    },
  });
});

describe('a roll back that holds', () => {
  const hold = async (ports: InMemoryPorts) => {
    ports.targets.unhealthy.add(BLUE);
    await expect(moveTraffic(ports)(END)).rejects.toThrow('has no healthy target');
  };

  test('is told by an event and a ticket, once for as long as the release holds the environment, and gives the lease back', async () => {
    const ports = await shiftedTo(10);
    await hold(ports);
    await hold(ports);
    expect(ports.ledger.happened().slice(-2)).toEqual(['TrafficShifted', 'TicketRaised']);
    expect(await ports.ledger.tickets()).toMatchObject([{ outcome: 'stopped', count: 1 }]);
    expect((await stored(ports)).lease?.expiresAt).toBe('');
  });

  test('of an attempt before counts once more', async () => {
    const ports = await shiftedTo(10);
    await hold(ports);
    const state = await stored(ports);
    ports.clock.advance(60);
    ports.ledger.seed({ ...state, lock: { ...(state.lock as NonNullable<EnvironmentState['lock']>), since: ports.clock.now() } });
    await hold(ports);
    expect(await ports.ledger.tickets()).toMatchObject([{ count: 2 }]);
  });
});
