import type { MetricGatePlan } from '../../contract';
import { shown } from './measured';
import type { Reading } from './verdict';

/**
 * What the measured values say, one a period of the bake. One beyond a limit was seen, however few there are; otherwise silence is no health, and too few
 * values are *inconclusive*.
 */
export function ofMetric(gate: MetricGatePlan, values: readonly number[]): Pick<Reading, 'verdict' | 'expected' | 'actual'> {
  const beyond = values.filter((value) => !isWithin(gate, value));
  const periods = `in each period of ${gate.periodSeconds} seconds`;
  const expected = `${limitsOf(gate)} ${periods}`;
  if (beyond.length > 0) {
    const worst = beyond.reduce((a, b) => (distance(gate, b) > distance(gate, a) ? b : a));
    return { verdict: 'failed', expected, actual: `${shown(worst)} at worst, in ${beyond.length} of ${values.length} periods beyond that` };
  }
  const { minimumDatapoints } = gate;
  const actual = inWords(values);
  if (values.length >= minimumDatapoints) return { verdict: 'passed', expected, actual };
  const enough = `a value in at least ${minimumDatapoints} whole ${minimumDatapoints === 1 ? 'period' : 'periods'} of ${gate.periodSeconds} seconds while it baked`;
  return { verdict: 'inconclusive', expected: enough, actual };
}

function inWords(values: readonly number[]): string {
  if (values.length === 0) return 'no period with a value';
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  return `${shown(least)}${least === most ? '' : ` to ${shown(most)}`} in ${values.length} ${values.length === 1 ? 'period' : 'periods'}`;
}

/** What is no number is beyond every limit. */
function isWithin({ atMost, atLeast }: MetricGatePlan, value: number): boolean {
  return (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast) && !Number.isNaN(value);
}

function distance({ atMost, atLeast }: MetricGatePlan, value: number): number {
  return Math.max(atMost === undefined ? 0 : value - atMost, atLeast === undefined ? 0 : atLeast - value);
}

function limitsOf({ atMost, atLeast }: MetricGatePlan): string {
  return [...(atLeast === undefined ? [] : [`at least ${shown(atLeast)}`]), ...(atMost === undefined ? [] : [`at most ${shown(atMost)}`])].join(' and ');
}
