/** What the rules need from the world. One adapter per port in `adapters/`, one fake per port in the tests. */
import type {
  BundleFile,
  CapacityTarget,
  EndInput,
  EnvironmentPlan,
  FrontDoor,
  FunctionRunner,
  HealthRequest,
  MachineInput,
  MetricGatePlan,
  MigrationRequest,
  OwnPathInput,
  ProbeAnswer,
  ProbeRequest,
  RaiseRequest,
  RemoveStuckSlotRequest,
  RequeueBody,
  RestoreAcceptedRequest,
  RestoreAnswer,
  RetireMachineInput,
  RollBackAnswer,
  RollBackRequest,
  RollBackWaveInput,
  SlotMetadata,
  SlotMigration,
  StartedRunner,
  TestAnswer,
  TestRequest,
} from '../contract';
import type { AcceptedTags, EndedLook, RuleLook, StackFound, StackLook } from './doctor/look';
import type { Firing } from './health/firing';
import type { AuditEvent, Change, Delivery, EnvironmentState, Gate, MigrationRun, MigrationState, Release, Ticket } from './model';

export interface Ledger {
  release(version: string): Promise<Release | undefined>;
  /** Releases that have not finished, oldest first. */
  releasesInFlight(): Promise<Release[]>;
  /** The releases that were submitted last, newest first, so many at most. */
  latestReleases(most: number): Promise<Release[]>;
  /** An environment nothing happened in yet comes with revision 0 and nothing live. */
  environment(name: string): Promise<EnvironmentState>;
  gate(release: string, environment: string, gate: Gate['gate']): Promise<Gate | undefined>;
  /** Gates of one release. */
  gates(release: string): Promise<Gate[]>;
  /** Open and accepted gates of every release: the ones that wait for somebody. */
  waitingGates(): Promise<Gate[]>;
  ticket(fingerprint: string): Promise<Ticket | undefined>;
  /** The ones that happened last, newest first, so many at most. @param before only those before this place among them */
  tickets(most: number, before?: string): Promise<Ticket[]>;
  /** Undefined: it has never been called in that environment. */
  migration(environment: string, name: string): Promise<MigrationState | undefined>;
  audit(release: string): Promise<AuditEvent[]>;
  /** One transaction, then tries to deliver; what is not delivered stays in the outbox. @throws Conflict when an item's revision is not the stored one. */
  commit(change: Change): Promise<void>;
  /** Deliveries that were committed and not confirmed, oldest first, with when that was and the key to confirm them by. */
  outbox(): Promise<{ readonly key: string; readonly since: string; readonly delivery: Delivery }[]>;
  confirm(key: string): Promise<void>;
}

/** The plan the hub is deployed with, in the order of the path. */
export interface Plans {
  environments(): Promise<EnvironmentPlan[]>;
}

/** What one rule holds right now. `other`: it forwards to no target group, it answers 503. `gone`: somebody removed it. */
export type RuleHeld = { readonly kind: 'slots'; readonly weights: Readonly<Record<string, number>> } | { readonly kind: 'other' } | { readonly kind: 'gone' };

/** What the live rules of an environment hold: all of them the same, or each something, by its name and in the order they are written in. */
export type RuleTargets = RuleHeld | { readonly kind: 'apart'; readonly rules: Readonly<Record<string, RuleHeld>> };

/**
 * The live rule of one environment, or several of the same load balancer that are moved as one. Target groups by ARN, what served before any release by
 * that of the first rule; weights as written on a rule, 0-999.
 */
export interface LiveRule {
  /** The names of its rules, in the order they are written in. */
  rules(plan: EnvironmentPlan): Promise<readonly string[]>;
  read(plan: EnvironmentPlan): Promise<RuleTargets>;
  /** One write call. Every entry has a weight above 0. */
  write(plan: EnvironmentPlan, rule: string, weights: Readonly<Record<string, number>>): Promise<void>;
  /** Back to what the rule did before any release: its recorded default. */
  writeOriginal(plan: EnvironmentPlan, rule: string): Promise<void>;
  /** To no slot: the rule answers users itself. @param says at most 1,024 characters */
  writeOutage(plan: EnvironmentPlan, rule: string, says: string): Promise<void>;
  /** Writes the accepted target into the tags of every rule, for whoever must roll back without the hub. */
  tagAccepted(plan: EnvironmentPlan, accepted: AcceptedTags): Promise<void>;
  /** What the tags of each rule say was accepted last, in the order of the rules; null where they name nothing. */
  accepted(plan: EnvironmentPlan): Promise<readonly (AcceptedTags | null)[]>;
}

/** What became of a slot's stack within one look. */
export type SlotDeployment =
  | {
      readonly state: 'deployed';
      readonly targetGroupArn: string;
      readonly alarms: readonly string[];
      readonly capacity?: CapacityTarget;
      readonly migrations?: readonly SlotMigration[];
    }
  | { readonly state: 'deploying' }
  | { readonly state: 'failed'; readonly reason: string; readonly logs: string };

/** Which version goes to which stack, and for whom. */
export interface SlotRequest {
  readonly stackName: string;
  readonly templateUrl: string;
  readonly version: string;
  readonly execution: string;
  /** Asked before every look: a machine that is stopped does not stop this run, and by then the slot may be another release's. */
  readonly isOurs: () => Promise<boolean>;
}

/** What became of removing a slot's stack within one run. */
export type SlotRemoval = { readonly state: 'removed' | 'removing' } | { readonly state: 'failed'; readonly reason: string; readonly logs: string };

export interface Slots {
  /** Creates or updates the stack and follows it until it ends or this run's time is up. Safe to call again. */
  deploy(plan: EnvironmentPlan, request: SlotRequest): Promise<SlotDeployment>;
  /** Removes the stack and follows that in the same way. One that is not there is removed. Safe to call again. */
  remove(plan: EnvironmentPlan, request: Pick<SlotRequest, 'stackName' | 'execution' | 'isOurs'>): Promise<SlotRemoval>;
  /** The stack as it is; undefined when there is none. */
  look(plan: EnvironmentPlan, stackName: string): Promise<StackFound | undefined>;
}

export interface Alarms {
  /** Those of the given alarms that are in ALARM, and why; and the names of those that do not exist. */
  read(plan: EnvironmentPlan, names: readonly string[]): Promise<AlarmsFound>;
  /** What one of them has measured lately; or why that is not known: it looks at other alarms, it compares with a band, or it cannot be read. */
  values(plan: EnvironmentPlan, name: string): Promise<AlarmValues | { readonly unknown: string }>;
}

/** What an alarm on a metric, or on an expression over metrics, has measured, by its own periods and statistic. */
export interface AlarmValues {
  /** One for each whole period, the oldest first; null where there is none. */
  readonly values: readonly (number | null)[];
  /** So many of the latest it looks at, and when so many of those are beyond its threshold, it fires. */
  readonly periods: number;
  readonly breaching: number;
  readonly raisedBy: 'more' | 'less';
  readonly threshold: number;
  /** Whether what is at its threshold is beyond it. */
  readonly raisedAt: boolean;
  /** Stands for all of its definition but its threshold: what was measured by another one is not to be compared with this. */
  readonly by: string;
  /** For example `p99 of the response time`. */
  readonly what: string;
  /** For example `s`. */
  readonly unit?: string;
}

export interface AlarmsFound {
  readonly firing: readonly Firing[];
  readonly missing: readonly string[];
}

export interface Health {
  /** Requests the slot's target group has had since then, by the load balancer's own count. */
  requests(plan: EnvironmentPlan, targetGroupArn: string, since: string): Promise<number>;
}

/** A slot as metrics name it. */
export interface MeasuredSlot {
  readonly colour: string;
  readonly version: string;
  readonly targetGroupArn: string;
}

export interface Metrics {
  /**
   * What a gate's first query gave in each whole period since then that has a value, oldest first; a period that had begun before, or has not ended, is left out.
   * @throws Conflict when CloudWatch could not compute it, with why
   */
  values(plan: EnvironmentPlan, gate: MetricGatePlan, slot: MeasuredSlot, since: string): Promise<readonly number[]>;
}

/** What the load balancer says of a slot's target group. */
export interface Targets {
  /** Number of healthy targets. A target group of a function counts 1 unless it has health checks that say otherwise. */
  healthy(plan: EnvironmentPlan, targetGroupArn: string): Promise<number>;
  /** Whether the live rule, as it is right now, sends any traffic there. */
  serve(plan: EnvironmentPlan, targetGroupArn: string): Promise<boolean>;
}

/** How much of a slot runs. */
export interface CapacityReading {
  readonly desired: number;
  /** Of those, how many run the slot's current version; whether they are healthy, the load balancer knows. */
  readonly running: number;
  /** How long the latest deployment took until all of it ran, in whole seconds, where the service knows. */
  readonly startSeconds?: number;
  /** What the service said last. */
  readonly said?: string;
}

/** The number of tasks or instances of a slot. */
export interface Capacity {
  read(plan: EnvironmentPlan, target: CapacityTarget): Promise<CapacityReading>;
  /** Only says how many there are to be. @param count a whole number from 0 */
  set(plan: EnvironmentPlan, target: CapacityTarget, count: number): Promise<void>;
}

/** From inside the environment's account. */
export interface Tests {
  probe(plan: EnvironmentPlan, request: ProbeRequest): Promise<ProbeAnswer>;
  invoke(plan: EnvironmentPlan, functionArn: string, request: TestRequest | HealthRequest, timeoutSeconds: number): Promise<TestAnswer>;
}

/** How a task or a build that migrates is. `gone`: its service knows none of that id (yet, or any more). */
export type MigrationLook =
  | { readonly state: 'running' | 'gone' }
  | { readonly state: 'done'; readonly said: string }
  | { readonly state: 'failed'; readonly reason: string; readonly logs: string };

/** What runs migrations, inside the environment's account: functions are called; tasks and builds are started, and looked at until they have ended. */
export interface Migrations {
  /**
   * Calls it once and waits for the answer, which is what its function said and may be anything; an `error` is why there is none.
   * @throws Retry when the service was busy or away: it may have been called
   */
  call(plan: EnvironmentPlan, runner: FunctionRunner, request: MigrationRequest): Promise<{ readonly answer: unknown } | { readonly error: string }>;
  /**
   * Starts a run and does not wait for its end: its id, or an `error`, why there is none. The same name with the same request twice is one run.
   * @throws Retry when the service was busy or away: it may have been started
   */
  start(plan: EnvironmentPlan, run: MigrationRun, request: MigrationRequest): Promise<{ readonly id: string } | { readonly error: string }>;
  /** The id of a run that goes by that name; undefined when none is to be seen: it ended long ago, or was never started. */
  find(plan: EnvironmentPlan, run: MigrationRun): Promise<string | undefined>;
  look(plan: EnvironmentPlan, runner: StartedRunner, id: string): Promise<MigrationLook>;
  /** Only asks for it. Safe to call again, and for one that has ended. */
  stop(plan: EnvironmentPlan, runner: StartedRunner, id: string, reason: string): Promise<void>;
}

export interface FrontDoors {
  /** May be of half a minute ago. */
  read(plan: EnvironmentPlan): Promise<FrontDoor>;
  /** As it is now, for who did not find what the other one names. */
  readAnew(plan: EnvironmentPlan): Promise<FrontDoor>;
}

export interface Bundles {
  /** ETag of a published file, undefined when it is not there. */
  seal(plan: EnvironmentPlan, file: BundleFile): Promise<string | undefined>;
}

/** Published templates of a release. */
export interface Templates {
  /**
   * What a slot's template says of itself; undefined when it says nothing.
   * @throws Conflict when the file is not the one with this seal any more
   */
  slotMetadata(plan: EnvironmentPlan, template: BundleFile, seal: string): Promise<SlotMetadata | undefined>;
}

export interface Machines {
  /** Starts the path machine; the same name twice is the same execution. Returns its ARN. */
  start(name: string, input: MachineInput): Promise<string>;
  /** Starts the machine that takes the path out again; the same name twice is the same execution. */
  retire(name: string, input: RetireMachineInput): Promise<void>;
  /** The execution of it that a name stands for, as ARN, without asking. */
  retireArn(name: string): string;
  /** Starts the machine of an environment to contract its shared state; the same name twice is the same execution. */
  contract(environment: string, name: string, input: MachineInput | OwnPathInput): Promise<void>;
  /** The execution of it that a name stands for, as ARN, without asking. */
  contractArn(environment: string, name: string): string;
  /** @returns whether the token was still waited for. */
  answer(token: string, answer: { readonly success: unknown } | { readonly error: string; readonly cause: string }): Promise<boolean>;
  /** The execution a path machine's execution name stands for, as ARN, without asking. */
  executionArn(name: string): string;
  /**
   * Asks the one writer of live rules (design, decision 8) for a roll back, and waits for its answer: the API for a release that is live, the
   * safety net ({@link EndInput}) for one whose machine died.
   * @throws Retry when the writer did not answer; that includes a roll back it holds, whose ticket it has raised by then.
   */
  rollBack(request: RollBackRequest | EndInput | RollBackWaveInput): Promise<RollBackAnswer>;
  /** Asks for the raising of the slot an environment goes back to, and for the roll back after it, without waiting for either. */
  raise(request: RaiseRequest): Promise<void>;
  /** How an execution ended; undefined while it runs. One that is not there any more has ended. */
  ended(execution: string): Promise<EndedLook | undefined>;
}

/** What other functions of the hub, each with the role for it, see of an environment and put right there. */
export interface Repairs {
  /** The live rule, as its one writer sees it. @throws when the writer could not look, with why */
  rule(plan: EnvironmentPlan): Promise<RuleLook>;
  /** The stacks of the slots, as who deploys them sees them. @throws when that could not look, with why */
  stacks(plan: EnvironmentPlan): Promise<StackLook[]>;
  /** All traffic back to what was accepted. @throws Retry when the writer did not answer */
  restore(request: RestoreAcceptedRequest): Promise<RestoreAnswer>;
  /** Asks for it, and does not wait: it may take minutes. */
  removeSlot(request: RemoveStuckSlotRequest): Promise<void>;
}

export interface Bus {
  publish(event: AuditEvent): Promise<void>;
  /** Asks for another attempt of a release whose place an emergency took. Asked twice, there is one. */
  submitAnew(requeue: RequeueBody['requeue']): Promise<void>;
}

export interface Clock {
  /** ISO 8601, UTC, milliseconds. */
  now(): string;
  /** The instant that many seconds from now, in the same form. */
  later(seconds: number): string;
  sleep(milliseconds: number): Promise<void>;
}

/** One structured line a decision. Never a token, never a secret. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface Ports {
  readonly ledger: Ledger;
  readonly plans: Plans;
  readonly liveRule: LiveRule;
  readonly slots: Slots;
  readonly alarms: Alarms;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly targets: Targets;
  readonly capacity: Capacity;
  readonly tests: Tests;
  readonly migrations: Migrations;
  readonly frontDoors: FrontDoors;
  readonly bundles: Bundles;
  readonly templates: Templates;
  readonly machines: Machines;
  readonly repairs: Repairs;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  /** A fresh, unguessable name. */
  readonly uniqueName: () => string;
  /** How long the run under way may still take. */
  readonly remainingMilliseconds: () => number;
}
