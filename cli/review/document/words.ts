/** Seconds for people: `1 h 30 min (5,400 s)`; under two minutes in seconds alone. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'no end';
  const exact = `${number(seconds)} s`;
  if (seconds < 120) return exact;
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  let rest = seconds;
  const parts = units.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return { unit, count };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  const two = parts.slice(first, first + 2).filter(({ count }) => count > 0);
  return `${two.map(({ unit, count }) => `${count} ${unit}`).join(' ')} (${exact})`;
}

/** A number with commas. */
export function number(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** How many of something: `1 rule`, `2 rules`. */
export function several(count: number, one: string, more: string): string {
  return `${number(count)} ${count === 1 ? one : more}`;
}

/** US dollars: two places, and as many as it takes for what is less than a cent. */
export function usd(value: number): string {
  if (value === 0) return '0.00';
  if (value >= 0.01)
    return number(Number(value.toFixed(2)))
      .replace(/^(-?[\d,]+)$/, '$1.00')
      .replace(/\.(\d)$/, '.$10');
  return exact(Number(value.toPrecision(2)));
}

/** A number with all its places, however small. */
export function exact(value: number): string {
  return value.toFixed(12).replace(/\.?0+$/, '');
}
