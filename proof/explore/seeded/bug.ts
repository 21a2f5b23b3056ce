import type { Edit } from '../../code/edit';
import type { Invariant } from '../invariants/invariants';
import type { Bounds } from '../search/bounds';

export interface SeededBug {
  /** What the broken rule does. */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Which invariants may find it. */
  readonly breaks: readonly Invariant[];
  /** How far one has to look. */
  readonly within: Bounds;
}

const bounds = (releases: number, troubles: number, overtaken = false): Bounds => ({ releases, troubles, overtaken, fromNothing: false });
export const ALONE = bounds(1, 0);
export const TOGETHER = bounds(2, 0);
export const TROUBLE = bounds(1, 1);
export const TROUBLES = bounds(1, 2);
export const OVERTAKEN = bounds(1, 1, true);
/** One release that breaks the live version, and one that can take that back. */
export const BREAKS: Bounds = { ...TROUBLE, breaks: 'final' };
export const TAKES_BACK: Bounds = { ...TROUBLE, breaks: 'undoable' };

/** One release through two waves. */
export const WAVES: Bounds = { ...TROUBLE, waves: true };

/** One release, and environments that are frozen. */
export const FROZEN: Bounds = { ...TROUBLE, freezes: true };

/** Two, of which one finds the other. */
export const WAITING: Bounds = { ...TOGETHER, order: 'queue' };

export const bug = (name: string, within: Bounds, breaks: readonly Invariant[], file: string, from: string, to: string): SeededBug => ({
  name,
  edits: [{ file, from, to }],
  breaks,
  within,
});
