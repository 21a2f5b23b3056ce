import fc from 'fast-check';
import { Conflict } from '../../../../lambda/domain/errors';
import type { EnvironmentState } from '../../../../lambda/domain/model';
import { acceptedWeights, inWords, sameTargets, shiftedWeights, targetsOf } from '../../../../lambda/domain/traffic/weights';
import { exampleSlot } from '../../example-path';
import { targetGroupOf } from '../../fake-slots';

const percent = fc.integer({ min: 1, max: 100 });
const risingSteps = fc.uniqueArray(percent, { maxLength: 8 }).map((steps) => [...new Set([...steps, 100])].sort((a, b) => a - b));
const slots = { blue: exampleSlot('1.0.0', 'Blue'), green: exampleSlot('1.1.0', 'Green') };
const live = { colour: 'blue', version: '1.0.0', digest: 'digest-of-1.0.0' };
const sum = (weights: Readonly<Record<string, number>>) => Object.values(weights).reduce((total, each) => total + each, 0);

describe('weights of a shift', () => {
  test('are whole, above zero, and keep their sum of 100', () => {
    fc.assert(
      fc.property(percent, fc.constantFrom('blue', undefined), (step, from) => {
        const weights = shiftedWeights(from, 'green', step);
        expect(sum(weights)).toBe(100);
        expect(Object.values(weights).every((each) => Number.isInteger(each) && each > 0)).toBe(true);
      }),
    );
  });

  test('rise with the steps of a plan, and end with all of it on the shadow', () => {
    fc.assert(
      fc.property(risingSteps, (steps) => {
        const shares = steps.map((step) => shiftedWeights('blue', 'green', step).green ?? 0);
        expect(shares).toEqual([...shares].sort((a, b) => a - b));
        expect(shiftedWeights('blue', 'green', steps.at(-1) ?? 0)).toEqual({ green: 100 });
      }),
    );
  });

  test('rolled back are what they were: rollBack(shift(x)) = x', () => {
    fc.assert(
      fc.property(percent, fc.boolean(), (step, first) => {
        const before: Pick<EnvironmentState, 'live' | 'weights'> = first ? { weights: {} } : { live, weights: { blue: 100 } };
        const shifted = { ...before, weights: shiftedWeights(before.live?.colour, 'green', step) };
        expect(acceptedWeights(shifted)).toEqual(before.weights);
      }),
    );
  });

  test('of a first release go from 0 to 100 at once, whatever the step asks for', () => {
    expect(shiftedWeights(undefined, 'green', 10)).toEqual({ green: 100 });
  });

  test.each([0, -1, 0.5, 101, Number.NaN])('refuse %p percent', (step) => {
    expect(() => shiftedWeights('blue', 'green', step)).toThrow(Conflict);
    expect(() => shiftedWeights('blue', 'green', step)).toThrow(`a step is a whole number from 1 to 100, got: ${JSON.stringify(step)}`);
  });

  test('of a slot that is live itself leave it all there is', () => {
    expect(shiftedWeights('green', 'green', 10)).toEqual({ green: 100 });
  });
});

describe('targets', () => {
  test('are the target groups of the colours that have traffic', () => {
    expect(targetsOf({ blue: 90, green: 10 }, slots)).toEqual({ kind: 'slots', weights: { [targetGroupOf('Blue')]: 90, [targetGroupOf('Green')]: 10 } });
    expect(targetsOf({ blue: 100, green: 0 }, slots)).toEqual({ kind: 'slots', weights: { [targetGroupOf('Blue')]: 100 } });
    expect(targetsOf({}, slots)).toEqual({ kind: 'other' });
  });

  test('of a slot the ledger knows nothing about are refused', () => {
    expect(() => targetsOf({ red: 100 }, slots)).toThrow('does not know what the slot red holds');
  });

  test('are the same only with the same shares of the same target groups', () => {
    const shares = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 99 }), { minKeys: 2, maxKeys: 3 });
    fc.assert(
      fc.property(shares, shares, (a, b) => {
        const equal = JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
        expect(sameTargets({ kind: 'slots', weights: a }, { kind: 'slots', weights: b })).toBe(equal);
      }),
    );
  });

  test('with one target group are the same whatever its number, but never the same as none', () => {
    expect(sameTargets({ kind: 'slots', weights: { a: 1 } }, { kind: 'slots', weights: { a: 100, b: 0 } })).toBe(true);
    expect(sameTargets({ kind: 'slots', weights: { a: 1 } }, { kind: 'slots', weights: { b: 1 } })).toBe(false);
    expect(sameTargets({ kind: 'slots', weights: { a: 1 } }, { kind: 'other' })).toBe(false);
    expect(sameTargets({ kind: 'other' }, { kind: 'other' })).toBe(true);
  });

  test('of a rule that is gone are none, which is not the same as a rule that forwards nowhere', () => {
    const gone = { kind: 'gone' } as const;
    expect(sameTargets(gone, gone)).toBe(true);
    expect([sameTargets(gone, { kind: 'other' }), sameTargets({ kind: 'other' }, gone)]).toEqual([false, false]);
    expect([sameTargets(gone, { kind: 'slots', weights: { a: 1 } }), sameTargets({ kind: 'slots', weights: { a: 1 } }, gone)]).toEqual([false, false]);
  });

  test('are told to people by colour, and a stranger by its ARN', () => {
    expect(inWords({ kind: 'slots', weights: { [targetGroupOf('Green')]: 10, [targetGroupOf('Blue')]: 90 } }, slots)).toBe('blue 90, green 10');
    expect(inWords({ kind: 'slots', weights: { 'arn:stranger': 1 } }, slots)).toBe('arn:stranger 1');
    expect(inWords({ kind: 'other' }, slots)).toContain('503');
  });
});
