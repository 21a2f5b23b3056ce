import type { Span } from './bins';

export function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${words}</text>`;
}

/** About how wide words are at 12 pixels; no font is at hand to measure them. */
export function textWidth(words: string): number {
  return words.length * 6.4;
}

interface BarPlace {
  /** Left edge of a bin. */
  readonly binX: (bin: number) => number;
  readonly y: (count: number) => number;
}

/**
 * One series as one path of rectangles, on top of what is stacked already.
 *
 * @param ground raised by the counts
 */
export function bars(counts: readonly number[], ground: number[], { binX, y }: BarPlace): string {
  return counts
    .flatMap((count, bin) => {
      const below = ground[bin] ?? 0;
      ground[bin] = below + count;
      if (count === 0) return [];
      const [left, right, bottom, top] = [binX(bin), binX(bin + 1), y(below), y(below + count)].map((value) => value.toFixed(1));
      return [`M${left} ${bottom}V${top}H${right}V${bottom}Z`];
    })
    .join('');
}

/** Values of an axis from 0 to at least `most`: about `steps` of them, a round number apart. */
export function niceScale(most: number, steps: number): number[] {
  const rough = most / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 1.5, 2, 3, 4, 5, 6, 8].find((nice) => nice * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, number) => number * step);
}

export function gridLines(values: readonly number[], y: (value: number) => number, left: number, right: number): string {
  return values
    .map((value) => {
      const at = y(value).toFixed(1);
      const line = `<line x1="${left}" x2="${right}" y1="${at}" y2="${at}" stroke="${value === 0 ? '#666' : '#e4e4e4'}"/>`;
      return line + text(left - 8, Number(at) + 4, String(Math.round(value * 10) / 10), 'text-anchor="end" font-size="11" fill="#555"');
    })
    .join('\n');
}

/** Ticks at round seconds since `origin`. */
export function timeAxis({ from, to }: Span, origin: number, x: (at: number) => number, y: number): string {
  const every = [1, 2, 5, 10, 20, 30, 60].find((step) => (to - from) / 1000 / step <= 20) ?? 120;
  const first = Math.ceil((from - origin) / 1000 / every);
  const last = Math.floor((to - origin) / 1000 / every);
  return Array.from({ length: last - first + 1 }, (_, tick) => {
    const seconds = (first + tick) * every;
    const at = x(origin + seconds * 1000).toFixed(1);
    return `<line x1="${at}" x2="${at}" y1="${y}" y2="${y + 4}" stroke="#666"/>${text(Number(at), y + 16, String(seconds), 'text-anchor="middle" font-size="11" fill="#555"')}`;
  }).join('\n');
}
