import type { Mutant } from './mutant';
import listed from './survivors.json';

/** A mutant that no test has to find, and why. Known by its text, since lines move. */
export interface Survivor extends Pick<Mutant, 'file' | 'on' | 'from' | 'to'> {
  readonly reason: string;
}

export const SURVIVORS: readonly Survivor[] = listed.flatMap(({ reason, mutants }) => mutants.map((mutant) => ({ ...mutant, reason })));
