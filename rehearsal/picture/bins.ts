import type { Response } from '../traffic/response';

/** Who answered a request: a version, well or with an error; nobody, before or after a first release was live. */
export type Kind = { readonly version: string; readonly failed: boolean } | { readonly nobody: 'before' | 'lost' };

/** Responses of one kind over time. */
export interface Series {
  readonly kind: Kind;
  /** Number of responses in each bin. */
  readonly counts: readonly number[];
}

export interface Span {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/**
 * Sorts responses into bins by when they were answered, one series per kind: answers of each version, lowest version first and its errors
 * on top of it, then what nobody answered.
 */
export function seriesOf(responses: readonly Response[], { from, to }: Span, binMs: number): Series[] {
  const bins = Math.ceil((to - from) / binMs);
  const firstAnswer = Math.min(...responses.filter(({ version }) => version !== undefined).map(({ answered }) => answered));
  const found = new Map<string, { kind: Kind; counts: number[] }>();
  for (const response of responses) {
    const bin = Math.floor((response.answered - from) / binMs);
    if (bin < 0 || bin >= bins) continue;
    const kind = kindOf(response, firstAnswer);
    const key = keyOf(kind);
    const series = found.get(key) ?? { kind, counts: new Array<number>(bins).fill(0) };
    found.set(key, series);
    series.counts[bin] = (series.counts[bin] ?? 0) + 1;
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, series]) => series);
}

function kindOf({ version, status, sent }: Response, firstAnswer: number): Kind {
  if (version !== undefined) return { version, failed: status >= 400 };
  return { nobody: status === 503 && sent < firstAnswer ? 'before' : 'lost' };
}

/** Also the order in which the series are stacked. */
export function keyOf(kind: Kind): string {
  return 'nobody' in kind ? `2 ${kind.nobody}` : `1 ${kind.version} ${kind.failed ? 'errors' : ''}`;
}
