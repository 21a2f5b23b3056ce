import type { GateKind, Outcome } from '../../../lambda/contract';
import type { PlaceName } from '../names';
import type { Fault } from './fault';

/**
 * The release that comes to a state: one that nothing is wrong with, one that is refused when it asks, one that fails its users; one that expands the shared
 * state, one that breaks what the live version reads there.
 */
export type Kind = 'good' | 'refused' | 'bad' | 'expands' | 'breaks';

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
  /** Users are told of an outage for a while, by the live rule itself, and have no version. @default - as its row says */
  readonly told?: boolean;
  /** They stay without one: what was live may not understand the shared state any more, and only a person gives it back to them. */
  readonly out?: true;
}

/** A cell that makes no sense, and why. */
export interface Senseless {
  readonly reason: string;
}

export type Cell = Expected | Senseless;

/** One state. */
export interface Row {
  readonly place: PlaceName;
  readonly kind: Kind;
  /** The call of the state's function that counts, as IAM names it: what comes before it leaves nothing behind, or little. */
  readonly effect?: string;
  /** Whether the state waits, on a token, for people or for an alarm: it is in it when its function has answered. */
  readonly waits?: true;
  /** The gate at which people are asked in it: they decide when the trouble is over. */
  readonly gate?: GateKind;
  /** On the way to an outage, before users are taken out. */
  readonly isBeforeOutage?: true;
  /** Seconds for which whoever comes next waits for a call of its function that was killed after its effect. */
  readonly callSeconds?: number;
  /** Whether its function writes the live rule: killed, it leaves a lease behind that has to run out. */
  readonly writes?: true;
  /** State whose function has to die, and how often, for a release to come here. */
  readonly behind?: { readonly state: string; readonly deaths: number };
  readonly cells: Readonly<Record<Fault, Cell>>;
}

export function makesSense(cell: Cell): cell is Expected {
  return 'outcome' in cell;
}
