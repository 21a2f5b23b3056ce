import type { Response } from '../traffic/response';
import { type Series, type Span, seriesOf } from './bins';
import { legend } from './legend';
import { labelRows, type Mark, marksOf } from './marks';
import { colours } from './palette';
import { bars, gridLines, niceScale, text, timeAxis } from './shapes';
import { type Wait, waitsOf } from './waits';

/** One environment in the picture, or a close look at it. */
export interface PanelData {
  readonly title: string;
  readonly responses: readonly Response[];
  readonly marks: readonly Mark[];
  readonly waits: readonly Wait[];
  /** What the story is about gets more room. */
  readonly large: boolean;
  /**
   * For a close look.
   *
   * @default - the picture's span, in bins of half a second
   */
  readonly closeUp?: { readonly span: Span; readonly binMs: number };
}

export interface PictureData {
  readonly title: string;
  readonly subtitle: string;
  readonly span: Span;
  readonly panels: readonly PanelData[];
}

const WIDTH = 1120;
const LEFT = 76;
/** Room for the label of what happened last. */
const RIGHT = 90;
const HEADER = 92;
const BIN_MS = 500;
const PANEL_HEIGHT = { large: 230, small: 76 } as const;
const LABEL_ROW = 17;
/** How much higher than its highest bar a panel with waits is: their labels are above the bars. */
const ROOM_FOR_WAITS = 1.6;
const NAME = 16;
const GAP = 36;
const FOOTER = 56;

/**
 * Draws responses per version over time, one panel an environment, each shift, alarm and roll back marked, and where
 * a release waited for people. SVG that needs nothing beside
 * it: light background, colours that people with colour vision deficiency can tell apart, errors hatched as well.
 */
export function drawPicture({ title, subtitle, span, panels }: PictureData): string {
  const drawn = panels.map((panel) => {
    const { span: shown, binMs } = panel.closeUp ?? { span, binMs: BIN_MS };
    const x = (at: number) => LEFT + ((at - shown.from) / (shown.to - shown.from)) * (WIDTH - LEFT - RIGHT);
    const marks = panel.marks.filter(({ at }) => at >= shown.from && at <= shown.to);
    const waits = panel.waits.filter((wait) => wait.to >= shown.from && wait.from <= shown.to);
    return { panel: { ...panel, waits }, shown, binMs, x, series: seriesOf(panel.responses, shown, binMs), rows: labelRows(marks, x) };
  });
  const palette = colours(drawn.flatMap(({ series }) => series.map(({ kind }) => kind)));
  let top = HEADER;
  const bodies = drawn.map(({ panel, shown, binMs, x, series, rows }) => {
    const name = text(LEFT, top + 12, xml(panel.title), 'font-weight="600"');
    top += NAME;
    const labels = Math.max(1, rows.count) * LABEL_ROW;
    const height = PANEL_HEIGHT[panel.large ? 'large' : 'small'];
    const body = drawPanel({ panel, series, top: top + labels, height, x, span: shown, binMs, origin: span.from, fill: palette.fill });
    const marks = marksOf(rows, { x, top, bottom: top + labels + height, rowHeight: LABEL_ROW });
    top += labels + height + GAP;
    return name + body + marks;
  });
  const height = top - GAP + FOOTER;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title description" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12" fill="#222">
<title id="title">${xml(title)}</title>
<desc id="description">${xml(subtitle)}</desc>
<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="5" stroke="#fff" stroke-width="2"/></pattern></defs>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${text(LEFT, 30, xml(title), 'font-size="19" font-weight="600"')}
${text(LEFT, 50, xml(subtitle), 'fill="#555"')}
${legend({ left: LEFT, y: 74, kinds: palette.kinds, fill: palette.fill, waits: panels.some(({ waits }) => waits.length > 0) })}
${bodies.join('\n')}
${text((LEFT + WIDTH - RIGHT) / 2, height - 14, 'seconds since the traffic began', 'text-anchor="middle" fill="#555"')}
</svg>
`;
}

interface PanelPlace {
  readonly panel: PanelData;
  readonly series: readonly Series[];
  readonly top: number;
  readonly height: number;
  readonly x: (at: number) => number;
  readonly span: Span;
  readonly binMs: number;
  /** What the time axis counts from. */
  readonly origin: number;
  readonly fill: (kind: Series['kind']) => string;
}

function drawPanel({ panel, series, top, height, x, span, binMs, origin, fill }: PanelPlace): string {
  const perBin = (bin: number) => series.reduce((sum, { counts }) => sum + (counts[bin] ?? 0), 0);
  const bins = series[0]?.counts.length ?? 0;
  const perSecond = 1000 / binMs;
  const highest = Math.max(1, ...Array.from({ length: bins }, (_, bin) => perBin(bin))) * perSecond;
  const scale = niceScale(highest * (panel.waits.length > 0 ? ROOM_FOR_WAITS : 1), panel.large ? 4 : 2);
  const most = Math.max(...scale);
  const y = (responsesPerSecond: number) => top + height - (responsesPerSecond / most) * height;
  const ground = new Array<number>(bins).fill(0);
  const stacked = series.map(({ kind, counts }) => {
    const d = bars(counts, ground, { binX: (bin) => x(span.from + bin * binMs), y: (count) => y(count * perSecond) });
    const path = `<path d="${d}" fill="${fill(kind)}"/>`;
    return 'failed' in kind && kind.failed ? `${path}<path d="${d}" fill="url(#hatch)"/>` : path;
  });
  return [
    waitsOf(panel.waits, span, { x, top, bottom: top + height }),
    gridLines(scale, y, LEFT, WIDTH - RIGHT),
    ...stacked,
    timeAxis(span, origin, x, top + height),
    panel.large ? text(20, top + height / 2, 'responses per second', `text-anchor="middle" fill="#555" transform="rotate(-90 20 ${top + height / 2})"`) : '',
  ].join('\n');
}

function xml(words: string): string {
  return words.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
