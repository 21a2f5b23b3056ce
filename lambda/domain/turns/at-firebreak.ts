import type { TaskInput } from '../../contract';
import { abortedAt, toToken } from '../gates/gate-opening';
import type { Change, EnvironmentState, Gate, Release, Waiting } from '../model';
import { isNewer, isOrdinary, mayGiveWay, type Other, supersededBy, takePlace } from './take-place';
import { withoutWaiting, withWaiting } from './waiting';

/** A release that waits for people at the firebreak in front of an environment where the newest wins. */
export interface AtTheFirebreak {
  readonly gate: Gate;
  readonly release: Release;
  readonly state: EnvironmentState;
  /** As in `AtTheDoor`. */
  readonly others: readonly Other[];
  readonly now: string;
}

/**
 * What else changes when a firebreak opens: nobody is asked any more about one that was submitted before and waits there, too. The one that opens it is superseded
 * itself where a newer one waits there, or has come further.
 *
 * @param opening what the firebreak's opening changes
 */
export function openedWhereNewestWins(asked: AtTheFirebreak, opening: Change): Change {
  const { gate, release, state, others, now } = asked;
  if (release.emergency !== undefined) return opening;
  const task: TaskInput = { environment: gate.environment, release: release.version, execution: gate.execution };
  const newer = mayGiveWay(release) ? others.find((other) => isThere(other, state) && isNewer(other.release, release)) : undefined;
  if (newer) {
    const own = others.filter((other) => other.release.version === release.version);
    const { put, audit } = takePlace({ release: newer.release, others: own, state, task, now });
    const failure = abortedAt(gate, release, supersededBy(newer.release, now));
    return { put: [...put, withoutWaiting(state, [release.version])], audit, deliver: [toToken(gate.token, { outcome: 'refused', failure })] };
  }
  const older = others.filter((other) => waitsThere(other, state) && isNewer(release, other.release));
  const change = takePlace({ release, others: older, state, task, now });
  const { waiting = [] } = withoutWaiting(state, [release.version, ...older.map((other) => other.release.version)]);
  return {
    put: [...opening.put, withWaiting(state, [...waiting, entryOf(asked)]), ...change.put],
    audit: [...opening.audit, ...change.audit],
    deliver: [...(opening.deliver ?? []), ...change.deliver],
  };
}

function entryOf({ gate, release: { version, submittedAt }, now }: AtTheFirebreak): Waiting {
  return { release: version, execution: gate.execution, submittedAt, since: now, until: gate.expiresAt, atFirebreak: true };
}

/** It waits in front of the environment, or has it. */
function isThere(other: Other, { lock, waiting = [] }: EnvironmentState): boolean {
  const { version } = other.release;
  return isOrdinary(other.release) && ((lock?.release === version && !lock.contract) || waiting.some(({ release }) => release === version));
}

function waitsThere(other: Other, { waiting = [] }: EnvironmentState): boolean {
  return mayGiveWay(other.release) && waiting.some(({ release, atFirebreak }) => atFirebreak && release === other.release.version);
}
