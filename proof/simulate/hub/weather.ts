import type { Chance } from '../chance';

/** How much may go wrong in a world. */
export interface Weather {
  readonly name: 'calm' | 'rough' | 'stormy';
  /** Faults that a release must come through as if nothing had happened. */
  readonly harmless: number;
  /** Deaths that the machine is told of as such: then it may also go back. */
  readonly deadly: number;
  /** Probability of a fault at a call. */
  readonly rate: number;
  /** Probability that a call takes any time at all, so that others may come in between. */
  readonly pauses: number;
}

export function weatherOf(chance: Chance): Weather {
  const name = chance.weighted<Weather['name']>([
    [25, 'calm'],
    [45, 'rough'],
    [30, 'stormy'],
  ]);
  const pauses = chance.oneOf([0.1, 0.3, 1]);
  if (name === 'calm') return { name, harmless: 0, deadly: 0, rate: 0, pauses };
  const rate = chance.oneOf([0.005, 0.02, 0.05]);
  return { name, harmless: chance.between(1, 5), deadly: name === 'stormy' ? chance.between(0, 4) : 0, rate, pauses };
}
