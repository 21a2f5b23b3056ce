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
export function bothUsedIt(count: SharedTableCount, one: string = VERSIONS.first, other: string = VERSIONS.second): boolean {
  return count.failed === 0 && hasRead(count, one, other) && hasRead(count, other, one);
}

/** Whether a version has read what another wrote. */
export function hasRead({ read }: SharedTableCount, by: string, of: string): boolean {
  return read.some((each) => each.by === by && each.of === of);
}

/**
 * In words: `1.1.0 read 120 payments of 1.0.0; 0 requests failed`.
 *
 * @param expected who should have read whose: what is missing of that comes first
 */
export function tableInWords(count: SharedTableCount, expected: readonly (readonly [by: string, of: string])[] = []): string {
  const missing = expected.filter(([by, of]) => !hasRead(count, by, of)).map(([by, of]) => `missing: no payment of ${of} was read by ${by}`);
  const read = count.read.map(({ by, of, count: times }) => `${by} read ${times} ${times === 1 ? 'payment' : 'payments'} of ${of}`);
  return [...missing, ...read, `${count.failed} ${count.failed === 1 ? 'request' : 'requests'} failed`].join('; ');
}
