import type { Breaks, Order } from '../path';

/** How far the exploration goes. Within it, every order of everything. */
export interface Bounds {
  /** How many releases are submitted: 1 or 2. */
  readonly releases: number;
  /** Troubles in one story: whatever a release that goes its way does not need. */
  readonly troubles: number;
  /** Whether functions are overtaken by others between their effects. */
  readonly overtaken: boolean;
  /** Whether the start is a path on which nothing was ever released; otherwise a first release is live. */
  readonly fromNothing: boolean;
  /** Whether the releases break what the live version needs in Production; without it they change nothing of its state. */
  readonly breaks?: Breaks;
  /** Whether environments are frozen meanwhile: each time is a trouble, that it is over is none. */
  readonly freezes?: true;
  /** Whether the environments are waves of one. */
  readonly waves?: true;
  /** What becomes of a release that finds another; without it it stops. */
  readonly order?: Order;
  /** Give up after so many states: then nothing is said about coming to rest. */
  readonly most?: number;
}

export interface Violation {
  readonly invariant: string;
  readonly found: string;
  readonly story: readonly string[];
}

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** Actions of the longest of the shortest stories to a state. */
  readonly deepest: number;
  /** States in which everything has come to rest. */
  readonly atRest: number;
  /** States by how many troubles their shortest story has. */
  readonly byTroubles: readonly number[];
  /** Of one processor. */
  readonly seconds: number;
  readonly whole: boolean;
  readonly violation?: Violation;
}
