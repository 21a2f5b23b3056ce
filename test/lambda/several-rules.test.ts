import { LEASE_SECONDS } from '../../lambda/contract';
import { Conflict, Refused } from '../../lambda/domain/errors';
import type { RuleTargets } from '../../lambda/domain/ports';
import { restoreAccepted } from '../../lambda/domain/recovery/restore-accepted';
import { accept } from '../../lambda/handlers/accept';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { exampleWorld } from './example-path';
import type { InMemoryPorts } from './in-memory-ports';
import { BLUE, END, GREEN, GREEN_TASK, inTheShadow, shift, shiftedTo } from './story';

/** Three rules, moved as one. */
const FURTHER = ['Internal', 'Partners'];
const RULES = ['Main', ...FURTHER];

function world(): InMemoryPorts {
  const ports = exampleWorld();
  ports.liveRule.further = FURTHER;
  ports.liveRule.set('Production', { [BLUE]: 100 });
  return ports;
}

const held = (ports: InMemoryPorts) => Object.values(ports.liveRule.snapshot());
const slots = (weights: Readonly<Record<string, number>>) => ({ kind: 'slots', weights });
const all = (weights: Readonly<Record<string, number>>) => RULES.map(() => slots(weights));
const written = (ports: InMemoryPorts, from = 0) => ports.liveRule.writes.slice(from).map(({ rule = 'Main', weights }) => [rule, weights]);
const busy = () => Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
const refused = () => new Refused('AccessDenied', 'not allowed to');
const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const plan = async (ports: InMemoryPorts) => (await ports.plans.environments())[0] as never;

describe('a shift moves all of the rules', () => {
  test('in their order, each with one call, and the ledger has one set of weights', async () => {
    const ports = await shiftedTo(10, world());
    expect(written(ports)).toEqual(RULES.map((rule) => [rule, { [BLUE]: 90, [GREEN]: 10 }]));
    expect(held(ports)).toEqual(all({ [BLUE]: 90, [GREEN]: 10 }));
    expect(await environment(ports)).toMatchObject({ weights: { blue: 90, green: 10 } });
  });

  test.each([0, 1, 2])('or none: where the write of rule %i is refused, those before are put back, the last one first, and it says so', async (k) => {
    const ports = await inTheShadow(world());
    ports.liveRule.refuseNextWrite(refused(), k);
    await expect(shift(ports, 10)).rejects.toMatchObject({
      name: 'Conflict',
      message: expect.stringMatching(new RegExp(`not all of them could be written \\(${RULES[k]}: not allowed to\\); all of them hold blue 100 again`)),
    });
    expect(held(ports)).toEqual(all({ [BLUE]: 100 }));
    expect(written(ports, k + 1)).toEqual(
      RULES.slice(0, k)
        .reverse()
        .map((rule) => [rule, { [BLUE]: 100 }]),
    );
    // What it may have moved is for the roll back, which finds nothing to do.
    const writes = ports.liveRule.writes.length;
    expect(await moveTraffic(ports)(END)).toMatchObject({ outcome: 'rolledBack' });
    expect(ports.liveRule.writes).toHaveLength(writes);
  });

  test.each([0, 1, 2])('where the answer of write %i is lost that rule is put back, too; nobody writes before that is over, and then it is done', async (k) => {
    const ports = await inTheShadow(world());
    ports.liveRule.failAfterNextWrite(busy(), k);
    await expect(shift(ports, 10)).rejects.toMatchObject({
      name: 'Retry',
      message: expect.stringContaining(`the live rule ${RULES[k]} of Production may or may not`),
    });
    expect(held(ports)).toEqual(all({ [BLUE]: 100 }));
    expect((await environment(ports)).lease?.expiresAt).not.toBe('');
    ports.clock.advance(LEASE_SECONDS);
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
    expect(held(ports)).toEqual(all({ [BLUE]: 90, [GREEN]: 10 }));
  });

  test.each([0, 1, 2])('where write %i is acknowledged and does nothing, all of them are put back', async (k) => {
    const ports = await inTheShadow(world());
    const write = ports.liveRule.write.bind(ports.liveRule);
    let calls = 0;
    ports.liveRule.write = async (...asked) => {
      if (calls++ === k) ports.liveRule.loseNextWrite();
      return write(...asked);
    };
    await expect(shift(ports, 10)).rejects.toMatchObject({
      name: 'Conflict',
      message: expect.stringMatching(/was written as blue 90, green 10, and holds .*; all of them hold blue 100 again/),
    });
    expect(held(ports)).toEqual(all({ [BLUE]: 100 }));
  });

  test('what cannot be put back either is for the roll back: held by nobody, it says what is left, and goes back', async () => {
    const ports = await inTheShadow(world());
    ports.liveRule.refuseNextWrite(refused(), 2);
    ports.liveRule.refuseNextWrite(refused()); // putting Internal back
    await expect(shift(ports, 10)).rejects.toThrow(/Partners: not allowed to; Internal: not allowed to; .*; not all of them could be put back/);
    expect(held(ports)).toEqual([slots({ [BLUE]: 100 }), slots({ [BLUE]: 90, [GREEN]: 10 }), slots({ [BLUE]: 100 })]);
    expect(await moveTraffic(ports)(END)).toMatchObject({ outcome: 'rolledBack' });
    expect(held(ports)).toEqual(all({ [BLUE]: 100 }));
    // It is of the release's own doing, so that nobody is looked for.
    expect(ports.bus.published.map(({ what }) => what)).not.toContain('MismatchFound');
  });

  test.each([0, 1, 2, 3])('a reading back that fails, after %i that find the state before, leaves what is written; the next try records it', async (before) => {
    const ports = await inTheShadow(world());
    const was: RuleTargets = { kind: 'slots', weights: { [BLUE]: 100 } };
    const write = ports.liveRule.write.bind(ports.liveRule);
    let calls = 0;
    ports.liveRule.write = async (...asked) => {
      if (++calls === RULES.length) for (let reading = 0; reading < before; reading++) ports.liveRule.nextRead(was);
      if (calls === RULES.length) ports.liveRule.nextRead(busy());
      return write(...asked);
    };
    await expect(shift(ports, 10)).rejects.toThrow('slow down');
    expect(held(ports)).toEqual(all({ [BLUE]: 90, [GREEN]: 10 }));
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
    expect(ports.liveRule.writes).toHaveLength(RULES.length);
    expect(await environment(ports)).toMatchObject({ weights: { blue: 90, green: 10 }, lease: { expiresAt: '' } });
  });

  test('a rule that differs from its sisters is a mismatch that says both values, and nothing is written', async () => {
    const ports = await inTheShadow(world());
    ports.liveRule.set('Production', { [GREEN]: 100 }, 'Internal');
    expect(await shift(ports, 10)).toMatchObject({
      outcome: 'refused',
      failure: {
        expected: 'what the ledger recorded: blue 100',
        actual: expect.stringContaining('Main: blue 100; Internal: green 100; Partners: blue 100: somebody else moved traffic'),
      },
    });
    expect(ports.liveRule.writes).toEqual([]);
  });

  test('what somebody else made of half of it is no half of an earlier try', async () => {
    const ports = await inTheShadow(world());
    // As a writer leaves it that died behind the first rule of a shift to 10 percent,
    ports.liveRule.refuseNextWrite(refused(), 1);
    ports.liveRule.refuseNextWrite(refused());
    await expect(shift(ports, 10)).rejects.toBeInstanceOf(Conflict);
    expect(held(ports)[0]).toEqual(slots({ [BLUE]: 90, [GREEN]: 10 }));
    // and then somebody.
    ports.liveRule.set('Production', { [GREEN]: 100 }, 'Partners');
    await expect(shift(ports, 10)).rejects.toThrow(/an earlier try may have moved traffic, and now: .*Partners: green 100/);
  });

  test('a rule that somebody removed stops it, and which one is said', async () => {
    const ports = await inTheShadow(world());
    ports.liveRule.set('Production', 'gone', 'Internal');
    expect(await shift(ports, 10)).toMatchObject({
      outcome: 'refused',
      failure: { actual: expect.stringContaining('of its live rules Internal is not there any more') },
    });
  });

  test('a release is live only where all of the rules have it', async () => {
    const ports = await shiftedTo(100, world());
    ports.liveRule.set('Production', { [BLUE]: 100 }, 'Partners');
    expect(await accept(ports)(GREEN_TASK)).toMatchObject({ outcome: 'refused', failure: { actual: expect.stringContaining('Partners: blue 100') } });
    ports.liveRule.set('Production', { [GREEN]: 100 }, 'Partners');
    expect(await accept(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
  });
});

describe('a roll back', () => {
  test.each([0, 1, 2])('goes on past rule %i that cannot be written, and says which; asked again it writes only that one', async (k) => {
    const ports = await shiftedTo(50, world());
    const writes = ports.liveRule.writes.length;
    ports.liveRule.refuseNextWrite(refused(), k);
    await expect(moveTraffic(ports)(END)).rejects.toMatchObject({ name: 'Conflict', message: expect.stringContaining(`(${RULES[k]}: not allowed to)`) });
    expect(written(ports, writes)).toEqual(RULES.map((rule) => [rule, { [BLUE]: 100 }]));
    expect(held(ports)).toEqual(RULES.map((_, n) => slots(n === k ? { [BLUE]: 50, [GREEN]: 50 } : { [BLUE]: 100 })));
    expect(await moveTraffic(ports)(END)).toMatchObject({ outcome: 'rolledBack' });
    expect(written(ports, writes + RULES.length)).toEqual([[RULES[k], { [BLUE]: 100 }]]);
    expect(held(ports)).toEqual(all({ [BLUE]: 100 }));
  });

  test('finds a rule that somebody moved, records both values and takes it back', async () => {
    const ports = await shiftedTo(50, world());
    ports.liveRule.set('Production', { [GREEN]: 100 }, 'Internal');
    expect(await moveTraffic(ports)(END)).toMatchObject({ outcome: 'rolledBack' });
    expect(held(ports)).toEqual(all({ [BLUE]: 100 }));
    const found = ports.bus.published.find(({ what }) => what === 'MismatchFound');
    expect(found?.detail).toMatchObject({ expected: 'blue 50, green 50', actual: 'Main: blue 50, green 50; Internal: green 100; Partners: blue 50, green 50' });
  });

  test('takes the others back where one is not there any more, and its ticket says which', async () => {
    const ports = await shiftedTo(50, world());
    ports.liveRule.set('Production', 'gone', 'Main');
    expect(await moveTraffic(ports)(END)).toMatchObject({ outcome: 'rolledBack' });
    expect(held(ports)).toEqual([{ kind: 'gone' }, slots({ [BLUE]: 100 }), slots({ [BLUE]: 100 })]);
    const [ticket] = await ports.ledger.tickets();
    expect(ticket?.actual).toMatch(/of its live rules Main is not there any more: somebody removed it/);
  });

  test('of what is live moves all of them, past one that is gone', async () => {
    const ports = await shiftedTo(100, world());
    await accept(ports)(GREEN_TASK);
    ports.liveRule.set('Production', 'gone', 'Internal');
    expect(await moveTraffic(ports)({ environment: 'Production', who: 'arn:manager', reason: 'wrong prices' })).toEqual({ outcome: 'rolledBack' });
    expect(held(ports)).toEqual([slots({ [BLUE]: 100 }), { kind: 'gone' }, slots({ [BLUE]: 100 })]);
  });
});

test('whoever recovers gives every rule back to what was accepted', async () => {
  const ports = world();
  ports.liveRule.set('Production', 'other', 'Internal');
  expect(await restoreAccepted(ports, { restore: 'accepted', plan: await plan(ports), original: '503', who: 'arn:manager', reason: 'edited by hand' })).toEqual(
    {
      outcome: 'restored',
      serves: 'blue 100',
      was: 'Main: blue 100; Internal: no slot: 503; Partners: blue 100',
    },
  );
  expect(written(ports)).toEqual([['Internal', { [BLUE]: 100 }]]);
});
