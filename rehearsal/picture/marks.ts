import { text, textWidth } from './shapes';

/** Something that happened in an environment. */
export interface Mark {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: 'shift' | 'alarm' | 'rollBack';
  /** A few words. */
  readonly label: string;
}

/** Labels in rows, so that none covers another. */
export interface LabelRows {
  readonly placed: readonly { readonly mark: Mark; readonly row: number }[];
  readonly count: number;
}

const COLOUR = { shift: '#555555', alarm: '#B00020', rollBack: '#5B2A86' } as const;
const DASHES = { shift: '2 3', alarm: '6 3', rollBack: '' } as const;
const ROOM = 8;

/** Puts each label to the right of its line, above the labels whose lines it would otherwise cross. */
export function labelRows(marks: readonly Mark[], x: (at: number) => number): LabelRows {
  const placed: { mark: Mark; row: number }[] = [];
  for (const mark of [...marks].sort((a, b) => b.at - a.at)) {
    const end = x(mark.at) + 4 + textWidth(mark.label) + ROOM;
    const crossed = placed.filter((other) => x(other.mark.at) < end).map(({ row }) => row);
    placed.unshift({ mark, row: Math.max(-1, ...crossed) + 1 });
  }
  return { placed, count: Math.max(0, ...placed.map(({ row }) => row + 1)) };
}

interface MarksPlace {
  readonly x: (at: number) => number;
  readonly top: number;
  readonly bottom: number;
  readonly rowHeight: number;
}

/** A line through the panel for each mark, with its label above. */
export function marksOf({ placed, count }: LabelRows, { x, top, bottom, rowHeight }: MarksPlace): string {
  return placed
    .map(({ mark, row }) => {
      const left = x(mark.at).toFixed(1);
      const y = top + (Math.max(1, count) - row) * rowHeight - 5;
      const [colour, dashes] = [COLOUR[mark.kind], DASHES[mark.kind]];
      const line = `<line x1="${left}" x2="${left}" y1="${y - 9}" y2="${bottom}" stroke="${colour}" stroke-width="1.3" stroke-dasharray="${dashes}"/>`;
      return line + text(Number(left) + 4, y, mark.label, `font-size="11" fill="${colour}"${mark.kind === 'shift' ? '' : ' font-weight="600"'}`);
    })
    .join('\n');
}
