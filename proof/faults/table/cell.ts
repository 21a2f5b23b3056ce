import type { Outcome } from '../../../lambda/contract';
import type { Fault } from './fault';

/** The release that comes to a state: one that nothing is wrong with, one that is refused when it asks, one that fails its users. */
export type Kind = 'good' | 'refused' | 'bad';

/** How a ticket tells why: its step, and what is in its subject or in what was found. */
export interface Cause {
  readonly step: string;
  readonly says: RegExp;
}

/** What must become of a release. */
export interface Expected {
  readonly outcome: Outcome;
  /** What its one ticket says; a release that goes live has none. */
  readonly cause?: Cause;
}

/** A cell that makes no sense, and why. */
export interface Senseless {
  readonly reason: string;
}

export type Cell = Expected | Senseless;

/** One state. */
export interface Row {
  readonly kind: Kind;
  /** The call of the state's function that counts, as IAM names it: what comes before it leaves nothing behind, or little. */
  readonly effect?: string;
  /** Whether the state waits, on a token, for people or for an alarm: it is in it when its function has answered. */
  readonly waits?: true;
  /** Whether its function writes the live rule: killed, it leaves a lease behind that has to run out. */
  readonly writes?: true;
  /** State whose function has to die, and how often, for a release to come here. */
  readonly behind?: { readonly state: string; readonly deaths: number };
  readonly cells: Readonly<Record<Fault, Cell>>;
}

export function makesSense(cell: Cell): cell is Expected {
  return 'outcome' in cell;
}
