import type { Statement } from '../../permissions';
import type { Assembly } from './assembly/assembly';
import type { PersonRole } from './assembly/deployed';
import { Authority, type Verdict } from './authorize';
import type { Attempt } from './calls/attempt';
import { entranceAttempts } from './calls/entrances';
import { forbiddenAttempts } from './calls/forbidden';
import { functionAttempts } from './calls/functions';
import { machineAttempts } from './calls/machines';
import { notificationAttempts } from './calls/notifications';
import { slotAttempts } from './calls/slot-deployments';
import { excuse } from './excuses';
import { type Grant, Grants } from './grants';
import { type Excuse, NEVER_EXERCISED } from './never-exercised';
import { type KnownAction, knownActions, mismatch, resourceAsked } from './reference';

/** An attempt and what the policies say to it. */
export interface Held {
  readonly attempt: Attempt;
  readonly verdict: Verdict;
}

export interface Audit {
  /** Different requests that were recorded, and those that AWS makes by itself. */
  readonly recordedRequests: number;
  readonly derivedRequests: number;
  readonly held: readonly Held[];
  /** Denied here although the emulator allowed it or AWS would make it; the other way round; and what must be denied and is not. */
  readonly denied: readonly Held[];
  /** Recorded, and refused by both: somebody tried what they may not. */
  readonly refusedByBoth: number;
  readonly grants: number;
  /** What nothing used and nobody excused. */
  readonly unused: readonly Grant[];
  readonly excused: readonly { readonly grant: Grant; readonly excuse: Excuse }[];
  /** Excuses for what was used after all, or is given nowhere. */
  readonly stale: readonly Excuse[];
  /** A statement by its policy and its name there. */
  nameOf(statement: Statement): { readonly policy: string; readonly statement: string };
}

export interface AuditOptions {
  readonly assembly: Assembly;
  /** Roles that no template makes. */
  readonly people: readonly PersonRole[];
  readonly recorded: readonly Attempt[];
  /** Stacks whose policies are somebody else's, and not looked through for what nothing uses. */
  readonly leftOut?: readonly string[];
  /** @default NEVER_EXERCISED */
  readonly excuses?: readonly Excuse[];
}

/** Holds what was recorded, and what AWS does by itself, against the policies of an assembly. */
export async function audit({ assembly, people, recorded, leftOut = [], excuses = NEVER_EXERCISED }: AuditOptions): Promise<Audit> {
  const byItself = derivedAttempts(assembly);
  const forbidden = forbiddenAttempts(assembly, leftOut);
  const known = await knownActions([...recorded, ...byItself, ...forbidden].map(({ request }) => request.action));
  const authority = new Authority(assembly, people);
  const grants = new Grants(assembly, leftOut);
  const hold = (attempt: Attempt) => holdAgainst(attempt, authority, grants, known);
  const held = [...recorded, ...byItself].map(hold);
  const refusals = forbidden.map(hold);
  const { unused, excused, stale } = excuse(grants.all, (grant) => grants.isUsed(grant), excuses);
  return {
    recordedRequests: recorded.length,
    derivedRequests: byItself.length,
    held,
    denied: [
      ...held.filter(({ attempt, verdict }) => verdict.allowed !== (attempt.emulatorAllowed ?? true)),
      ...refusals.filter(({ verdict }) => verdict.by.length === 0),
    ],
    refusedByBoth: held.filter(({ attempt, verdict }) => !verdict.allowed && attempt.emulatorAllowed === false).length,
    grants: grants.all.length,
    unused,
    excused,
    stale,
    nameOf: (statement) => grants.nameOf(statement),
  };
}

/** What AWS does by itself for what the templates say. */
export function derivedAttempts(assembly: Assembly): Attempt[] {
  return [machineAttempts, functionAttempts, notificationAttempts, entranceAttempts, slotAttempts].flatMap((attempts) => attempts(assembly));
}

function holdAgainst(attempt: Attempt, authority: Authority, grants: Grants, known: ReadonlyMap<string, KnownAction>): Held {
  const { action, resource } = attempt.request;
  const problem = mismatch(action, resource, known);
  if (problem !== undefined) return { attempt, verdict: { allowed: false, why: problem, by: [] } };
  const request = { ...attempt.request, resource: resourceAsked(action, resource, known) };
  const verdict = authority.verdict(request);
  for (const statement of verdict.by) grants.use(statement, request);
  return { attempt, verdict };
}
