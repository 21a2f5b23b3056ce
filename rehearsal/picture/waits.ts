import type { Span } from './bins';
import { text } from './shapes';

/** A time during which a release waited for people. */
export interface Wait extends Span {
  /** What for, in a word or two. */
  readonly label: string;
}

/** Behind the bars, which are darker, and told from them by its edges too. */
export const WAIT_FILL = '#F3EAD3';
const EDGE = '#8A6D3B';
/** The narrowest band that can be seen, and that its label fits into. */
const NARROWEST = 14;

interface WaitsPlace {
  readonly x: (at: number) => number;
  readonly top: number;
  readonly bottom: number;
}

/** A band over the height of the panel for each wait, its label along it, from above. */
export function waitsOf(waits: readonly Wait[], { from, to }: Span, { x, top, bottom }: WaitsPlace): string {
  return waits
    .map(({ label, ...wait }) => {
      const left = x(Math.max(wait.from, from));
      const width = Math.max(NARROWEST, x(Math.min(wait.to, to)) - left);
      const [middle, end] = [left + width / 2 + 4, top + 6];
      const edge = (at: number) => `<line x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="${top}" y2="${bottom}" stroke="${EDGE}" stroke-width="0.7"/>`;
      const band = `<rect x="${left.toFixed(1)}" y="${top}" width="${width.toFixed(1)}" height="${bottom - top}" fill="${WAIT_FILL}"/>`;
      const along = `font-size="11" font-weight="600" fill="${EDGE}" text-anchor="end" transform="rotate(-90 ${middle.toFixed(1)} ${end})"`;
      return band + edge(left) + edge(left + width) + text(Number(middle.toFixed(1)), end, label, along);
    })
    .join('\n');
}
