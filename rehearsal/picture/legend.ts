import type { Kind } from './bins';
import { text, textWidth } from './shapes';

/** What each colour stands for, in one row. */
export function legend(left: number, y: number, kinds: readonly Kind[], fill: (kind: Kind) => string): string {
  let x = left;
  return kinds
    .map((kind) => {
      const [at, label] = [x, labelOf(kind)];
      x += 12 + 6 + textWidth(label) + 22;
      const box = (paint: string) => `<rect x="${at}" y="${y - 10}" width="12" height="12" fill="${paint}"/>`;
      const hatched = 'failed' in kind && kind.failed ? box('url(#hatch)') : '';
      return `${box(fill(kind))}${hatched}${text(at + 18, y, label, '')}`;
    })
    .join('\n');
}

function labelOf(kind: Kind): string {
  if ('nobody' in kind) return kind.nobody === 'before' ? 'no release is live yet (503)' : 'lost';
  return kind.failed ? `${kind.version}, its own errors` : kind.version;
}
