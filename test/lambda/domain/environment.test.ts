import fc from 'fast-check';
import { accepted, emptied, filled, holds, locked, mayBeFreed, ownsLock, rolledBack, shadowColour, swappedBack } from '../../../lambda/domain/environment';
import type { EnvironmentState } from '../../../lambda/domain/model';
import { giveBack, isAbandoned, isLeased, takeLease } from '../../../lambda/domain/traffic/lease';
import { wayBack } from '../../../lambda/domain/traffic/way-back';
import { examplePlan, exampleSlot, liveEnvironment, taskInput } from '../example-path';

const COLOURS = ['blue', 'green', 'red'];
const plan = examplePlan('Production', { slots: COLOURS.map((colour) => ({ colour, stackName: `Payments-Production-${colour}` })) });
const version = (colour: string, number: string) => ({ colour, version: number, digest: `digest-of-${number}` });
const empty: EnvironmentState = { kind: 'environment', revision: 0, environment: 'Production', slots: {}, weights: {} };
const task = taskInput('1.1.0');

describe('the shadow', () => {
  test('is never a slot that serves', () => {
    const served = fc.record({ live: fc.constantFrom(...COLOURS), previous: fc.constantFrom(...COLOURS), share: fc.constantFrom(...COLOURS) });
    fc.assert(
      fc.property(served, ({ live, previous, share }) => {
        const state = { ...empty, live: version(live, '1.0.0'), previous: version(previous, '0.9.0'), weights: { [live]: 90, [share]: 10 } };
        const colour = shadowColour(plan, state);
        expect(colour).not.toBe(live);
        expect(colour).not.toBe(share);
      }),
    );
  });

  test('leaves the version before in its slot as long as there is a spare one', () => {
    const state = { ...empty, live: version('blue', '1.0.0'), previous: version('green', '0.9.0'), weights: { blue: 100 } };
    expect(shadowColour(plan, state)).toBe('red');
    expect(shadowColour(examplePlan(), state)).toBe('green');
  });

  test('of a first release is the first slot of the plan', () => {
    expect(shadowColour(plan, empty)).toBe('blue');
  });
});

describe('a slot that is emptied', () => {
  test('is no longer what can be rolled back to; another one still is', () => {
    const state = {
      ...liveEnvironment('1.0.0'),
      previous: version('green', '0.9.0'),
      slots: { ...liveEnvironment('1.0.0').slots, green: exampleSlot('0.9.0', 'Green') },
    };
    const taken = { by: '1.1.0', at: 'now' };
    expect(emptied(state, 'green', taken)).toMatchObject({ slots: { blue: {} }, live: { version: '1.0.0' } });
    expect(emptied(state, 'green', taken).previousTaken).toEqual({ ...state.previous, by: '1.1.0', at: 'now' });
    expect(emptied(state, 'red', taken)).not.toHaveProperty('previousTaken');
    expect(emptied(state, 'green', taken)).not.toHaveProperty('previous');
    expect(emptied(state, 'green', taken).slots).not.toHaveProperty('green');
    expect(emptied(state, 'red', taken).previous).toEqual(state.previous);
  });
});

describe('a release that is accepted', () => {
  const before = filled(locked(liveEnvironment('1.0.0'), task, 'green', 'now'), 'green', exampleSlot('1.1.0', 'Green'));
  test('is live, and what was live is what a roll back goes to', () => {
    const after = accepted(before, 'digest-of-1.1.0', 'now');
    expect(after).toMatchObject({ live: version('green', '1.1.0'), previous: version('blue', '1.0.0'), weights: { green: 100 } });
    expect(after).not.toHaveProperty('lock');
    expect(wayBack(after)).toMatchObject({ kind: 'slot', to: version('blue', '1.0.0') });
  });
  test('and swapped back is what it was: swapping twice changes nothing', () => {
    const after = accepted(before, 'digest-of-1.1.0', 'now');
    expect(swappedBack(swappedBack(after, 'now'), 'now')).toEqual(after);
    expect(swappedBack(after, 'now')).toMatchObject({ live: { version: '1.0.0' }, weights: { blue: 100 } });
  });
  test('without a lock is a conflict', () => {
    expect(() => accepted(liveEnvironment('1.0.0'), 'd', 'now')).toThrow('no release holds its lock');
  });
});

test('a roll back leaves everything but lock, bake and weights as it was', () => {
  const before = liveEnvironment('1.0.0');
  const inFlight: EnvironmentState = {
    ...locked(before, task, 'green', 'now'),
    weights: { blue: 50, green: 50 },
    bake: { token: 't', release: '1.1.0', colour: 'green', percent: 50, startedAt: 'now' },
    rollBackRequested: { by: 'service-manager', reason: 'slow', at: 'now' },
  };
  expect(rolledBack(inFlight, 'now')).toEqual(before);
});

test('a slot holds a version only with its digest', () => {
  const state = liveEnvironment('1.0.0');
  expect(holds(state, version('blue', '1.0.0'))).toBe(true);
  expect(holds(state, { ...version('blue', '1.0.0'), digest: 'other' })).toBe(false);
  expect(holds(state, version('green', '1.0.0'))).toBe(false);
});

describe('the lock', () => {
  test('is owned by one release and one execution', () => {
    const state = locked(empty, task, 'green', 'now');
    expect(ownsLock(state, task)).toBe(true);
    expect(ownsLock(state, { ...task, release: '1.2.0' })).toBe(false);
    expect(ownsLock(state, { ...task, execution: 'another' })).toBe(false);
    expect(ownsLock(empty, task)).toBe(false);
  });
  test('may be freed only before a shift, and not while somebody may be writing', () => {
    const state = locked(empty, task, 'green', 'now');
    expect(mayBeFreed(state, '2')).toBe('yes');
    expect(mayBeFreed({ ...state, lease: { owner: 'o', fence: 1, expiresAt: '3' } }, '2')).toBe('leased');
    expect(mayBeFreed({ ...state, lock: { ...state.lock, shifted: true } as EnvironmentState['lock'] }, '2')).toBe('shifted');
  });
});

describe('the lease', () => {
  test('has one owner at a time, with a fence that only rises', () => {
    const events = fc.array(fc.record({ owner: fc.constantFrom('a', 'b'), at: fc.integer({ min: 0, max: 9 }), gives: fc.boolean() }), { maxLength: 20 });
    fc.assert(
      fc.property(events, (all) => {
        let state: EnvironmentState = empty;
        let fence = 0;
        for (const { owner, at, gives } of all) {
          const now = String(at);
          if (isLeased(state, now)) {
            expect(() => takeLease(state, owner, now, '9')).toThrow('another writer');
            if (gives && state.lease) state = giveBack(state, state.lease);
          } else {
            state = takeLease(state, owner, now, '5');
            expect(state.lease?.fence).toBe(fence + 1);
            fence += 1;
          }
        }
      }),
    );
  });
  test('that was given back is free, one that ran out was abandoned', () => {
    const leased = takeLease(empty, 'a', '1', '5');
    expect([isLeased(leased, '4'), isLeased(leased, '5'), isAbandoned(leased, '4'), isAbandoned(leased, '5')]).toEqual([true, false, false, true]);
    const back = giveBack(leased, leased.lease);
    expect([isLeased(back, '4'), isAbandoned(back, '9')]).toEqual([false, false]);
  });
  test('cannot be given back by somebody whose fence is old', () => {
    const first = takeLease(empty, 'a', '1', '5');
    const second = takeLease(first, 'b', '5', '9');
    expect(() => giveBack(second, first.lease)).toThrow('has gone to another writer');
  });
});
