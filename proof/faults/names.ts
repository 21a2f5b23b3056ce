import type { GateKind } from '../../lambda/contract';

/** A path to live that faults happen on, and its only environment. */
export interface Place {
  readonly path: string;
  readonly environment: string;
  /** What people are asked at, on the way through it. */
  readonly gates: readonly GateKind[];
}

/** `Live` is a plain one; `Shop` has what takes a release longer: a firebreak, shared state, a planned outage, a pause for a person. */
export const PLACES = {
  Live: { path: 'Faults', environment: 'Live', gates: ['goNoGo'] },
  Shop: { path: 'FaultsShop', environment: 'Shop', gates: ['firebreak', 'goNoGo', 'pause'] },
} as const satisfies Readonly<Record<string, Place>>;

export type PlaceName = keyof typeof PLACES;

/** Role of the one who decides. */
export const authorityOf = ({ path }: Place): string => `${path}Authority`;

/** A team's own alarm, beside the one that counts what a slot failed: raised by whoever puts this metric. */
export function ordersOf({ path }: Place) {
  return { alarm: `${path}Orders`, namespace: path, metric: 'OrdersFailed', periodSeconds: 10 } as const;
}
