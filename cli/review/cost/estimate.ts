import { several } from '../document/words';
import type { ReviewedPath, ReviewedStack } from '../read/reviewed-path';
import type { Prices } from './prices';
import { type Item, items, type Line } from './quantities';
import { releaseLines } from './release';
import { requestLines } from './requests';
import { standingLines, unpriced } from './standing';

/** What something costs, item by item. */
export interface Bill {
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly about: string;
  readonly items: readonly Item[];
  readonly usd: number;
}

export interface Estimate {
  readonly bills: readonly Bill[];
  /** Types of resources that cost something by themselves and that there is no price for here. */
  readonly notPriced: readonly { readonly type: string; readonly count: number }[];
  /** Regions of stacks the prices are not of. */
  readonly otherRegions: readonly string[];
  readonly prices: Prices;
  readonly requestsPerSecond: number;
}

/** An estimate of what the path costs, from its templates, the prices and the assumptions; nothing is measured. */
export function estimate(reviewed: ReviewedPath, prices: Prices, requestsPerSecond: number): Estimate {
  const { stacks, plans, path } = reviewed;
  const standing = (chosen: readonly ReviewedStack[], share = 1) =>
    standingLines(chosen, reviewed, prices).map((line) => ({ ...line, quantity: line.quantity * share }));
  const bill = (title: string, about: string, lines: readonly Line[]): Bill => {
    const priced = items(lines, prices);
    return { title, about, items: priced, usd: priced.reduce((sum, { usd }) => sum + usd, 0) };
  };
  const platform = stacks.filter(({ kind }) => kind !== 'slot' && kind !== 'beside');
  const first = plans.flatMap(({ environment }) => stacks.filter((stack) => stack.kind === 'slot' && stack.environment === environment).slice(0, 1));
  const second = plans.flatMap(({ environment }) => stacks.filter((stack) => stack.kind === 'slot' && stack.environment === environment).slice(1, 2));
  const last = plans.at(-1)?.environment ?? '';
  const day = 24 / prices.assumptions.hoursPerMonth.value;
  const bills = [
    bill('Idle, a month', `The platform of ${path} and one slot in each environment, without requests and without releases.`, [
      ...standing(platform),
      ...standing(first),
    ]),
    bill(
      'A release',
      `One that goes straight through ${several(plans.length, 'environment', 'environments')}, from its submission to live.`,
      releaseLines(reviewed, prices),
    ),
    bill(
      'The second slot warm for a day',
      'On top of the above, in every environment: the version before stays as it is, for a roll back in one call.',
      standing(second, day),
    ),
    bill('The second slot warm for 14 days', 'The same, for as long as early life support often lasts.', standing(second, 14 * day)),
    ...(requestsPerSecond > 0
      ? [
          bill(
            `${requestsPerSecond} requests a second in ${last}, a month`,
            'On top of idle: what users’ requests cost. Two warm slots share them; they cost no more.',
            requestLines(reviewed, prices, requestsPerSecond),
          ),
        ]
      : []),
  ];
  const otherRegions = [...new Set(stacks.map(({ region }) => region))].filter((region) => region !== prices.region).sort();
  return { bills, notPriced: unpriced(stacks), otherRegions, prices, requestsPerSecond };
}
