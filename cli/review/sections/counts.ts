import { type Section, table, text } from '../document/document';
import { number } from '../document/words';
import type { Facts } from '../facts/facts';

/** Sizes and numbers beside the limits of AWS. */
export function countsSection({ counts }: Facts): Section {
  const sources = [...new Set(counts.map(({ source }) => source))];
  return {
    id: 'counts',
    title: 'Sizes beside AWS’s limits',
    blocks: [
      table(
        'Sizes and limits',
        ['of', 'what', 'there are', 'limit', 'used'],
        counts.map(({ of, what, count, limit }) => [of, what, number(count), number(limit), `${((100 * count) / limit).toFixed(1)} %`]),
        [2, 3, 4],
      ),
      text(`Limits as in ${sources.join(', ')}. Rules of a load balancer are a quota that AWS raises on request; default rules do not count.`),
    ],
  };
}
