import { LEASE_SECONDS } from '../../lambda/contract';
import { toLower } from '../../lambda/domain/capacity/lower';
import { accept } from '../../lambda/handlers/accept';
import { enter } from '../../lambda/handlers/enter';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { type Answer, call } from './api-call';
import { Died, dyingPorts } from './dying-ports';
import { session } from './example-gate';
import { enterInput, exampleRelease, exampleSlot, exampleWorld, register } from './example-path';
import type { InMemoryPorts } from './in-memory-ports';
import { BLUE, GREEN, GREEN_TASK, rule, shiftedTo } from './story';

const MANAGER = session('ReleaseManager');
const ASKED = { environment: 'Production', who: 'service-manager', reason: 'slow since Friday' };

/** 1.1.0 is live in green, 1.0.0 was before it, in blue. */
async function live(): Promise<InMemoryPorts> {
  const ports = await shiftedTo(100, exampleWorld());
  expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
  const release = await ports.ledger.release('1.1.0');
  if (release) ports.ledger.seed({ ...release, status: 'live' });
  ports.slots.stacks.set('Payments-Production-Blue', { status: 'CREATE_COMPLETE', version: '1.0.0', targetGroupArn: BLUE });
  ports.machines.rollingBack = (request) => moveTraffic(ports)(request) as ReturnType<InMemoryPorts['machines']['rollBack']>;
  return ports;
}

/** The writer of the roll back dies there. @returns whether it did */
async function dies(ports: InMemoryPorts, effect: number, when: 'before' | 'after'): Promise<boolean> {
  const mortal = dyingPorts(ports, effect, when);
  await moveTraffic(mortal)(ASKED).catch((error: Error) => expect([error, error.cause].some((each) => each instanceof Died)).toBe(true));
  ports.clock.advance(LEASE_SECONDS);
  return mortal.effects() > effect;
}

const EFFECTS = ['takes the lease', 'records what it is at', 'writes the live rule', 'tags it', 'records the roll back'];
const DEATHS = EFFECTS.flatMap((name, effect) => (['before', 'after'] as const).map((when) => [when, name, effect] as const));

const recover = (ports: InMemoryPorts): Promise<Answer> => call(ports, MANAGER, 'POST /environments/Production/recover', { reason: 'INC0042' });
const askAgain = (ports: InMemoryPorts): Promise<Answer> => call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'still slow' });
const found = async (ports: InMemoryPorts) => (await call(ports, MANAGER, 'GET /doctor')).body.findings.map(({ kind }: { kind: string }) => kind);
const state = (ports: InMemoryPorts) => ports.ledger.environment('Production');

/** From the first moment on that a user was taken from 1.1.0, nobody is given it again. */
function watchUsers(ports: InMemoryPorts): void {
  const { liveRule } = ports;
  const write = liveRule.write.bind(liveRule);
  liveRule.write = async (plan, rule, weights) => {
    const held = await liveRule.read(plan);
    if (held.kind === 'slots' && !held.weights[GREEN]) expect(weights).not.toHaveProperty([GREEN]);
    await write(plan, rule, weights);
  };
}

async function isRolledBack(ports: InMemoryPorts, who: string): Promise<void> {
  expect(await rule(ports)).toEqual({ [BLUE]: 100 });
  expect(await state(ports)).toMatchObject({ live: { version: '1.0.0' }, previous: { version: '1.1.0', rolledBack: true }, weights: { blue: 100 } });
  expect(await state(ports)).not.toHaveProperty('goingBack');
  expect((await state(ports)).lease?.expiresAt).toBe('');
  expect(ports.liveRule.tags.Production).toEqual({ colour: 'blue', version: '1.0.0', targetGroupArn: BLUE });
  expect(ports.bus.published.filter(({ what }) => what === 'ReleaseRolledBack').map((event) => event.who)).toEqual([who]);
  expect(await ports.ledger.tickets()).toHaveLength(1);
}

test('the deaths that are tried are all there are', async () => {
  const lived = await live();
  expect(await dies(lived, EFFECTS.length, 'before')).toBe(false);
  expect(await dies(await live(), EFFECTS.length - 1, 'before')).toBe(true);
});

describe.each(DEATHS)('a roll back of what is live whose writer dies right %s it %s', (when, _, effect) => {
  const hasIntent = effect > 1 || (effect === 1 && when === 'after');
  const isRecorded = effect === 4 && when === 'after';
  const wasLeased = effect > 0 || when === 'after';

  async function dead(): Promise<InMemoryPorts> {
    const ports = await live();
    watchUsers(ports);
    expect(await dies(ports, effect, when)).toBe(true);
    return ports;
  }

  test('is found for what it is', async () => {
    const ports = await dead();
    expect(await found(ports)).toEqual(hasIntent && !isRecorded ? ['goingBack'] : !isRecorded && wasLeased ? ['lease'] : []);
  });

  test('is gone on with by who recovers the environment: users keep what they were given', async () => {
    const ports = await dead();
    const { body } = await recover(ports);
    expect([body.held, body.left, await found(ports)]).toEqual([[], [], []]);
    if (!hasIntent) {
      expect([await rule(ports), (await state(ports)).live?.version]).toEqual([{ [GREEN]: 100 }, '1.1.0']);
      return;
    }
    await isRolledBack(ports, 'service-manager');
    expect(body.done).toEqual(
      isRecorded ? [] : [expect.stringMatching(/^went on with the roll back of 1\.1\.0: gave Production to blue 100 \(the live rule held /)],
    );
  });

  test('is gone on with by who asks for it again', async () => {
    const ports = await dead();
    expect((await askAgain(ports)).body.outcome).toBe(isRecorded ? 'rolledBackBefore' : 'rolledBack');
    await isRolledBack(ports, hasIntent ? 'service-manager' : MANAGER);
  });

  test('keeps the next release out until then', async () => {
    const ports = await dead();
    await register(ports, exampleRelease('1.2.0'));
    const isLeft = wasLeased && !isRecorded;
    const entered = await enter(ports)(await enterInput(ports, '1.2.0'));
    expect(entered).toMatchObject({ outcome: isLeft ? 'stopped' : 'entered' });
    if (hasIntent && isLeft)
      expect(entered).toMatchObject({
        failure: { actual: expect.stringMatching(/^service-manager asked for the roll back .* ptl recover Production finishes it/) },
      });
    await recover(ports);
    if (isLeft) expect(await enter(ports)(await enterInput(ports, '1.2.0'))).toMatchObject({ outcome: 'entered' });
  });
});

describe('what had begun, and cannot be gone on with', () => {
  const BEFORE_THE_WRITE = 2;

  test('is over where users are on what is live still: who asks again is told why, and the environment is free', async () => {
    const ports = await live();
    await dies(ports, BEFORE_THE_WRITE, 'before');
    ports.targets.unhealthy.add(BLUE);
    const { status, body } = await askAgain(ports);
    expect([status, body.message]).toEqual([409, expect.stringContaining('slot blue with 1.0.0 has none: traffic stays on 1.1.0')]);
    expect(await state(ports)).not.toHaveProperty('goingBack');
    expect([await rule(ports), await found(ports)]).toEqual([{ [GREEN]: 100 }, []]);
  });

  test('and so it is by who recovers', async () => {
    const ports = await live();
    await dies(ports, BEFORE_THE_WRITE, 'before');
    ports.targets.unhealthy.add(BLUE);
    const { body } = await recover(ports);
    expect([body.done, body.left]).toEqual([[expect.stringMatching(/^gave Production to green 100/)], []]);
    expect(await state(ports)).toMatchObject({ live: { version: '1.1.0' } });
  });

  test('stays where the rule holds something else: nothing is written, and that is said', async () => {
    const ports = await live();
    await dies(ports, BEFORE_THE_WRITE, 'before');
    ports.targets.unhealthy.add(BLUE);
    ports.liveRule.set('Production', { 'arn:stranger': 100 });
    const { body } = await recover(ports);
    expect(body).toMatchObject({ done: [], held: [expect.stringMatching(/the roll back that service-manager asked for cannot go on: .* has none/)] });
    expect([await found(ports), await rule(ports)]).toEqual([['goingBack'], { 'arn:stranger': 100 }]);
  });
});

test('users who are there already are recorded there, healthy or not: nobody gives them back what they were taken from', async () => {
  const ports = await live();
  await dies(ports, 2, 'after');
  ports.targets.unhealthy.add(BLUE);
  watchUsers(ports);
  const { body } = await recover(ports);
  expect([body.done, body.left.map(({ kind }: { kind: string }) => kind)]).toEqual([
    [expect.stringContaining('went on with the roll back of 1.1.0')],
    ['unhealthy'],
  ]);
  await isRolledBack(ports, 'service-manager');
});

test('a slot that users may be on is not lowered, however long its writer is dead', async () => {
  const ports = await live();
  await dies(ports, 2, 'before');
  const scalable = {
    ...exampleSlot('1.0.0', 'Payments-Production-Blue'),
    idleSince: '2026-01-01T00:00:00.000Z',
    capacity: { kind: 'autoScalingGroup', group: 'blue', least: 1 },
  } as const;
  const now = await state(ports);
  const slots = { ...now.slots, blue: scalable };
  const { goingBack: _left, ...without } = now;
  expect(toLower({ ...now, slots }, '2026-01-02T00:00:00.000Z', ports.clock.now())).toEqual([]);
  expect(toLower({ ...without, slots }, '2026-01-02T00:00:00.000Z', ports.clock.now())).toEqual(['blue']);
});
