export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' && value !== null ? `object of ${value.constructor.name}` : typeof value;
}

/** Where a value is in what an entry takes, for example `1.members.0`: everything that somebody can write wrong. */
export function placesIn(value: unknown, at: string[] = []): string[][] {
  const inside = Array.isArray(value) || kindOf(value) === 'object of Object' ? Object.entries(value as object) : [];
  return [...(at.length > 0 ? [at] : []), ...inside.flatMap(([name, one]) => (typeof one === 'function' ? [] : placesIn(one, [...at, name])))];
}

export function valueAt(value: unknown, at: readonly string[]): unknown {
  return at.reduce((whole, name) => (whole as Record<string, unknown>)[name], value);
}

/** A copy with one value replaced; lists and plain objects are copied, all else stays. */
export function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  const whole = value as Record<string, unknown>;
  const one = replaced(whole[name], rest, by);
  return Array.isArray(whole) ? whole.map((item, index) => (String(index) === name ? one : item)) : { ...whole, [name]: one };
}
