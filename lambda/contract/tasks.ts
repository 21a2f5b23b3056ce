/** Every task's input and output. */
import type { EnvironmentPlan } from './plan';

/** What both machines are started with. */
export interface MachineInput {
  readonly contract: number;
  readonly release: string;
}

/** What an environment's machine is started with by a machine of a team's own. */
export interface OwnPathInput extends MachineInput {
  /** ARN of the execution that takes the release along its path. */
  readonly path: string;
  /** A `SubmitBody`, not looked at yet. */
  readonly submission: unknown;
}

/** Characters a name of an execution may have, https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html. */
const LONGEST_EXECUTION_NAME = 80;

/** So many characters of its parent's name are in that of an environment's execution. A path machine's are always shorter, a team's own machine's may not be. */
export function keptOfParent(environment: string): number {
  return LONGEST_EXECUTION_NAME - 1 - environment.length;
}

/** What the execution of an environment's machine is named, as the child of an execution of that name. */
export function childExecutionName(parent: string, environment: string): string {
  return `${parent.slice(0, keptOfParent(environment))}-${environment}`;
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
  /** The release that took this one's place: nothing is wrong, so there is no ticket. */
  readonly superseded?: string;
  /** The version, where it is a matter of that release alone, as a roll back that a person asked for: another one's is another ticket. */
  readonly ofRelease?: string;
}

export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'error';
/** How an environment machine ends; a failure is data. */
export type Outcome = 'live' | 'stopped' | 'rolledBack';

export interface EnterInput extends TaskInput {
  /** {@link machineShape} of the plan the running machine was built from. */
  readonly machine: string;
}
/** Asked of what lets releases in, by a machine that waits for its turn: the token is answered when it has come to that, or there is nothing to wait for any more. */
export interface AwaitTurnInput extends TaskInput, TokenTurn {
  readonly turn: 'awaits';
  readonly token: string;
}
/**
 * `waits`: another release has it, or comes first; see {@link AwaitTurnInput}. `live`: this very release is live there already, as after a failure further on; there is nothing left to do. `contract`: the execution was started to
 * contract the shared state, which the ledger knows; it enters when people have agreed, see {@link BeginContractInput}.
 */
export type EnterOutput =
  | { readonly outcome: 'entered'; readonly colour: string }
  | (LiveOutput & { readonly execution: string })
  | { readonly outcome: 'contract' }
  | { readonly outcome: 'waits' }
  | { readonly outcome: 'stopped'; readonly failure: Failure };
/**
 * What an environment's machine is built from, as one text. A hub that was deployed again with another one must not take a release through
 * that was submitted before: it would go by other rules than those that were frozen into it.
 */
export function machineShape({
  tests,
  goNoGo,
  steps,
  inconclusive,
  roles,
  plannedOutage,
  rollBackTarget,
  concurrency,
}: Pick<EnvironmentPlan, 'tests' | 'goNoGo' | 'steps' | 'inconclusive' | 'roles' | 'plannedOutage' | 'rollBackTarget' | 'concurrency'>): string {
  const shifts = steps.map(({ percent, bakeSeconds, tests: again = [], pause }) =>
    [`${percent} % for ${bakeSeconds} s`, ...again.map(({ name }) => `with ${name}`), ...(pause ? ['and a pause'] : [])].join(' '),
  );
  return [
    `tests: ${tests.map(({ name }) => name).join(', ') || 'none'}`,
    `go/no-go: ${goNoGo ? 'yes' : 'no'}`,
    `steps: ${shifts.join(', ')}`,
    ...(inconclusive === undefined ? [] : ['inconclusive: asked']),
    ...(roles.capacity === undefined ? [] : ['capacity: raised']),
    ...(roles.migrate === undefined ? [] : ['migrations: run']),
    ...(rollBackTarget?.kind === 'ask' ? ['roll-back target: asked'] : []),
    ...(plannedOutage === undefined ? [] : [`planned outage: at most ${plannedOutage.longestSeconds} s`]),
    ...(concurrency === undefined ? [] : [`waits for its turn: at most ${concurrency.longestSeconds} s`]),
  ].join('; ');
}
export interface SlotTaskInput extends TaskInput {
  readonly colour: string;
}
/**
 * `deployed`: and none of the slot's alarms fires; `migrates`: the release brings migrations that this environment has not had; `outage`: what comes after
 * those needs a planned outage. `deploying`: not
 * finished within this run; call again. Its failure, if it has one, is why the release stops should nobody call again.
 */
export type DeployOutput =
  | { readonly outcome: 'deployed'; readonly migrates?: true; readonly outage?: true }
  | { readonly outcome: 'deploying'; readonly failure?: Failure }
  | { readonly outcome: 'failed'; readonly failure: Failure };
/**
 * `migrating`: not finished within this run; call again. Its failure is why the release stops should nobody call again. `outage`: what comes next needs a
 * planned one.
 */
export type MigrateOutput =
  | { readonly outcome: 'migrated'; readonly outage?: true }
  | { readonly outcome: 'migrating'; readonly failure: Failure }
  | { readonly outcome: 'failed'; readonly failure: Failure };
/** Asked of what lets releases in: the environment, for the contract of the release that is live there. Answered `entered`, with the colour that is live, or `stopped`. */
export interface BeginContractInput extends TaskInput {
  readonly contract: 'begins';
}
/** Asked of what runs migrations. Answered with a {@link MigrateOutput}; `migrated`: and the environment is free again. */
export interface RunContractInput extends SlotTaskInput {
  readonly contract: 'runs';
}
/** Asked of the one writer of live rules: to take the users of an environment out of every slot, for the outage that the release needs. Answered with a {@link ShiftOutput}. */
export interface BeginOutageInput extends SlotTaskInput {
  readonly outage: 'begins';
}
/** Asked of the same when the release cannot go on: users are out, or stay out, until the state is what the version before understands. */
export interface KeepOutInput extends SlotTaskInput {
  readonly outage: 'stays';
}
/** Asked of what runs migrations: those that are `breaking`. Answered with a {@link MigrateOutput}. */
export interface MigrateInOutageInput extends SlotTaskInput {
  readonly outage: 'migrates';
}
/** Asked of the same: to take back what has started in the outage, the last one first. Answered with a {@link MigrateOutput}; `migrated`: it is all taken back. */
export interface UndoInput extends SlotTaskInput {
  readonly outage: 'undoes';
}
/** Asked of what ends releases, of which this ends none: frees the environment, and raises the ticket. */
export interface StopContractInput extends EndInput {
  readonly contract: 'stops';
}
/** `ticket`: fingerprint; absent where a later request has taken the place of this one, which nobody waits for any more. */
export interface StopContractOutput {
  readonly outcome: 'stopped';
  readonly ticket?: string;
}
/** `percent`: of the step beside whose bake it runs; without it the slot is the shadow. */
export interface RunTestInput extends SlotTaskInput {
  readonly test: string;
  readonly percent?: number;
}
export interface VerdictOutput {
  readonly verdict: Verdict;
  readonly failure?: Failure;
}
/**
 * `contract`: the go/no-go's party is asked about what the release that is live brings to contract the shared state. `pause`, `inconclusive`: somebody is
 * asked whether a release goes on that has traffic already, see {@link AskWatchedInput}. `rollBackTarget`: whether it may take the slot of what can be rolled
 * back to.
 */
export type GateKind = (typeof GATE_KINDS)[number];
export const GATE_KINDS = ['firebreak', 'goNoGo', 'contract', 'rollBackTarget', 'pause', 'inconclusive'] as const;
/** `pause`: its step says so. `inconclusive`: its health gates could not tell. */
export type WatchedGateKind = 'pause' | 'inconclusive';
export const WATCHED_GATES: readonly GateKind[] = ['pause', 'inconclusive'] satisfies readonly WatchedGateKind[];
/** Which of a state's tries a token is of: a call of an earlier one may come late, when nobody waits for its token any more. */
export interface TokenTurn {
  /** When the state was entered, `State.EnteredTime`; absent where a machine of before tells it not. */
  readonly enteredAt?: string;
  /** How often it was tried again since, `State.RetryCount`. */
  readonly retries?: number;
}
export interface OpenGateInput extends Omit<TaskInput, 'execution'>, TokenTurn {
  readonly execution: string;
  readonly gate: GateKind;
  readonly token: string;
  /** People are asked about an outage, too. */
  readonly outage?: true;
}
/** What the token of a gate is answered with. */
export interface GateOutput {
  readonly outcome: 'passed' | 'notNeeded' | 'refused';
  readonly failure?: Failure;
}
/** `percent`: before which shift; without it right after the deployment. `outage`: before the users are taken out. */
export interface MatchCapacityInput extends SlotTaskInput {
  readonly percent?: number;
  readonly outage?: true;
}
export type MatchCapacityOutput = { readonly outcome: 'matched' } | { readonly outcome: 'failed'; readonly failure: Failure };
export interface ShiftInput extends SlotTaskInput {
  readonly percent: number;
}
export interface ShiftOutput {
  readonly outcome: 'shifted' | 'refused';
  readonly failure?: Failure;
}
export interface StartBakeInput extends SlotTaskInput, TokenTurn {
  readonly percent: number;
  readonly bakeSeconds: number;
  readonly token: string;
}
/** Asked of what starts bakes: somebody decides whether the release goes on from this step. The token is answered with a {@link GateOutput}, or failed as that of a bake. */
export interface AskWatchedInput extends SlotTaskInput, TokenTurn {
  readonly percent: number;
  readonly asks: WatchedGateKind;
  /** What was inconclusive. */
  readonly failure?: Failure;
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
/**
 * Asked of the one writer of live rules, about a wave: to roll it back where this attempt of the release has gone live there, because it failed in a later one.
 * `execution`: of the path machine.
 */
export interface RollBackWaveInput extends EndInput {
  /** The wave in which, or in front of which, it failed. */
  readonly failedIn: string;
}
/**
 * `rolledBack`: users have what they had before this attempt, whoever saw to it; `stays`: it could not be rolled back, and there is a ticket; `left`: it is not live
 * there by this attempt.
 */
export interface RollBackWaveOutput {
  readonly outcome: 'rolledBack' | 'stays' | 'left';
  readonly environment: string;
  readonly release: string;
}
export interface EndOutput {
  readonly outcome: Exclude<Outcome, 'live'>;
  readonly environment: string;
  readonly release: string;
  /** Fingerprint of the ticket; absent where another release has taken its place, see {@link Failure.superseded}. */
  readonly ticket?: string;
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

/** What a team's own machine says of a release that it takes, whose content is the team's matter. */
export interface OwnTaskInput extends TaskInput {
  /** Of the content, however the team makes it: what acceptances are bound to. */
  readonly digest: string;
  /** Of the environment, as far as it has one. */
  readonly plan: EnvironmentPlan;
}
/** What a slot of a team's own holds once a release was deployed to it. */
export interface OwnSlot {
  readonly targetGroupArn: string;
  /** Names of alarms that are read before every shift. */
  readonly alarms: readonly string[];
}
/** `slots`: by colour. Answered with an {@link EnterOutput}. */
export interface TakeSlotInput extends OwnTaskInput {
  readonly slots: Readonly<Record<string, OwnSlot>>;
}
/** Answered with a {@link GateOutput}, by the token. */
export interface OpenFirebreakInput extends OwnTaskInput, TokenTurn {
  /** Declared changes. */
  readonly changes: readonly string[];
  readonly token: string;
}

/** What an environment's machine registers the release with that a team's own machine brings. */
export interface RegisterInput extends TaskInput, Pick<OwnPathInput, 'path' | 'submission'> {}
/** `live`: this very release is live there already, so nobody is asked once more. `contract`: as in {@link EnterOutput}. */
export type RegisterOutput =
  | { readonly outcome: 'registered'; readonly live?: true }
  | { readonly outcome: 'contract' }
  | { readonly outcome: 'refused'; readonly failure: Failure };

/** Input of the machine that takes submissions from pipelines that do not call the API: the `body` is a `SubmitBody`, not looked at yet. */
export interface SubmitInput {
  /** ARN of the submitting machine's execution: who started it is between IAM and CloudTrail. */
  readonly execution: string;
  readonly body: unknown;
}
/** What the hub submits anew by itself, as the `detail` of an event: a release whose place an emergency took that has ended. What it is, is in the ledger. */
export interface RequeueBody {
  readonly requeue: { readonly release: string; readonly after: string };
}
/** A refusal is data: the machine fails with its words. */
export type SubmitOutput =
  | { readonly outcome: 'submitted'; readonly release: string; readonly digest: string; readonly execution: string }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string };

/** Error names the machines tell apart. */
export const ERRORS = {
  /** A dependency was busy or away; the machine tries again. */
  retry: 'Retry',
  /** The world is not as the ledger says; the release stops. */
  conflict: 'Conflict',
  /** An alarm of the slot fired while it baked. */
  alarmRaised: 'AlarmRaised',
  /** A test did not pass that runs beside a bake. */
  testFailed: 'TestFailed',
  /** A person asked for the roll back. */
  rollBackRequested: 'RollBackRequested',
  /** A person stopped the release before anything was shifted. */
  aborted: 'Aborted',
} as const;
