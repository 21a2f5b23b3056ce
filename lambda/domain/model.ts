/**
 * What the ledger holds. Each item carries the `revision` it was read at (0: not stored yet); a commit that was decided on
 * an older one is a conflict.
 */
import type {
  Bundle,
  CapacityTarget,
  ChangeClass,
  DeclaredMigration,
  EarlierEvidence,
  EnvironmentPlan,
  EventName,
  Failure,
  GateKind,
  GateOutage,
  Origin,
  Outcome,
  PartyPlan,
  ReleaseStatus,
  RequeueBody,
  RollBackWaveInput,
  SlotMigration,
  TokenTurn,
  Verdict,
  WatchedGateKind,
} from '../contract';
import type { Baseline } from './health/baseline';
import type { MigrationState } from './model-migrations';

export type { MigrationRun, MigrationState } from './model-migrations';

export interface Release {
  readonly kind: 'release';
  readonly revision: number;
  readonly version: string;
  readonly digest: string;
  readonly bundle: Bundle;
  /** `<bucket>/<key>` -> ETag of each file when it was registered; a changed one stops the release. */
  readonly seals: Readonly<Record<string, string>>;
  readonly origin: Origin;
  readonly changeClass: ChangeClass;
  /** Why it may take the place of a release that has moved nothing. */
  readonly emergency?: string;
  /** Versions whose place it has taken so: they are submitted anew when it has ended. */
  readonly evicted?: readonly string[];
  /** The emergency that took its place in the attempt before, after which the hub submitted it. */
  readonly requeuedAfter?: string;
  /** Emergencies that took its place and were registered after it: it was built without what they mend. */
  readonly builtWithout?: readonly string[];
  /** When its author submitted it, where the hub has done so anew since: it is no newer for that than those that were submitted meanwhile. */
  readonly authoredAt?: string;
  readonly changes: readonly string[];
  /** What it brings for the shared state, as its templates say, in the order it runs; absent when it brings nothing. */
  readonly migrations?: readonly DeclaredMigration[];
  /** ARN of the caller that submitted it. */
  readonly author: string;
  readonly submittedAt: string;
  /** When it was submitted first; absent in one that was registered by a hub that knew no contracts. */
  readonly registeredAt?: string;
  /** The plan as it was when the release was submitted, in the order of the path. */
  readonly plan: readonly EnvironmentPlan[];
  /** How often it was submitted; each attempt is one execution of the path machine. */
  readonly attempt: number;
  readonly execution: string;
  readonly status: ReleaseStatus;
  /** What became of it in each environment it has reached. */
  readonly reached: Readonly<Record<string, 'entered' | 'shadow' | 'shifting' | Outcome>>;
  /** Waves in which this attempt has gone live: a failure in a later one takes them back. Gone when the last wave is live. */
  readonly movedWaves?: readonly string[];
  /** Latest verdict of each test, keyed `<environment>/<test>`: the evidence an acceptance is bound to. */
  readonly evidence: Readonly<Record<string, Evidence>>;
  /** Why it goes forward although alarms fire already, as it was submitted. */
  readonly fixForward?: string;
  /** Why it may take the slot of what can be rolled back to, as it was submitted. */
  readonly replaceTarget?: string;
  /** Set by an abort, or by a release that takes its place; every step re-checks it. */
  readonly aborted?: Aborted;
}

export interface Aborted {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  /** Version that takes its place, whose author is `by`. */
  readonly superseded?: string;
  /** That is an emergency: this one is submitted anew when it has ended. */
  readonly evicted?: true;
  /** Where a team's own machine brings releases: its name. The hub submits nothing there. */
  readonly ownMachine?: string;
}

export interface Evidence {
  readonly test: string;
  readonly environment: string;
  readonly verdict: Verdict;
  readonly at: string;
}

export interface SlotState {
  readonly version: string;
  readonly digest: string;
  readonly targetGroupArn: string;
  readonly alarms: readonly string[];
  /** How much of it runs, where that can be set. */
  readonly capacity?: CapacityTarget;
  /** The migrations its release brought, and what runs them. */
  readonly migrations?: readonly SlotMigration[];
  /** How long it took until all of it ran and was healthy, the last time that was seen. */
  readonly startSeconds?: number;
  /** Since when nobody is served from it and no release in flight needs it. */
  readonly idleSince?: string;
  /** How many ran before it was lowered; gone when it is raised again. Recorded first: what is lowered is never taken for warm. */
  readonly loweredFrom?: number;
  /** Of a fix-forward: what fired when it had been deployed. */
  readonly firedBefore?: readonly FiredBefore[];
}

/** An alarm that fired when a fix-forward had been deployed: it counts again once it has been quiet, or is worse than its baseline. */
export interface FiredBefore {
  readonly alarm: string;
  readonly reason: string;
  readonly since: string;
  /** What it measured then. */
  readonly baseline?: Baseline;
  /** Why nothing was measured: it is judged by its state alone. */
  readonly byState?: string;
}

/** Colour -> percent of live traffic, whole numbers; `ORIGINAL` stands for what served before any release. Empty: the rule answers 503. */
export type Weights = Readonly<Record<string, number>>;

/** A version in its slot, as it was agreed to. */
export interface HeldVersion {
  readonly colour: string;
  readonly version: string;
  readonly digest: string;
  /** Until when it is in early life support, by the plan it went live with; absent where there is none. */
  readonly earlyLifeSupportUntil?: string;
}

export interface PreviousVersion extends HeldVersion {
  /** It was taken out of live here: rolling back to it would put the bad version live again. */
  readonly rolledBack?: true;
  /** The contract that has started since it was live, and that it does not bring: it may not understand the shared state any more. */
  readonly contract?: StartedContract;
}

/**
 * A contract, or a breaking migration, that has started in an environment: whatever became of it, older versions may not understand the shared state any more.
 */
export interface StartedContract {
  readonly name: string;
  /** It is no contract: it ran with its release, in an outage. */
  readonly breaking?: true;
  /** Version that brought it. */
  readonly release: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
}

/** A contract that was asked for, until it has ended. */
export interface Contracting {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  /** Whose it is: one that another took the place of ends by itself. */
  readonly execution: string;
  /** The version that was live, and brings it. */
  readonly release: string;
  /** What is to run, in order. */
  readonly migrations: readonly DeclaredMigration[];
}

/**
 * A planned outage, from before users are taken out of every slot until a version is accepted, or has them back. A release that ends with it under way leaves it
 * here: the next one goes on with it.
 */
export interface Outage {
  /** In whose it began, or that goes on with it, and the execution of its environment machine. */
  readonly release: string;
  readonly execution: string;
  readonly beganAt: string;
  /** By when the release has the users, or the way back begins. */
  readonly until: string;
  /** What users are answered. */
  readonly says: string;
  /** Breaking migrations that have started and were not taken back, in order. */
  readonly started: readonly string[];
  /** Set when the first one started, whatever became of it. */
  readonly touched?: true;
  /** The first of them that what is live does not bring: it may not understand the shared state. */
  readonly against?: StartedContract;
  /** Set when the release has the users: it is over unless they are taken out again. */
  readonly over?: true;
  /** Set before anything is done on the way back: what the release is still at goes on with nothing from here on. */
  readonly goesBack?: true;
}

export interface EnvironmentState {
  readonly kind: 'environment';
  readonly revision: number;
  readonly environment: string;
  readonly live?: HeldVersion;
  /** What was live before: the roll-back target of a finished release, as long as its slot still holds it. */
  readonly previous?: PreviousVersion;
  /** What `previous` was before its slot was given to a later release; gone when the next release goes live. */
  readonly previousTaken?: PreviousVersion & { readonly by: string; readonly at: string };
  /** What each slot holds, by colour; and, by the name `ORIGINAL`, what served before any release. */
  readonly slots: Readonly<Record<string, SlotState>>;
  /** What the live rule must hold, as far as the ledger knows. */
  readonly weights: Weights;
  readonly lock?: Lock;
  /** Releases that wait in front of it, the next one first. */
  readonly waiting?: readonly Waiting[];
  readonly lease?: Lease;
  readonly bake?: Bake;
  /** A person asked for the roll back of the release that holds the lock; with no lock, of the one that is live, whose target is being raised. */
  readonly rollBackRequested?: { readonly by: string; readonly reason: string; readonly at: string };
  /**
   * The roll back of what is live, under no lock: set right before the live rule is written, gone once that is recorded. Where its writer died in between, users may
   * be on `previous` by now: whoever comes next goes on with it, and nothing gives them back what they were taken from. `wave`: it failed in a later one, which is
   * what is recorded of it.
   */
  readonly goingBack?: {
    readonly by: string;
    readonly reason: string;
    readonly at: string;
    readonly wave?: Pick<RollBackWaveInput, 'failedIn' | 'failure'>;
  };
  /** Somebody asked for the contract of what is live; nothing is locked before people have agreed. */
  readonly contracting?: Contracting;
  /** Users have no version, for what a release needs; or had none until it got them, and it is not accepted yet. */
  readonly outage?: Outage;
  /** Every contract and breaking migration that has started here, for ever, unless it was taken back: by it old versions are told. */
  readonly contracts?: readonly StartedContract[];
  /** Nothing may go live; one whose end has come stays, and means nothing. */
  readonly freeze?: Freeze;
  /** It is being taken out with its path: no release may enter. */
  readonly retirement?: Retirement;
  /** Set when all of its slots' stacks were seen to be gone; gone when a release enters. A slot that failed to go is in none of the records above. */
  readonly retiredAt?: string;
}

/** When nothing may go live in an environment, as somebody said it. */
export interface Freeze {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  /** Absent: until somebody ends it. */
  readonly until?: string;
}

/** The end of an environment, frozen when it was asked for; gone when it is done, or was stopped. */
export interface Retirement {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  /** Whose it is: asked for again, it is a later execution's. */
  readonly execution: string;
  readonly plan: EnvironmentPlan;
  /** What its users get back: `503`, or the ARN of the target group that served before any release. */
  readonly original: string;
  /** The version that was live, under which its end is recorded. */
  readonly release: string;
}

/** One release at a time; freed by Accept, Stop, Roll back or the safety net. */
export interface Lock {
  readonly release: string;
  readonly execution: string;
  readonly colour: string;
  readonly since: string;
  /** Whether live traffic has been moved under this lock: from then on, the only ways out are Accept and Roll back. */
  readonly shifted: boolean;
  /** By an emergency, whose place no other takes. */
  readonly emergency?: true;
  /** It is held to contract the shared state: `release` is live, in `colour`, and no traffic moves. */
  readonly contract?: true;
  /** Set just before the live rule is written, gone once that is recorded: what a writer that died in between may have written. */
  readonly intended?: Weights;
}

/** A release that waits in front of an environment. Its token never leaves the hub. */
export interface Waiting extends TokenTurn {
  readonly release: string;
  /** Of the environment's machine; of whoever waits at the firebreak. */
  readonly execution: string;
  readonly submittedAt: string;
  readonly since: string;
  /** By then it has entered, or stops. */
  readonly until: string;
  /** It goes in front of every other. */
  readonly emergency?: true;
  /** It waits for people at the firebreak, and not for its turn yet: nobody waits behind it. Kept only where a newer release takes its place. */
  readonly atFirebreak?: true;
  /** Absent as long as its machine has not come to wait. */
  readonly token?: string;
}

/** The right to write the live rule; fenced, and longer than the writer's own time-out. */
export interface Lease {
  readonly owner: string;
  /** Rises with each lease. */
  readonly fence: number;
  readonly expiresAt: string;
}

/** A bake that waits. Its token never leaves the hub. */
export interface Bake extends TokenTurn {
  readonly token: string;
  readonly release: string;
  readonly colour: string;
  readonly percent: number;
  readonly startedAt: string;
  /** It is no bake: people are asked at this gate, and the alarms stay watched. */
  readonly asks?: WatchedGateKind;
  /** Set when the gates were read after it, or people have decided: nobody waits for the token any more. */
  readonly readAt?: string;
  /** What the gates said that were read after it; absent when they passed. */
  readonly verdict?: Exclude<Verdict, 'passed'>;
}

export interface Gate extends TokenTurn {
  readonly kind: 'gate';
  readonly revision: number;
  readonly release: string;
  readonly environment: string;
  readonly gate: GateKind;
  readonly parties: readonly PartyPlan[];
  readonly decisions: readonly Decision[];
  readonly status: 'open' | 'accepted' | 'passed' | 'refused' | 'expired' | 'void';
  readonly resumes: 'byReleaseManager' | 'automatically';
  readonly releaseManagers: readonly string[];
  /** What the acceptances are bound to. */
  readonly digest: string;
  readonly evidenceDigest: string;
  /** Of a `contract`, and of a go/no-go with an outage: what is accepted to run. */
  readonly runs?: readonly DeclaredMigration[];
  /** Of a `pause` and of what is `inconclusive`: at which step. */
  readonly percent?: number;
  /** What was inconclusive; of a `rollBackTarget`: what is in the slot. */
  readonly about?: string;
  /** What is accepted with it. The tests of the environment come after it: they need what the outage is for. */
  readonly outage?: GateOutage;
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly execution: string;
  readonly token: string;
}

export interface Decision {
  readonly party: string;
  readonly decision: 'accept' | 'refuse';
  /** ARN of the caller, from the authorizer. */
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  readonly digest: string;
}

export interface Ticket extends Failure {
  readonly kind: 'ticket';
  readonly revision: number;
  readonly fingerprint: string;
  readonly environment: string;
  /** Versions that ran into it, first one first. */
  readonly releases: readonly string[];
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** How the release ended; `drift`: none did, something was found that is not as it must be. */
  readonly outcome: Exclude<Outcome, 'live'> | 'drift';
  /** Of which the evidence is. @default - not told: the ticket was raised before that was kept */
  readonly lastRelease?: string;
  /** What was found the last few times before, oldest first. @default - nothing else, or not kept then */
  readonly earlier?: readonly EarlierEvidence[];
}

export type Item = Release | EnvironmentState | Gate | Ticket | MigrationState;

/** Append-only. Who, what, why, when. */
export interface AuditEvent {
  readonly at: string;
  readonly what: EventName;
  readonly release: string;
  readonly environment?: string;
  /** ARN of a caller or of an execution. */
  readonly who: string;
  readonly why?: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What must leave the hub because of a commit. Delivered at least once. */
export type Delivery =
  | { readonly to: 'bus'; readonly event: AuditEvent }
  | ({ readonly to: 'submission' } & RequeueBody['requeue'])
  | { readonly to: 'token'; readonly token: string; readonly answer: { readonly success: unknown } | { readonly error: string; readonly cause: string } };

/** One transaction: all of it or nothing. Every audit event is also delivered to the bus. */
export interface Change {
  readonly put: readonly Item[];
  readonly audit: readonly AuditEvent[];
  /** Besides the audit events, which are always delivered to the bus. */
  readonly deliver?: readonly Delivery[];
}
