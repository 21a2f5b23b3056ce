/**
 * What of a value can make a difference later: two states that agree in it behave alike, and are one state. Left out, or made the same, are the instants
 * (no rule compares them but those of the lease and of a gate, which are told apart by whether they have passed), revisions and fences (nobody holds
 * one from before between two actions), words for people, tickets, and events that no rule looks for.
 */
import type { AuditEvent, EnvironmentState, Gate, HeldVersion, MigrationState, Outage, Release, StartedContract, Waiting } from '../../../lambda/domain/model';
import type { Execution, Memory } from './world';

/** When everything happens: each action starts at this instant. */
export const NOW = '2026-01-05T09:00:00.000Z';
/** Of a gate, or a lease, whose time is up. */
export const PASSED = '2026-01-01T00:00:00.000Z';

const LOOKED_FOR = new Set([
  'GateRefused',
  'SlotDeployed',
  'ReleaseLive',
  'ReleaseStopped',
  'ReleaseRolledBack',
  'SafetyNetActed',
  'ReleaseFinished',
  'TicketRaised',
]);

export function essenceOf(key: string, value: unknown): unknown {
  switch (key.slice(0, key.indexOf(' '))) {
    case 'release':
      return release(value as Release);
    case 'environment':
      return environment(value as EnvironmentState);
    case 'gate':
      return gate(value as Gate);
    case 'audit':
      return audit(value as readonly AuditEvent[]);
    case 'execution':
      return execution(value as Execution);
    case 'migration':
      return migration(value as MigrationState);
    case 'ticket':
      return undefined;
    case 'memory':
      return memory(value as Memory);
    default:
      return value;
  }
}

function release(given: Release): Release {
  const { aborted, evidence, reached } = given;
  const at = NOW;
  return {
    ...given,
    revision: 1,
    submittedAt: NOW,
    author: 'somebody',
    reached: sorted(reached),
    evidence: sorted(Object.fromEntries(Object.entries(evidence).map(([name, each]) => [name, { ...each, at }]))),
    aborted: aborted && {
      by: 'somebody',
      reason: 'wrong',
      at,
      ...(aborted.superseded && { superseded: aborted.superseded }),
      ...(aborted.evicted && { evicted: true }),
    },
  };
}

/** What tells releases apart that have the same plan, bundle and seals: these go by the digest. */
export function fingerprint(key: string, value: unknown): string {
  if (!key.startsWith('release ')) return JSON.stringify(value);
  const { plan: _plan, bundle: _bundle, seals: _seals, ...rest } = value as Release;
  return JSON.stringify(rest);
}

function environment(given: EnvironmentState): EnvironmentState {
  const {
    environment: name,
    live,
    previous,
    previousTaken,
    slots,
    weights,
    lock,
    lease,
    bake,
    rollBackRequested,
    goingBack,
    contracts,
    outage,
    freeze,
    waiting,
  } = given;
  return {
    kind: 'environment',
    revision: 1,
    environment: name,
    ...(waiting && { waiting: waiting.map(turn) }),
    ...(freeze && { freeze: { by: 'somebody', reason: 'wrong', at: NOW } }),
    live: live && held(live),
    previous: previous && { ...held(previous), ...(previous.rolledBack && { rolledBack: true }), ...against(previous.contract) },
    previousTaken: previousTaken && {
      ...held(previousTaken),
      ...(previousTaken.rolledBack && { rolledBack: true }),
      ...against(previousTaken.contract),
      by: previousTaken.by,
      at: NOW,
    },
    slots: sorted(
      Object.fromEntries(
        Object.entries(slots).map(([colour, { version, digest, targetGroupArn, alarms, migrations }]) => [
          colour,
          { version, digest, targetGroupArn, alarms, ...(migrations && { migrations }) },
        ]),
      ),
    ),
    weights: sorted(weights),
    lock: lock && {
      release: lock.release,
      execution: lock.execution,
      colour: lock.colour,
      since: NOW,
      shifted: lock.shifted,
      ...(lock.intended && { intended: sorted(lock.intended) }),
    },
    lease: lease === undefined || lease.expiresAt === '' ? undefined : { owner: 'a dead writer', fence: 1, expiresAt: lease.expiresAt > NOW ? LATER : PASSED },
    bake: bake && {
      token: bake.token,
      release: bake.release,
      colour: bake.colour,
      percent: bake.percent,
      startedAt: NOW,
      ...(bake.asks && { asks: bake.asks }),
      ...(bake.readAt && { readAt: NOW }),
      ...(bake.verdict && { verdict: bake.verdict }),
    },
    rollBackRequested: rollBackRequested && { by: 'somebody', reason: 'wrong', at: NOW },
    goingBack: goingBack && { by: goingBack.wave ? goingBack.by : 'somebody', reason: 'wrong', at: NOW, ...(goingBack.wave && { wave: goingBack.wave }) },
    ...(contracts && contracts.length > 0 && { contracts: contracts.map(started) }),
    ...(outage && { outage: outageOf(outage) }),
  };
}

/** Of two that were submitted in the same instant the one with the higher version is the newer: so it stays, however often they are submitted. */
function turn({ release: version, execution: by, token, atFirebreak, emergency }: Waiting): Waiting {
  const times = { submittedAt: NOW, since: NOW, until: END_OF_DAY };
  return { release: version, execution: by, ...times, ...(token && { token }), ...(atFirebreak && { atFirebreak }), ...(emergency && { emergency }) };
}

function started({ name, breaking, release: by, finishedAt }: StartedContract): StartedContract {
  return { name, breaking, release: by, startedAt: NOW, ...(finishedAt && { finishedAt: NOW }) };
}

const against = (contract: StartedContract | undefined) => contract && { contract: started(contract) };

function outageOf({ release: by, execution: of, until, says, started: names, touched, against: first, over, goesBack }: Outage): Outage {
  const kept = { release: by, execution: of, beganAt: NOW, until: until <= NOW ? PASSED : END_OF_DAY, says, started: names };
  return { ...kept, ...(touched && { touched }), ...(first && { against: started(first) }), ...(over && { over }), ...(goesBack && { goesBack }) };
}

/** Who runs it, and when, makes no difference but for a call that may still run. */
function migration(given: MigrationState): MigrationState {
  const { environment: place, name, migration: kind, content, status, execution: by, call } = given;
  const run = { release: 'somebody', execution: status === 'started' ? by : '', startedAt: NOW, calls: 1 };
  const called = call && call.until > NOW && { call: { owner: 'a dead caller', until: CALLED } };
  return { kind: 'migration', revision: 1, environment: place, name, migration: kind, content, status, ...run, ...called };
}

/** By when the call of a dead caller is over. */
const CALLED = '2026-01-05T09:05:30.000Z';

/** When the lease of a dead writer runs out. */
export const LATER = '2026-01-05T09:01:30.000Z';

const held = ({ colour, version, digest }: HeldVersion): HeldVersion => ({ colour, version, digest });

function gate(given: Gate): Gate {
  const decisions = given.decisions.map((decision) => ({ ...decision, by: 'somebody', reason: 'looked at it', at: NOW }));
  const waits = given.status === 'open' || given.status === 'accepted';
  return {
    kind: 'gate',
    revision: 1,
    release: given.release,
    environment: given.environment,
    gate: given.gate,
    parties: given.parties,
    decisions: decisions.sort((a, b) => (a.party < b.party ? -1 : 1)),
    // Neither lets anybody pass, nor takes a decision.
    status: given.status === 'expired' ? 'void' : given.status,
    resumes: given.resumes,
    releaseManagers: given.releaseManagers,
    digest: given.digest,
    evidenceDigest: given.evidenceDigest,
    ...(given.percent !== undefined && { percent: given.percent }),
    ...(given.outage && { outage: given.outage, runs: given.runs }),
    openedAt: NOW,
    expiresAt: waits && given.expiresAt <= NOW ? PASSED : END_OF_DAY,
    execution: given.execution,
    token: waits ? given.token : '',
  };
}

const END_OF_DAY = '2026-01-05T23:00:00.000Z';

/** As a set, and which of it is of the present attempt. */
function audit(given: readonly AuditEvent[]): readonly AuditEvent[] {
  const submitted = given.map(({ what }) => what).lastIndexOf('ReleaseSubmitted');
  const before = given.slice(0, Math.max(0, submitted)).filter(({ what }) => what !== 'TicketRaised');
  const since = given.slice(submitted + 1);
  return [...asSet(before), ...(submitted < 0 ? [] : [bare(given[submitted] as AuditEvent)]), ...asSet(since)];
}

function asSet(events: readonly AuditEvent[]): AuditEvent[] {
  const found = new Map<string, AuditEvent>();
  for (const event of events) {
    if (!LOOKED_FOR.has(event.what)) continue;
    const each = bare(event);
    found.set(`${each.what} ${each.environment} ${each.who}`, each);
  }
  return [...found.keys()].sort().map((key) => found.get(key) as AuditEvent);
}

function bare({ what, release: version, environment: place, who }: AuditEvent): AuditEvent {
  const nobody = what === 'TicketRaised' || what === 'ReleaseSubmitted';
  return { at: NOW, what, release: version, environment: place, who: nobody ? '' : who, detail: {} };
}

function execution(given: Execution): Execution {
  const { machine, status, state, inner, input, started, variables, token, child, failing, tries, late, parent } = given;
  return { machine, status, state, inner, input, started, variables: sorted(variables), token, child, failing, tries, late, parent };
}

function memory({ lived, takenOut, alarmed, unclear, came }: Memory): Memory {
  const kept = { lived: [...lived].sort(), takenOut: [...takenOut].sort(), alarmed: [...alarmed].sort(), unclear: [...unclear].sort() };
  return came ? { ...kept, came: [...came].sort() } : kept;
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  const keys = Object.keys(record);
  if (keys.length < 2) return record as Record<string, T>;
  return Object.fromEntries(keys.sort().map((key) => [key, record[key] as T]));
}
