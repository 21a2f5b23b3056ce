import type { Prices } from './prices';

export type PriceName = keyof Prices['prices'];

/** So much of something that has a price. */
export interface Line {
  readonly price: PriceName;
  /** What it is, for example `load balancer`. */
  readonly what: string;
  readonly quantity: number;
}

/** A line with its price. */
export interface Item {
  readonly what: string;
  readonly quantity: number;
  readonly per: string;
  readonly usdEach: number;
  readonly usd: number;
  readonly status: Prices['prices'][PriceName]['status'];
}

/** The same things together, each with its price, dearest first. */
export function items(lines: readonly Line[], { prices }: Prices): Item[] {
  const sums = new Map<string, Line>();
  for (const line of lines) {
    const key = `${line.price} ${line.what}`;
    sums.set(key, { ...line, quantity: line.quantity + (sums.get(key)?.quantity ?? 0) });
  }
  return [...sums.values()]
    .filter(({ quantity }) => quantity > 0)
    .map(({ price, what, quantity }) => {
      const { usd, per, status } = prices[price];
      return { what, quantity: rounded(quantity), per, usdEach: usd, usd: rounded(quantity * usd), status };
    })
    .sort((one, other) => other.usd - one.usd || (one.what < other.what ? -1 : 1));
}

/** To nine significant digits, so that the order of a sum does not show. */
function rounded(value: number): number {
  return Number(value.toPrecision(9));
}
