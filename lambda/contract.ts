/**
 * What runs after deployment, seen from outside: the plan a path is deployed with, every task's input and output, the
 * HTTP API's bodies, event names and environment variable names. Constructs, handlers and the CLI share this file and nothing
 * else; it imports nothing.
 *
 * Percentages are whole numbers 0-100 of live traffic, durations are whole seconds, instants are ISO 8601 in UTC.
 */

/** Raised when a task's input or output changes shape; a release in flight keeps calling the versions it started with. */
export const CONTRACT_VERSION = 1;

// ---------------------------------------------------------------------------------------------------------------- the plan

/** One environment as it was synthesized. Stored in the hub as a parameter, and frozen into each release when it is submitted. */
export interface EnvironmentPlan {
  readonly contract: number;
  readonly path: string;
  readonly environment: string;
  /** Place in the path to live, from 0. */
  readonly order: number;
  readonly account: string;
  readonly region: string;
  /** ARNs of the environment's own roles; see design decision 4. */
  readonly roles: { readonly deploy: string; readonly operator: string; readonly observer: string; readonly execution: string };
  /** Name of the SSM parameter, in the environment's account, that holds its {@link FrontDoor} as JSON. */
  readonly frontDoorParameter: string;
  /** Name of the function, in the environment's account, that sends requests to a slot. */
  readonly probeFunction: string;
  /** In the order of preference for a first release. */
  readonly slots: readonly SlotPlan[];
  readonly tests: readonly TestPlan[];
  readonly firebreak?: FirebreakPlan;
  readonly goNoGo?: GoNoGoPlan;
  /** Rises, ends at 100. */
  readonly steps: readonly TrafficStep[];
  readonly gates: readonly GatePlan[];
}

export interface SlotPlan {
  /** Lower case, for example `blue`. */
  readonly colour: string;
  readonly stackName: string;
}

/** Sent to the slot by the probe function (`http`), or answered by a function of the team's (`lambda`). */
export type TestPlan =
  | { readonly kind: 'http'; readonly name: string; readonly path: string; readonly expectStatus: number; readonly timeoutSeconds: number }
  | { readonly kind: 'lambda'; readonly name: string; readonly functionArn: string; readonly timeoutSeconds: number };

export interface PartyPlan {
  readonly name: string;
  /** ARNs of IAM roles or users. */
  readonly members: readonly string[];
}

export interface FirebreakPlan {
  readonly parties: readonly PartyPlan[];
  /** Names of declared changes, for example `altersSchema`, any of which makes the firebreak apply; empty: it always applies. */
  readonly when: readonly string[];
  readonly resumes: 'byReleaseManager' | 'automatically';
  /** ARNs that may resume; empty: whoever IAM lets call the route. */
  readonly releaseManagers: readonly string[];
  readonly timeoutSeconds: number;
}

export interface GoNoGoPlan {
  readonly party: PartyPlan;
  readonly timeoutSeconds: number;
}

export interface TrafficStep {
  /** Whole number, 1-100: the share of live traffic the new version has after this step. */
  readonly percent: number;
  readonly bakeSeconds: number;
}

/** `alarms` reads the alarms in the slot's stack (output `Alarms`). `http` asks the slot through the probe function. */
export type GatePlan =
  | { readonly kind: 'alarms'; readonly minimumRequests: number }
  | { readonly kind: 'http'; readonly path: string; readonly expectStatus: number; readonly timeoutSeconds: number };

/** What an environment's front door publishes for the hub, as JSON in one SSM parameter. */
export interface FrontDoor {
  readonly loadBalancerArn: string;
  readonly listenerArn: string;
  readonly liveRuleArn: string;
  /** For example `http://name.eu-west-2.elb.amazonaws.com`. */
  readonly url: string;
  /** How a tester reaches each colour; values of headers are the names of secrets, never the secrets. */
  readonly hiddenUrls: Readonly<Record<string, HiddenUrl>>;
  /** How the environment's own tests reach each colour: by a rule of their own, with a key only the probe and test functions may read. */
  readonly testUrls: Readonly<Record<string, HiddenUrl>>;
}

export interface HiddenUrl {
  readonly url: string;
  /** Header name -> literal value. */
  readonly headers: Readonly<Record<string, string>>;
  /** Header name -> name of the secret whose value it needs. */
  readonly secretHeaders: Readonly<Record<string, string>>;
  /** In words: who gets in, for example `whoever sends the key` or `callers from 203.0.113.0/24`. */
  readonly access: string;
}

/** Names of CloudFormation outputs every slot stack has. */
export const SLOT_OUTPUTS = { targetGroupArn: 'TargetGroupArn', alarms: 'Alarms', releaseVersion: 'Version' } as const;
/** Name of the parameter of every slot stack; its only allowed value is the version it was synthesized for. */
export const RELEASE_VERSION_PARAMETER = 'ReleaseVersion';
/** Key of the metadata in each slot stack's template, by which a release assembly is read. */
export const SLOT_METADATA = 'path-to-live:slot';
/** Key of the metadata in the hub stack's template. */
export const HUB_METADATA = 'path-to-live:hub';
export interface SlotMetadata {
  readonly contract: number;
  readonly path: string;
  readonly environment: string;
  readonly colour: string;
  readonly version: string;
}
export interface HubMetadata {
  readonly contract: number;
  readonly path: string;
  readonly account: string;
  readonly region: string;
  /** SSM parameter, in the hub, that holds the API's URL. */
  readonly apiParameter: string;
}

// --------------------------------------------------------------------------------------------------------------- the bundle

/** Everything a release deploys, everywhere. Never changes once registered. */
export interface Bundle {
  readonly stacks: readonly BundleStack[];
}
export interface BundleStack {
  readonly stackName: string;
  readonly environment: string;
  readonly colour: string;
  readonly template: BundleFile;
  readonly assets: readonly BundleFile[];
}
export interface BundleFile {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** What the CDK identifies the content by: the hash in the assembly's asset manifest, lower case hex. */
  readonly hash: string;
}

// ---------------------------------------------------------------------------------------------------- tasks of the machines

/** What both machines are started with. */
export interface MachineInput {
  readonly contract: number;
  readonly release: string;
}

/** Every task of an environment machine gets at least this. */
export interface TaskInput {
  readonly environment: string;
  readonly release: string;
  /** ARN of the environment machine's execution; the owner of the environment's lock. */
  readonly execution: string;
}

/** Why a release cannot go on, with the evidence; becomes the ticket. */
export interface Failure {
  /** The state a release manager reads, for example `Test the shadow of Production`. */
  readonly step: string;
  /** Which deployment, test, gate or person. */
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
  /** Where to look: a stack, a log group, an alarm, an execution. */
  readonly logs: string;
}

export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'error';
/** How an environment machine ends; a failure is data. */
export type Outcome = 'live' | 'stopped' | 'rolledBack';

export type EnterOutput = { readonly outcome: 'entered'; readonly colour: string } | { readonly outcome: 'stopped'; readonly failure: Failure };
export interface SlotTaskInput extends TaskInput {
  readonly colour: string;
}
/** `deploying`: not finished within this run; call again. */
export type DeployOutput = { readonly outcome: 'deployed' | 'deploying' } | { readonly outcome: 'failed'; readonly failure: Failure };
export interface RunTestInput extends SlotTaskInput {
  readonly test: string;
}
export interface VerdictOutput {
  readonly verdict: Verdict;
  readonly failure?: Failure;
}
export type GateKind = 'firebreak' | 'goNoGo';
export interface OpenGateInput extends Omit<TaskInput, 'execution'> {
  readonly execution: string;
  readonly gate: GateKind;
  readonly token: string;
}
/** What the token of a gate is answered with. */
export interface GateOutput {
  readonly outcome: 'passed' | 'notNeeded' | 'refused';
  readonly failure?: Failure;
}
export interface ShiftInput extends SlotTaskInput {
  readonly percent: number;
}
export interface ShiftOutput {
  readonly outcome: 'shifted' | 'refused';
  readonly failure?: Failure;
}
export interface StartBakeInput extends SlotTaskInput {
  readonly percent: number;
  readonly bakeSeconds: number;
  readonly token: string;
}
export interface ReadGatesInput extends SlotTaskInput {
  readonly percent: number;
}
export interface AcceptOutput {
  readonly outcome: 'live' | 'refused';
  readonly failure?: Failure;
}
/** Input of the states that end a release in an environment before or after a shift. */
export interface EndInput extends TaskInput {
  readonly failure: Failure;
}
export interface EndOutput {
  readonly outcome: Exclude<Outcome, 'live'>;
  readonly environment: string;
  readonly release: string;
  /** Fingerprint of the ticket. */
  readonly ticket: string;
}
export interface LiveOutput {
  readonly outcome: 'live';
  readonly environment: string;
  readonly release: string;
}
/** Input of the path machine's states that record how a release ended. */
export interface FinishInput {
  readonly release: string;
  readonly execution: string;
  readonly outcome: Outcome;
  readonly environment: string;
  /** Set when the path machine itself found the failure (a firebreak refused or timed out). */
  readonly failure?: Failure;
}

/** Error names the machines tell apart. */
export const ERRORS = {
  /** A dependency was busy or away; the machine tries again. */
  retry: 'Retry',
  /** The world is not as the ledger says; the release stops. */
  conflict: 'Conflict',
  /** An alarm of the slot fired while it baked. */
  alarmRaised: 'AlarmRaised',
  /** A person asked for the roll back. */
  rollBackRequested: 'RollBackRequested',
  /** A person stopped the release before anything was shifted. */
  aborted: 'Aborted',
} as const;

// ------------------------------------------------------------------------------------------------------------------ the API

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
   * Declared changes, for example `altersSchema`.
   * @default - none: firebreaks that are for certain changes do not apply
   */
  readonly changes?: readonly string[];
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
}
/** POST /releases/{version}/resume */
export interface ResumeBody {
  readonly environment: string;
  readonly reason?: string;
}
/** POST /releases/{version}/abort and POST /environments/{environment}/roll-back */
export interface ReasonBody {
  readonly reason: string;
}

export type ReleaseStatus = 'submitted' | 'live' | 'stopped' | 'rolledBack';
export interface ReleaseView {
  readonly version: string;
  readonly digest: string;
  readonly origin: Origin;
  readonly changeClass: ChangeClass;
  readonly changes: readonly string[];
  readonly author: string;
  readonly submittedAt: string;
  readonly status: ReleaseStatus;
  /** Where it is and what it waits for, in a sentence. */
  readonly now: string;
  /** One of `working`, `waitingForPeople`, `finished`. */
  readonly activity: 'working' | 'waitingForPeople' | 'finished';
  readonly execution: string;
  /** In the order of the path. */
  readonly environments: readonly { readonly environment: string; readonly state: 'notYet' | 'entered' | 'shadow' | 'shifting' | Outcome }[];
  readonly gates: readonly GateView[];
  readonly audit: readonly AuditView[];
}
/** One of the answer to GET /releases, newest first: everything but what takes a look into each release. */
export type ReleaseSummary = Omit<ReleaseView, 'gates' | 'audit'>;
export interface GateView {
  readonly release: string;
  readonly digest: string;
  readonly environment: string;
  readonly gate: GateKind;
  readonly status: 'open' | 'accepted' | 'passed' | 'refused' | 'expired' | 'void';
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly parties: readonly {
    readonly name: string;
    readonly decision?: 'accept' | 'refuse';
    readonly by?: string;
    readonly reason?: string;
    readonly at?: string;
  }[];
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
  /** Empty when the environment's front door could not be read just now. */
  readonly url: string;
  readonly live?: { readonly colour: string; readonly version: string };
  readonly previous?: { readonly colour: string; readonly version: string };
  /** A version in the slot that serves nobody, and how a tester reaches it. */
  readonly shadow?: { readonly colour: string; readonly version: string; readonly hiddenUrl: HiddenUrl };
  /** Colour -> percent, as the ledger has it. */
  readonly weights: Readonly<Record<string, number>>;
  readonly lockedBy?: string;
}
/** GET /status */
export interface StatusView {
  readonly path: string;
  readonly environments: readonly EnvironmentView[];
  /** Releases that have not finished, oldest first. */
  readonly releases: readonly ReleaseView[];
  readonly openGates: readonly GateView[];
}
/** GET /tickets */
export interface TicketView extends Failure {
  readonly fingerprint: string;
  readonly environment: string;
  readonly releases: readonly string[];
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly outcome: string;
}
/** Body of every answer that is not 2xx. */
export interface ErrorView {
  /** Stable, for example `UnknownRelease`. */
  readonly code: string;
  /** What is wrong, the value, what is allowed, what to do. */
  readonly message: string;
}

// --------------------------------------------------------------------------------------------------------------- the events

/** Everything that happens, as audit event in the ledger and as `detail-type` on the bus. */
export const EVENT_NAMES = [
  'ReleaseSubmitted',
  'EnvironmentEntered',
  'SlotDeployed',
  'TestFinished',
  'FirebreakOpened',
  'GoNoGoOpened',
  'DecisionRecorded',
  'FirebreakPassed',
  'GoNoGoPassed',
  'GateRefused',
  'TrafficShifted',
  'MismatchFound',
  'AlarmRaised',
  'ReleaseLive',
  'ReleaseStopped',
  'ReleaseRolledBack',
  'ReleaseAborted',
  'RollBackRequested',
  'ReleaseFinished',
  'TicketRaised',
  'SafetyNetActed',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];
/** `source` of every event. */
export const EVENT_SOURCE = 'path-to-live';

// ------------------------------------------------------------------------------------------------- the hub's own functions

/** The most the traffic function may run. Its lease outlives it, so that a writer is dead before the next one may write. */
export const WRITER_TIMEOUT_SECONDS = 60;
/** How long a lease on a live rule lasts that is not given back. */
export const LEASE_SECONDS = 90;
/** The most the safety net may run: a lease that was not given back, then the writer itself, and some room. */
export const SAFETY_NET_TIMEOUT_SECONDS = 240;

/** Environment variables of the hub's functions. */
export const ENV = {
  path: 'PATH_TO_LIVE',
  table: 'LEDGER_TABLE',
  bus: 'EVENT_BUS',
  /** Prefix of the SSM parameters that hold the plan, one an environment. */
  planPrefix: 'PLAN_PREFIX',
  pathMachine: 'PATH_MACHINE',
  /** Name of the function that moves traffic; the API asks it for a roll back outside a release. */
  trafficFunction: 'TRAFFIC_FUNCTION',
} as const;

/** What the API asks the traffic function for when no release is in flight. */
export interface RollBackRequest {
  readonly environment: string;
  readonly who: string;
  readonly reason: string;
}

/** What the traffic function answers a {@link RollBackRequest} with. */
export interface RollBackAnswer {
  readonly outcome: 'rolledBack' | 'refused';
  readonly failure?: Failure;
}

/** Asked of the probe function, in the environment's account. */
export interface ProbeRequest {
  readonly colour: string;
  readonly path: string;
  readonly timeoutSeconds: number;
}
export interface ProbeAnswer {
  /** 0 when no answer came. */
  readonly status: number;
  readonly milliseconds: number;
  /** First 2,000 characters. */
  readonly body: string;
  readonly error?: string;
}

/** Asked of a team's own test function; it answers with a {@link TestAnswer}. */
export interface TestRequest {
  readonly release: string;
  readonly environment: string;
  readonly colour: string;
  /** How the function reaches the slot; it reads the secret that `secretHeaders` names by itself. */
  readonly slot: HiddenUrl;
}
export interface TestAnswer {
  readonly verdict: Verdict;
  readonly expected?: string;
  readonly actual?: string;
  readonly logs?: string;
}
