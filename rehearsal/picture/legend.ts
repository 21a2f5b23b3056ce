import type { Kind } from './bins';
import { text, textWidth } from './shapes';
import { WAIT_FILL } from './waits';

interface LegendData {
  readonly left: number;
  readonly y: number;
  readonly kinds: readonly Kind[];
  readonly fill: (kind: Kind) => string;
  /** Whether there are any to explain. */
  readonly waits: boolean;
}

/** What each colour stands for, in one row. */
export function legend({ left, y, kinds, fill, waits }: LegendData): string {
  const answers = kinds.map((kind) => ({ label: labelOf(kind), paints: [fill(kind), ...('failed' in kind && kind.failed ? ['url(#hatch)'] : [])] }));
  let x = left;
  return [...answers, ...(waits ? [{ label: 'waits for people', paints: [WAIT_FILL] }] : [])]
    .map(({ label, paints }) => {
      const at = x;
      x += 12 + 6 + textWidth(label) + 22;
      const boxes = paints.map((paint) => `<rect x="${at}" y="${y - 10}" width="12" height="12" fill="${paint}"/>`);
      return `${boxes.join('')}${text(at + 18, y, label, '')}`;
    })
    .join('\n');
}

function labelOf(kind: Kind): string {
  if ('nobody' in kind) return kind.nobody === 'before' ? 'no release is live yet (503)' : 'lost';
  return kind.failed ? `${kind.version}, its own errors` : kind.version;
}
