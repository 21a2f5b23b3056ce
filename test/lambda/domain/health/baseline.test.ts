import fc from 'fast-check';
import { baselineOf, isWorse, latestLevel, worseInWords } from '../../../../lambda/domain/health/baseline';
import type { AlarmValues } from '../../../../lambda/domain/ports';

/** As `HealthAlarm.latency` makes one: two periods in a row. */
const measured = (values: AlarmValues['values'], given: Partial<AlarmValues> = {}): AlarmValues => ({
  values,
  periods: 2,
  breaching: 2,
  raisedBy: 'more',
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
    const one = { periods: 1, breaching: 1 };
    expect(baselineOf(measured([2], one))?.allowed).toBeCloseTo(2.2);
    expect(baselineOf(measured([2], { ...one, raisedBy: 'less' }))?.allowed).toBeCloseTo(1.8);
    expect(baselineOf(measured([-2], one))?.allowed).toBeCloseTo(-1.8);
    expect(baselineOf(measured([0], one))?.allowed).toBe(0);
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
  expect([1.5, 1.98, 1.99].map((level) => isWorse(baseline, level, measured([], { raisedBy: 'less' })))).toEqual([true, false, false]);
  expect(worseInWords(baseline, 2.4, measured([]))).toBe('p99 of the response time 2.4 s, was 1.8 s before the fix-forward, allowed: at most 1.98 s');
  expect(worseInWords({ was: 4, allowed: 3.6 }, 2, measured([], { raisedBy: 'less', what: 'its expression', unit: undefined }))).toBe(
    'its expression 2, was 4 before the fix-forward, allowed: at least 3.6',
  );
});

test('what stays as it was is never worse', () => {
  const values = fc.array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })), { maxLength: 30 });
  const shape = fc
    .integer({ min: 1, max: 5 })
    .chain((periods) => fc.record({ periods: fc.constant(periods), breaching: fc.integer({ min: 1, max: periods }) }));
  fc.assert(
    fc.property(values, shape, fc.constantFrom<AlarmValues['raisedBy']>('more', 'less'), (seen, given, raisedBy) => {
      const all = measured(seen, { ...given, raisedBy });
      const [baseline, level] = [baselineOf(all), latestLevel(all)];
      expect(baseline !== undefined && level !== undefined && isWorse(baseline, level, all)).toBe(false);
    }),
  );
});
