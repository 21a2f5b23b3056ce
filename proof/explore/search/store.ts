import { essenceOf, fingerprint } from '../world/essence';
import type { World } from '../world/world';

/** Every state that was seen. A value is kept once, however many states have it; a state is the list of its values' numbers. */
export class Store {
  private readonly pairs: { readonly key: string; readonly value: unknown }[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly ofValue = new WeakMap<object, number>();
  private readonly places = new Map<string, number>();
  private readonly states: string[] = [];

  get size(): number {
    return this.states.length;
  }

  /** The state's canonical form: the same for two worlds that behave alike. */
  name(world: World): string {
    const numbers: number[] = [];
    for (const [key, value] of world) {
      const number = this.number(key, value);
      if (number !== undefined) numbers.push(number);
    }
    return String.fromCodePoint(...numbers.sort((a, b) => a - b).map(codePoint));
  }

  find(name: string): number | undefined {
    return this.places.get(name);
  }

  /** @returns its place, which is new */
  add(name: string): number {
    const place = this.states.length;
    this.places.set(name, place);
    this.states.push(name);
    return place;
  }

  world(place: number): World {
    const world = new Map<string, unknown>();
    for (const character of this.states[place] as string) {
      const { key, value } = this.pairs[numberOf(character)] as { readonly key: string; readonly value: unknown };
      world.set(key, value);
    }
    return world;
  }

  private number(key: string, value: unknown): number | undefined {
    const known = this.ofValue.get(value as object);
    if (known !== undefined && this.pairs[known]?.key === key) return known;
    const essence = essenceOf(key, value);
    if (essence === undefined) return undefined;
    const print = `${key}\n${fingerprint(key, essence)}`;
    const number = this.numbers.get(print) ?? this.pairs.push({ key, value: essence }) - 1;
    this.numbers.set(print, number);
    const { value: kept } = this.pairs[number] as { readonly value: unknown };
    if (typeof kept === 'object' && kept !== null) this.ofValue.set(kept, number);
    return number;
  }
}

/** A number as one character: surrogates are no characters of their own. */
const SURROGATES = 0xd800;
const AFTER = 0xe000;
const codePoint = (number: number) => (number < SURROGATES ? number : number - SURROGATES + AFTER);
const numberOf = (character: string) => {
  const point = character.codePointAt(0) as number;
  return point < SURROGATES ? point : point - AFTER + SURROGATES;
};
