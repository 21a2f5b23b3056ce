import type { Failure } from '../../contract';
import type { Aborted } from '../model';

/** A person who wants a release stopped, or back. */
export type Asked = Pick<Aborted, 'by' | 'reason'>;

/** Of a failure that is a person's roll back. */
export const TAKEN_BACK = { subject: 'the release', expected: 'nobody asked for its roll back' } as const;
export const NOT_ABORTED = 'not aborted';

export const askedBy = ({ by, reason }: Asked) => `${by} asked for it: ${reason}`;
export const abortedBy = ({ by, reason }: Asked) => `aborted by ${by}: ${reason}`;

/** Why a release goes back that somebody wants back. It is a matter of that release: of another one, it is another ticket. */
export function whyTakenBack(release: string, asked: Asked): Pick<Failure, 'subject' | 'expected' | 'actual' | 'ofRelease'> {
  return { ...TAKEN_BACK, actual: askedBy(asked), ofRelease: release };
}

/** Why a release goes no further that somebody wants stopped, or whose place another takes: for the failure that ends it. */
export function whyStopped(aborted: Aborted): Pick<Failure, 'expected' | 'actual' | 'superseded'> {
  const { superseded } = aborted;
  if (superseded === undefined) return { expected: NOT_ABORTED, actual: abortedBy(aborted) };
  return { expected: aborted.evicted ? 'not evicted' : 'not superseded', actual: stoppedInWords(aborted), superseded };
}

/** The same in a clause: `stopped in Production, aborted by … (…)`. */
export function stoppedInWords({ by, reason, superseded, evicted, ownMachine }: Aborted): string {
  if (superseded === undefined) return `aborted by ${by} (${reason})`;
  if (!evicted) return `superseded by release ${superseded}, which ${by} submitted later`;
  const back = ownMachine === undefined ? 'submitted anew when that has ended' : `to be brought once more by ${ownMachine}, when that has ended`;
  return `evicted by the emergency release ${superseded} of ${by} (${reason}), ${back}`;
}
