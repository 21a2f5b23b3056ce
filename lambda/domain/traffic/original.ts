import { type Failure, ORIGINAL, ORIGINAL_503 } from '../../contract';
import type { EnvironmentState, HeldVersion } from '../model';

/** What served before any release, as the ledger keeps it: like a slot's version, in a slot that no release is deployed to. */
const HELD: HeldVersion = { colour: ORIGINAL, version: ORIGINAL, digest: ORIGINAL };

/**
 * The environment with what served before any release as what is live, where a listener served users already and no release has taken over. From here
 * on it is a version like another: a first release shares traffic with it by weight, and goes back to it.
 *
 * @param original what the live rule did before any release: `503`, or the ARN of a target group
 */
export function withOriginal(state: EnvironmentState, original: string | undefined): EnvironmentState {
  if (original === undefined || original === ORIGINAL_503 || state.live || state.slots[ORIGINAL]) return state;
  return { ...state, ...heldOriginal(state.slots, original) };
}

/** What served before any release as what is live, with all traffic. @param original ARN of its target group */
export function heldOriginal(slots: EnvironmentState['slots'], original: string): Pick<EnvironmentState, 'live' | 'slots' | 'weights'> {
  const { colour, version, digest } = HELD;
  return { live: HELD, slots: { ...slots, [colour]: { version, digest, targetGroupArn: original, alarms: [] } }, weights: { [colour]: 100 } };
}

/** Whether it is what served before any release. */
export function isOriginal(held: Pick<HeldVersion, 'colour'> | undefined): boolean {
  return held?.colour === ORIGINAL;
}

/**
 * What there is to add to a failure that takes a release back where nothing is live: it was the very first one there, had all of the live traffic from
 * its first step on, whatever share that asks for, and what it goes back to is nobody's version.
 */
export function withNobodyBefore(failure: Failure, live: HeldVersion | undefined): Failure {
  if (live !== undefined) return failure;
  const actual = `${failure.actual}; nothing was live before, so all of the live traffic was on it from the first step on, and users are answered 503 again, "no release is live yet"`;
  return { ...failure, actual };
}

/** For people: a version, or what served before there was any. */
export function versionInWords(held: Pick<HeldVersion, 'colour' | 'version'> | undefined): string {
  if (held === undefined) return 'nothing';
  return isOriginal(held) ? 'what served before any release' : held.version;
}
