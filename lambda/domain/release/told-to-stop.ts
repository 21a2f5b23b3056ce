import type { Failure } from '../../contract';
import type { Aborted } from '../model';

/** Why a release goes no further that somebody wants stopped, or whose place another takes: for the failure that ends it. */
export function whyStopped(aborted: Aborted): Pick<Failure, 'expected' | 'actual' | 'superseded'> {
  const { superseded, by, reason } = aborted;
  if (superseded === undefined) return { expected: 'not aborted', actual: `aborted by ${by}: ${reason}` };
  return { expected: aborted.evicted ? 'not evicted' : 'not superseded', actual: stoppedInWords(aborted), superseded };
}

/** The same in a clause: `stopped in Production, aborted by … (…)`. */
export function stoppedInWords({ by, reason, superseded, evicted, ownMachine }: Aborted): string {
  if (superseded === undefined) return `aborted by ${by} (${reason})`;
  if (!evicted) return `superseded by release ${superseded}, which ${by} submitted later`;
  const back = ownMachine === undefined ? 'submitted anew when that has ended' : `to be brought once more by ${ownMachine}, when that has ended`;
  return `evicted by the emergency release ${superseded} of ${by} (${reason}), ${back}`;
}
