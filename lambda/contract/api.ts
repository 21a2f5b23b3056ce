/** What the HTTP API takes and answers. */
import type { Bundle } from './bundle';
import type { EventName } from './events';
import type { MigrationKind } from './migration';
import type { HiddenUrl } from './plan';
import type { Failure, GateKind, Outcome } from './tasks';

export type Origin = 'major' | 'minor';
export type ChangeClass = 'standard' | 'normal' | 'emergency';

/** POST /releases */
export interface SubmitBody {
  readonly version: string;
  readonly digest: string;
  /** @default 'major' */
  readonly origin?: Origin;
  /** @default 'normal' */
  readonly changeClass?: ChangeClass;
  /**
   * Declared changes, for example `altersSchema`; one that no firebreak of the path knows is refused.
   * @default - none: firebreaks that are for certain changes do not apply
   */
  readonly changes?: readonly string[];
  /**
   * Whether a version is meant to go through its path once more that was rolled back, refused by a party or aborted, or went live and was replaced since.
   * @default false - it is refused, since nobody wants that of a job that is run again; what a deployment, a test or a timeout stopped is tried again
   */
  readonly again?: boolean;
  /**
   * Why it is an emergency: it takes the place of a release that has moved nothing in an environment, which is submitted anew when this one has ended, and goes in
   * front of those that wait for their turn. Its tests, its firebreaks and its go/no-go stay. Its change class is `emergency`, if none is said.
   * @default - it takes its turn like any other
   */
  readonly emergency?: string;
  /**
   * Why it goes forward although alarms of its slots fire already. Those that fire when it has been deployed, and until they are quiet, do not count; all else does.
   * @default - no: it stops where one fires
   */
  readonly fixForward?: string;
  /**
   * Why it may take the slot of what can be rolled back to, where an environment keeps that for a while. In the audit trail.
   * @default - it may not: it is stopped in front of such an environment
   */
  readonly replaceTarget?: string;
  readonly bundle: Bundle;
}
/** POST /releases/{version}/decisions */
export interface DecisionBody {
  readonly environment: string;
  readonly decision: 'accept' | 'refuse';
  readonly reason: string;
  /** The digest the person saw; a decision for another one is refused. */
  readonly digest: string;
  /** Needed only by somebody who is in more than one of the gate's parties. */
  readonly party?: string;
  /**
   * The gate the person saw; needed where several gates of the release wait in the environment, and by who has answered at another one there before: what is sent
   * once more is not taken for an answer to what is asked next.
   */
  readonly gate?: GateKind;
  /** Of a gate at a step of the traffic: the one the person saw; needed as `gate` is. */
  readonly percent?: number;
}
/** POST /releases/{version}/resume */
export interface ResumeBody {
  readonly environment: string;
  readonly reason?: string;
}
/** POST /releases/{version}/abort, and POST /environments/{environment}/ with roll-back, contract and unfreeze */
export interface ReasonBody {
  readonly reason: string;
}
/** POST /environments/{environment}/freeze */
export interface FreezeBody extends ReasonBody {
  /**
   * An instant with its zone, in the future, at most 366 days ahead: `2026-12-01T06:00Z`.
   * @default - until somebody ends it
   */
  readonly until?: string;
}

export type ReleaseStatus = 'submitted' | 'live' | 'stopped' | 'rolledBack';
export interface ReleaseView {
  readonly version: string;
  readonly digest: string;
  readonly origin: Origin;
  readonly changeClass: ChangeClass;
  readonly changes: readonly string[];
  /** What it brings for the shared state, in the order it runs; absent when it brings nothing. */
  readonly migrations?: readonly { readonly name: string; readonly kind: MigrationKind }[];
  /** Why it goes forward although alarms fire; absent when it is no fix-forward. */
  readonly fixForward?: string;
  readonly author: string;
  readonly submittedAt: string;
  readonly status: ReleaseStatus;
  /** Where it is and what it waits for, in a sentence. */
  readonly now: string;
  /** One of `working`, `waitingForPeople`, `finished`. */
  readonly activity: 'working' | 'waitingForPeople' | 'finished';
  readonly execution: string;
  /** Why it is an emergency; absent where it is none. */
  readonly emergency?: string;
  /** Versions whose place it has taken: they are submitted anew when it has ended, by the hub, unless there is an `ownMachine`. */
  readonly evicted?: readonly string[];
  /** Of those, which do not come back by themselves: somebody has aborted or refused them, or rolled them back. Absent where there is none. */
  readonly staysAway?: readonly string[];
  /** Emergencies that it was built without, and takes the place of where they are live. Absent where there is none, and when it goes no further. */
  readonly undoes?: readonly UndoesView[];
  /** Name of the team's own state machine that brings releases; absent where the hub does. */
  readonly ownMachine?: string;
  /** Waves in which it has gone live by this attempt, newest first: it goes back there where it does not go live in all of them. Absent where there is none. */
  readonly goesBackIn?: readonly string[];
  /** In the order of the path. */
  readonly environments: readonly { readonly environment: string; readonly state: 'notYet' | 'entered' | 'shadow' | 'shifting' | 'replaced' | Outcome }[];
  readonly gates: readonly GateView[];
  readonly audit: readonly AuditView[];
}
/** An emergency that took the place of a release which was submitted before it, and has come back. */
export interface UndoesView {
  readonly emergency: string;
  /** Where it is live, in the order of the path: what it mends is undone there, if the release does not bring that, too. */
  readonly environments: readonly string[];
}
/** GET /releases answers with so many at most, the ones that were submitted last; every other is there under its version. */
export const MOST_RELEASES = 50;
/** One of the answer to GET /releases, newest first, at most {@link MOST_RELEASES}: everything but what takes a look into each release. */
export type ReleaseSummary = Omit<ReleaseView, 'gates' | 'audit' | 'staysAway'>;
export interface GateView {
  readonly release: string;
  readonly digest: string;
  readonly environment: string;
  readonly gate: GateKind;
  readonly status: 'open' | 'accepted' | 'passed' | 'refused' | 'expired' | 'void';
  readonly openedAt: string;
  readonly expiresAt: string;
  /** Of a `contract`, and of a go/no-go with an outage: names of the migrations that would run, in order. */
  readonly runs?: readonly string[];
  /** Of a `pause`, and of what is `inconclusive`: the share of live traffic that the release has. */
  readonly percent?: number;
  /** What was inconclusive; what is in the slot that would be taken; why it is a fix-forward, and which alarms fired before: in words. */
  readonly about?: string;
  /** In the whole status: a party that has said nothing yet is one that the caller is in. */
  readonly asksYou?: true;
  /** What is agreed to with it: users have no version for at most so many seconds. */
  readonly outage?: GateOutage;
  readonly parties: readonly {
    readonly name: string;
    readonly decision?: 'accept' | 'refuse';
    readonly by?: string;
    readonly reason?: string;
    readonly at?: string;
  }[];
}
/** The outage that a go/no-go is about. */
export interface GateOutage {
  readonly longestSeconds: number;
  /** Whether all that would run can be taken back: without that, a release that fails leaves users without a version. */
  readonly undoable: boolean;
}
export interface AuditView {
  readonly at: string;
  readonly what: EventName;
  readonly who: string;
  readonly environment?: string;
  readonly why?: string;
  readonly detail: Readonly<Record<string, unknown>>;
}
export interface EnvironmentView {
  readonly environment: string;
  /** Which of several waves it is, from 1: a failure in a later one takes the release back here. */
  readonly wave?: { readonly of: string; readonly number: number };
  /** Where its front door is, and the keys of its hidden URLs. */
  readonly account: string;
  readonly region: string;
  /** Empty when the environment's front door could not be read just now. */
  readonly url: string;
  readonly live?: { readonly colour: string; readonly version: string };
  /** `lowered`: it runs nothing since nobody was served from it for `warmFor`, and a roll back starts it first; `startSeconds`: how long that took before. */
  readonly previous?: {
    readonly colour: string;
    readonly version: string;
    readonly lowered?: boolean;
    readonly startSeconds?: number;
    /** It was taken out of live here, and is nothing to go back to. */
    readonly rolledBack?: true;
  };
  /** A roll back that waits until the slot it goes to runs again, and who asked for it. */
  readonly rollingBack?: { readonly by: string; readonly at: string };
  /** Nothing may go live; a roll back may. Absent when that is over, too. */
  readonly frozen?: FreezeView;
  /** It is being taken out again with its path, and no release may enter. */
  readonly retiring?: { readonly by: string; readonly at: string };
  /** Since when it is retired: its slots are gone, and no release has entered since. */
  readonly retiredAt?: string;
  /** What the version that is live brings to contract the shared state, as far as it has not finished here. */
  readonly contract?: ContractView;
  /** A planned outage: users get no version. */
  readonly outage?: OutageView;
  /** Set while what is live could not be rolled back; not while a release takes over live traffic: then that one is what goes back. */
  readonly noWayBack?: NoWayBack;
  /** A version in the slot that serves nobody, and how a tester reaches it. */
  readonly shadow?: { readonly colour: string; readonly version: string; readonly hiddenUrl: HiddenUrl };
  /** Colour -> percent, as the ledger has it. */
  readonly weights: Readonly<Record<string, number>>;
  readonly lockedBy?: string;
  /** Releases that wait for their turn here, the next one first; absent where none does. */
  readonly waiting?: readonly TurnView[];
}
/** A release that waits until an environment is free. */
export interface TurnView {
  readonly release: string;
  readonly since: string;
  /** By then it has entered, or stops. */
  readonly until: string;
  /** What is ahead of it, in words; absent where it is about to enter. */
  readonly behind?: string;
  /** It goes in front of every other. */
  readonly emergency?: true;
}
/** Users of an environment are answered by its live rule, for what a release needs. */
export interface OutageView {
  readonly release: string;
  readonly since: string;
  /** What users are answered. */
  readonly says: string;
  /** By when the release has them, or the way back begins; absent where the release has ended, and nothing ends the outage by itself. */
  readonly until?: string;
  /** The version that was live, where it may not understand the shared state any more, and the migration because of which. */
  readonly notUnderstoodBy?: { readonly version: string; readonly migration: string };
  /** The version that has left it, where that is to be submitted again to take back what it has migrated: it does so when it does not go live. Absent where it cannot. */
  readonly takenBackBy?: string;
}
/** Who froze an environment, why, since when, and until when: without that, until somebody ends it. */
export interface FreezeView {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  readonly until?: string;
}
/** Answer to POST /environments/{environment}/freeze */
export interface FreezeAnswer {
  readonly environment: EnvironmentView;
  /** The freeze that it takes the place of, where there was another. */
  readonly replaces?: FreezeView;
  /** What it means for what is under way there, in words; absent when nothing is. */
  readonly meanwhile?: string;
}
/** A contract that is left to run in an environment. */
export interface ContractView {
  /** Names of the migrations that are left, in the order they run in. */
  readonly migrations: readonly string[];
  /** `asked`: somebody asked for it, and it has not begun; `halfDone`: one has started and not finished, and nothing runs it any more. */
  readonly state: 'notAsked' | 'asked' | 'running' | 'halfDone';
  /** Who asked for it, while it is `asked` or `running`. */
  readonly by?: string;
  /** Until when the version is in early life support: it does not run before. Absent when that is over, or there is none. */
  readonly notBefore?: string;
}
/** Answer to POST /environments/{environment}/contract */
export interface ContractAnswer {
  /** `requested`: it begins by itself, as soon as whoever is asked about it here has agreed; `waits`: it had been asked for before. */
  readonly outcome: 'requested' | 'waits';
  readonly release: string;
  readonly environment: EnvironmentView;
}
/** Why what is live in an environment cannot be rolled back to what was live before. */
export interface NoWayBack {
  readonly why: string;
  /** What to do when it must go all the same. */
  readonly instead: string;
  /** By which commands, each when the one before has ended; what is in angle brackets is yours to fill in. */
  readonly commands: readonly string[];
}
/** Answer to POST /environments/{environment}/roll-back */
export interface RollBackView {
  /**
   * `requested`: the release in flight goes back by itself, follow it; `rolledBack`: done, with `release` if one was in flight and had been told before;
   * `raising`: the slot it goes back to was lowered, is started first, and gets the traffic as soon as it is healthy;
   * `rolledBackBefore`: what is live is what an earlier roll back went to, nothing has entered since, and nothing was done now.
   */
  readonly outcome: 'requested' | 'rolledBack' | 'raising' | 'rolledBackBefore';
  readonly release?: string;
  /** A version that was in the shadow, or on its way there, and was aborted with it. */
  readonly stops?: string;
  /** With `rolledBackBefore`: of which version that was, who asked for it, when and why. */
  readonly before?: { readonly version: string; readonly by: string; readonly at: string; readonly reason?: string };
  readonly environment: EnvironmentView;
}
/** GET /status */
export interface StatusView {
  readonly path: string;
  readonly environments: readonly EnvironmentView[];
  /** Releases that have not finished, oldest first. */
  readonly releases: readonly ReleaseView[];
  readonly openGates: readonly GateView[];
  /**
   * What a release may declare: the changes every path knows, and those that firebreaks of this one are for. Every other is refused.
   * @default - not told: the hub is older than this
   */
  readonly changes?: readonly string[];
}
/** GET /tickets answers with so many at most, newest first by when they happened last; with `?before=` a {@link ticketPlace}, with those before it. */
export const MOST_TICKETS = 50;
/** Where a ticket is among all, by when it happened last: `2026-11-20T16:20:00.000Z#a1b2c3d4e5f60718`. */
export function ticketPlace({ lastAt, fingerprint }: Pick<TicketView, 'lastAt' | 'fingerprint'>): string {
  return `${lastAt}#${fingerprint}`;
}
/** One of the answer to GET /tickets. */
export interface TicketView extends Failure {
  readonly fingerprint: string;
  readonly environment: string;
  readonly releases: readonly string[];
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly outcome: string;
  /**
   * Of which release the evidence is.
   * @default - not told: the ticket is older than that
   */
  readonly lastRelease?: string;
  /**
   * What was found the last few times before, oldest first.
   * @default - nothing else, or the ticket is older than that
   */
  readonly earlier?: readonly EarlierEvidence[];
}
/** What a ticket said before its failure came back. */
export interface EarlierEvidence {
  readonly release: string;
  /** ISO 8601. */
  readonly at: string;
  readonly actual: string;
}
/** Body of every answer that is not 2xx. */
export interface ErrorView {
  /** Stable, for example `UnknownRelease`. */
  readonly code: string;
  /** What is wrong, the value, what is allowed, what to do. */
  readonly message: string;
}
