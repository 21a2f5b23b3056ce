import fc from 'fast-check';
import type { MetricGatePlan } from '../../../../lambda/contract';
import { ofMetric } from '../../../../lambda/domain/health/of-metric';

const gate = (given: Partial<MetricGatePlan>): MetricGatePlan => ({
  kind: 'metric',
  name: 'ErrorRate',
  queries: [],
  periodSeconds: 60,
  minimumDatapoints: 2,
  ...given,
});
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('what was measured of a slot', () => {
  test.each([
    ['is on the upper limit', { atMost: 1 }, [0.5, 1], 'passed', '0.5 to 1 in 2 periods'],
    ['is above the upper limit once', { atMost: 1 }, [0, 1.2345, 1.1], 'failed', '1.235 at worst, in 2 of 3 periods beyond that'],
    ['is on the lower limit', { atLeast: 10 }, [10, 10], 'passed', '10 in 2 periods'],
    ['is below the lower limit', { atLeast: 10 }, [20, 9, 3], 'failed', '3 at worst, in 2 of 3 periods beyond that'],
    ['is below one of two limits', { atLeast: 0, atMost: 1 }, [0.5, -0.5], 'failed', '-0.5 at worst, in 1 of 2 periods beyond that'],
    ['is beyond both limits, further beyond the upper one', { atLeast: 5, atMost: 10 }, [4, 12, 7], 'failed', '12 at worst, in 2 of 3 periods beyond that'],
    ['is beyond both limits, further beyond the lower one', { atLeast: 5, atMost: 10 }, [11, 2], 'failed', '2 at worst, in 2 of 2 periods beyond that'],
    ['is nothing', { atMost: 1 }, [], 'inconclusive', 'no period with a value'],
    ['is too little', { atMost: 1 }, [0.5], 'inconclusive', '0.5 in 1 period'],
    ['is too little, but bad', { atMost: 1 }, [1.5], 'failed', '1.5 at worst, in 1 of 1 periods beyond that'],
    ['is no number', { atMost: 1 }, [Number.NaN, 0], 'failed', 'NaN at worst, in 1 of 2 periods beyond that'],
  ] as const)('when it %s', (_when, limits, values, verdict, actual) => {
    expect(ofMetric(gate(limits), values)).toMatchObject({ verdict, actual });
  });

  test('says what is expected: the limits, or how much must be measured', () => {
    expect(ofMetric(gate({ atLeast: 1, atMost: 2 }), [1, 2]).expected).toBe('at least 1 and at most 2 in each period of 60 seconds');
    expect(ofMetric(gate({ atLeast: 1 }), [1, 2]).expected).toBe('at least 1 in each period of 60 seconds');
    expect(ofMetric(gate({ atMost: 2, minimumDatapoints: 1 }), []).expected).toBe('a value in at least 1 whole period of 60 seconds while it baked');
    expect(ofMetric(gate({ atMost: 2 }), []).expected).toBe('a value in at least 2 whole periods of 60 seconds while it baked');
  });

  test('passes with enough values, all of them within the limits, and never otherwise', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 8 }), value, fc.integer({ min: 1, max: 8 }), (values, atMost, minimumDatapoints) => {
        const { verdict } = ofMetric(gate({ atMost, minimumDatapoints }), values);
        expect(verdict === 'passed').toBe(values.length >= minimumDatapoints && values.every((each) => each <= atMost));
        expect(verdict === 'failed').toBe(values.some((each) => each > atMost));
      }),
    );
  });
});
