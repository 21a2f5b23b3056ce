import { VERSIONS } from '../services';
import type { Response } from '../traffic/response';

/** What versions did with the table that they share, by the answers that clients got. */
export interface SharedTableCount {
  /** Payments of another version that a version has read, most first. */
  readonly read: readonly { readonly by: string; readonly of: string; readonly count: number }[];
  /** Requests that read or wrote a payment and were answered with an error. */
  readonly failed: number;
}

const PATH = '/payments';

export function countSharedTable(responses: readonly Response[]): SharedTableCount {
  const counts = new Map<string, { by: string; of: string; count: number }>();
  const asked = responses.filter(({ path, version }) => path === PATH && version !== undefined);
  for (const { version: by = '', paymentBy: of, status } of asked) {
    if (of === undefined || of === by || status >= 400) continue;
    const count = counts.get(`${by} ${of}`) ?? { by, of, count: 0 };
    counts.set(`${by} ${of}`, count);
    count.count++;
  }
  return { read: [...counts.values()].sort((a, b) => b.count - a.count), failed: asked.filter(({ status }) => status >= 400).length };
}

/** Whether two versions were live at once on one table, and both could read what the other wrote. */
export function bothUsedIt({ read, failed }: SharedTableCount, one: string = VERSIONS.first, other: string = VERSIONS.second): boolean {
  const has = (by: string, of: string) => read.some((each) => each.by === by && each.of === of);
  return failed === 0 && has(one, other) && has(other, one);
}

/** In words: `1.1.0 read 120 payments of 1.0.0; 0 requests failed`. */
export function tableInWords({ read, failed }: SharedTableCount): string {
  return [...read.map(({ by, of, count }) => `${by} read ${count} payments of ${of}`), `${failed} requests failed`].join('; ');
}
