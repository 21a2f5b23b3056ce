import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Everything that is left to chance in one simulated world, from one seed: the same seed, the same world. */
export class Chance {
  private readonly generator;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed);
    // Seeds that are neighbours begin alike.
    for (let skipped = 0; skipped < 8; skipped++) this.generator.next();
  }

  /** From 0 up to, and without, 1. */
  fraction(): number {
    return (this.generator.next() >>> 0) / 0x1_0000_0000;
  }
  happens(probability: number): boolean {
    return probability > 0 && this.fraction() < probability;
  }
  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }
  oneOf<T>(values: readonly T[]): T {
    return values[this.between(0, values.length - 1)] as T;
  }
  /** By weight: `[[3, 'often'], [1, 'seldom']]`. */
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.fraction() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    return (choices[choices.length - 1] as readonly [number, T])[1];
  }
}
