import type { TaskInput } from '../../contract';
import { waitsOnTheWay } from '../gates/gate';
import { abortedAt, toToken } from '../gates/gate-opening';
import type { Aborted, AuditEvent, Change, EnvironmentState, Gate, Release } from '../model';
import { ownMachineOf } from '../release/release';
import { sentIn } from './waiting';

/** A release that is in an environment, or waits in front of it, and the gates it has come to there. */
export interface Other {
  readonly release: Release;
  readonly gates: readonly Gate[];
}

type Submitted = Pick<Release, 'version' | 'submittedAt' | 'authoredAt'>;

/** Whether a release was submitted later, by its author. Of two in the same millisecond one is, whoever asks. */
export function isNewer(one: Submitted, other: Submitted): boolean {
  const [mine, others] = [one, other].map(({ authoredAt, submittedAt }) => authoredAt ?? submittedAt) as [string, string];
  return mine === others ? one.version > other.version : mine > others;
}

/** Whether another may take the place of a release, as far as that is its own matter: it is on its way, and live in no earlier wave; and it is no emergency. */
export function mayGiveWay(release: Release): boolean {
  return isOrdinary(release) && (release.movedWaves ?? []).length === 0;
}

/** It is on its way, and no emergency. */
export function isOrdinary({ status, aborted, emergency }: Release): boolean {
  return status === 'submitted' && !aborted && emergency === undefined;
}

/** Others that a release takes the place of. */
export interface Taken {
  readonly release: Release;
  readonly others: readonly Other[];
  readonly state: EnvironmentState;
  readonly task: TaskInput;
  readonly now: string;
}

/**
 * Releases that have moved nothing here give way: they are told to stop, and whatever was accepted about them here is void. A machine that waits for people, or
 * for its turn, is told at once; any other at its next step. The environment itself is the caller's to write.
 */
export function takePlace({ release, others, state, task, now }: Taken): Required<Change> {
  const told = others.map((other) => toldBy(release, other, now));
  return {
    put: told.flatMap(({ release: stopped, gates }) => [stopped, ...gates.map((gate): Gate => ({ ...gate, status: 'void' }))]),
    audit: told.map((each) => superseded(each, task, now)),
    deliver: told.flatMap((each) => [...answers(each), ...sentIn([state], each.release.version).deliver]),
  };
}

type Told = Other & { readonly release: { readonly aborted: Aborted } };

/** What a release is marked with whose place another takes. */
export function supersededBy({ version, author: by, emergency, plan }: Release, at: string): Aborted {
  const reason = emergency ?? `release ${version} was submitted later`;
  const ownMachine = ownMachineOf(plan);
  const evicted = emergency === undefined ? {} : ({ evicted: true, ...(ownMachine !== undefined && { ownMachine }) } as const);
  return { by, reason, at, superseded: version, ...evicted };
}

function toldBy(newer: Release, { release, gates }: Other, at: string): Told {
  const closing = gates.filter((gate) => waitsOnTheWay(gate) || gate.status === 'passed');
  return { release: { ...release, ...builtWithout(release, newer), aborted: supersededBy(newer, at) }, gates: closing };
}

/** Content never changes under a version: what was registered before an emergency is without what that mends, however often it comes back. */
function builtWithout(release: Release, { version, emergency, ...newer }: Release): Pick<Release, 'builtWithout'> {
  const registered = ({ registeredAt, submittedAt }: Pick<Release, 'registeredAt' | 'submittedAt'>) => registeredAt ?? submittedAt;
  if (emergency === undefined || registered(newer) <= registered(release)) return {};
  return { builtWithout: [...new Set([...(release.builtWithout ?? []), version])] };
}

function answers({ release, gates }: Told) {
  return gates.filter(waitsOnTheWay).map((gate) => toToken(gate.token, { outcome: 'refused', failure: abortedAt(gate, release, release.aborted) }));
}

function superseded({ release, gates }: Told, { environment, execution: who }: TaskInput, at: string): AuditEvent {
  const { version, digest, aborted } = release;
  const acceptances = gates.flatMap(({ gate, decisions }) => decisions.map(({ party, by }) => ({ gate, party, by })));
  const detail = { by: aborted.superseded, author: aborted.by, digest, emergency: aborted.evicted === true, acceptances };
  return { at, what: 'ReleaseSuperseded', release: version, environment, who, why: aborted.reason, detail };
}
