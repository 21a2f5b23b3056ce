import fc from 'fast-check';
import { baselineOf, isWorse, latestLevel, worseInWords } from '../../../../lambda/domain/health/baseline';
import type { AlarmValues } from '../../../../lambda/domain/ports';

/** As `HealthAlarm.latency` makes one: two periods in a row. */
const measured = (values: AlarmValues['values'], given: Partial<AlarmValues> = {}): AlarmValues => ({
  values,
  periods: 2,
  breaching: 2,
  raisedBy: 'more',
  threshold: 1,
  raisedAt: true,
  by: 'p99',
  what: 'p99 of the response time',
  unit: 's',
  ...given,
});

describe('the baseline', () => {
  test.each<[string, AlarmValues, number | undefined]>([
    ['what all periods that the alarm looks at had together', measured([2, 2]), 2],
    ['of the worst such periods, and not of one alone', measured([1, 2, 3, 9, 1]), 3],
    ['not of two that were not in a row', measured([9, 1, 1, 9, 1]), 1],
    ['of as many as raise it, where some of them may be quiet', measured([1, 9, 1, 8, 1], { periods: 3 }), 8],
    ['the least, where less is worse', measured([5, 4, 3, 4], { raisedBy: 'less', periods: 1, breaching: 1 }), 3],
    ['without periods that have no value', measured([null, 2, null, 3, null]), 2],
    ['of fewer than it looks at, where they would raise it', measured([null, 4], { breaching: 1 }), 4],
    ['none of fewer than would raise it', measured([null, 4]), undefined],
    ['none of nothing', measured([null, null]), undefined],
  ])('is %s', (_, seen, was) => {
    expect(baselineOf(seen)?.was).toBe(was);
  });

  test('a tenth more is allowed, or less where less is worse, also of what is below nothing', () => {
    const one = { periods: 1, breaching: 1, threshold: -5 };
    expect(baselineOf(measured([2], one))?.allowed).toBeCloseTo(2.2);
    expect(baselineOf(measured([2], { ...one, raisedBy: 'less', threshold: 5 }))?.allowed).toBeCloseTo(1.8);
    expect(baselineOf(measured([-2], one))?.allowed).toBeCloseTo(-1.8);
    expect(baselineOf(measured([0], one))?.allowed).toBe(0);
  });

  test('what the alarm allows is allowed all the same: silence has raised it', () => {
    const one = { periods: 1, breaching: 1 };
    expect(baselineOf(measured([0, null], { ...one, threshold: 5 }))).toEqual({ was: 0, allowed: 5, by: 'p99' });
    expect(baselineOf(measured([5, null], { ...one, raisedBy: 'less' }))).toEqual({ was: 5, allowed: 1, by: 'p99' });
  });
});

describe('what it sees right now', () => {
  test.each<[string, AlarmValues, number | undefined]>([
    ['is the latest, without one that is not there yet', measured([9, 9, 3, 4, null]), 3],
    ['is nothing where only older periods have values', measured([9, 9, null, null, null, null]), undefined],
    ['is as bad as so many periods that would raise it', measured([1, 9, 1], { periods: 3, breaching: 1 }), 9],
  ])('%s', (_, seen, level) => {
    expect(latestLevel(seen)).toBe(level);
  });
});

test('only what is beyond what is allowed is worse, and says so in its unit', () => {
  const baseline = { was: 1.8, allowed: 1.98 };
  expect([1.5, 1.98, 1.99].map((level) => isWorse(baseline, level, measured([])))).toEqual([false, false, true]);
  expect([1.5, 1.98, 1.99].map((level) => isWorse(baseline, level, measured([], { raisedBy: 'less', threshold: 2 })))).toEqual([true, false, false]);
  expect(worseInWords(baseline, 2.4, measured([]))).toBe('p99 of the response time 2.4 s, was 1.8 s before the fix-forward, allowed: at most 1.98 s');
  expect(worseInWords({ was: 4, allowed: 3.6 }, 2, measured([], { raisedBy: 'less', what: 'its expression', unit: undefined }))).toBe(
    'its expression 2, was 4 before the fix-forward, allowed: at least 3.6',
  );
});

describe('where silence has raised it, and no value', () => {
  test.each<[string, { was: number; allowed: number }, Partial<AlarmValues>, boolean[]]>([
    ['at least five failures', { was: 0, allowed: 5 }, { threshold: 5 }, [false, true, true]],
    ['more than five failures', { was: 0, allowed: 5 }, { threshold: 5, raisedAt: false }, [false, false, true]],
    ['at most five orders', { was: 9, allowed: 5 }, { threshold: 5, raisedBy: 'less' }, [true, true, false]],
    ['less than five orders', { was: 9, allowed: 5 }, { threshold: 5, raisedBy: 'less', raisedAt: false }, [true, false, false]],
  ])('what would raise it is worse: %s', (_, baseline, given, worse) => {
    expect([4, 5, 6].map((level) => isWorse(baseline, level, measured([], given)))).toEqual(worse);
  });

  test.each<[Partial<AlarmValues>, string]>([
    [{}, 'less than 5'],
    [{ raisedAt: false }, 'at most 5'],
    [{ raisedBy: 'less' }, 'more than 5'],
    [{ raisedBy: 'less', raisedAt: false }, 'at least 5'],
  ])('and it says what is allowed as the alarm does: %j', (given, allowed) => {
    const words = worseInWords({ was: 0, allowed: 5 }, 7, measured([], { threshold: 5, unit: undefined, ...given }));
    expect(words).toBe(`p99 of the response time 7, was 0 before the fix-forward, allowed: ${allowed}`);
  });
});

test('at its threshold it has been raised by that: no more of it is no worse', () => {
  const none = { threshold: 0, raisedBy: 'less' } as const;
  expect(isWorse({ was: 0, allowed: 0 }, 0, measured([], none))).toBe(false);
});

test('what stays as it was is never worse', () => {
  const values = fc.array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })), { maxLength: 30 });
  const threshold = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const shape = fc
    .integer({ min: 1, max: 5 })
    .chain((periods) => fc.record({ periods: fc.constant(periods), breaching: fc.integer({ min: 1, max: periods }) }));
  fc.assert(
    fc.property(
      values,
      shape,
      fc.constantFrom<AlarmValues['raisedBy']>('more', 'less'),
      threshold,
      fc.boolean(),
      (seen, given, raisedBy, ...[limit, raisedAt]) => {
        const all = measured(seen, { ...given, raisedBy, threshold: limit, raisedAt });
        const [baseline, level] = [baselineOf(all), latestLevel(all)];
        expect(baseline !== undefined && level !== undefined && isWorse(baseline, level, all)).toBe(false);
      },
    ),
  );
});
