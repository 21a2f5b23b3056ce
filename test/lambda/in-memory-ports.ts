import type {
  BundleFile,
  CapacityTarget,
  DeclaredMigration,
  EndInput,
  EnvironmentPlan,
  FrontDoor,
  HiddenUrl,
  MachineInput,
  MigrationRequest,
  MigrationRunner,
  ProbeAnswer,
  ProbeRequest,
  RaiseRequest,
  RetireMachineInput,
  RollBackAnswer,
  RollBackRequest,
  SlotMetadata,
  TestAnswer,
  TestRequest,
} from '../../lambda/contract';
import type { AuditEvent } from '../../lambda/domain/model';
import type {
  Alarms,
  AlarmsFound,
  Bundles,
  Bus,
  Capacity,
  CapacityReading,
  Clock,
  FrontDoors,
  Health,
  LiveRule,
  Log,
  Machines,
  Migrations,
  Plans,
  Ports,
  RuleTargets,
  SlotDeployment,
  SlotRemoval,
  Slots,
  Targets,
  Templates,
  Tests,
} from '../../lambda/domain/ports';
import { InMemoryLedger } from './in-memory-ledger';

/** Every port of the domain in memory: deterministic, and each can be told what to answer next. */
export interface InMemoryPorts extends Ports {
  readonly ledger: InMemoryLedger;
  readonly plans: FakePlans;
  readonly liveRule: FakeLiveRule;
  readonly slots: FakeSlots;
  readonly alarms: FakeAlarms;
  readonly health: FakeHealth;
  readonly targets: FakeTargets;
  readonly capacity: FakeCapacity;
  readonly tests: FakeTests;
  readonly migrations: FakeMigrations;
  readonly frontDoors: FakeFrontDoors;
  readonly bundles: FakeBundles;
  readonly templates: FakeTemplates;
  readonly machines: FakeMachines;
  readonly bus: FakeBus;
  readonly clock: FakeClock;
  readonly log: FakeLog;
}

/** A world in which nothing has happened yet. */
export function inMemoryPorts(plans: readonly EnvironmentPlan[] = []): InMemoryPorts {
  const machines = new FakeMachines();
  const bus = new FakeBus();
  const liveRule = new FakeLiveRule();
  let names = 0;
  const ports: InMemoryPorts = {
    ledger: new InMemoryLedger({ machines, bus }),
    plans: new FakePlans(plans),
    liveRule,
    slots: new FakeSlots(),
    alarms: new FakeAlarms(),
    health: new FakeHealth(),
    targets: new FakeTargets(liveRule),
    capacity: new FakeCapacity(),
    tests: new FakeTests(),
    migrations: new FakeMigrations(),
    frontDoors: new FakeFrontDoors(),
    bundles: new FakeBundles(),
    templates: new FakeTemplates(),
    machines,
    bus,
    clock: new FakeClock(),
    log: new FakeLog(),
    uniqueName: () => {
      names += 1;
      return `name-${names}`;
    },
    remainingMilliseconds: () => 900_000,
  };
  return ports;
}

export class FakePlans implements Plans {
  constructor(public plans: readonly EnvironmentPlan[]) {}
  async environments(): Promise<EnvironmentPlan[]> {
    return structuredClone([...this.plans]);
  }
}

/** The live rule of each environment. Until somebody writes it, it serves nothing of ours. */
export class FakeLiveRule implements LiveRule {
  /** Every write call that was made, in order, lost and failed ones included. */
  readonly writes: { readonly environment: string; readonly weights: Readonly<Record<string, number>> | 'original' }[] = [];
  readonly tags: Record<string, { readonly colour: string; readonly version: string; readonly targetGroupArn: string }> = {};
  private readonly rules = new Map<string, RuleTargets>();
  private next: { readonly how: 'lost' | 'refused' | 'written'; readonly error?: Error }[] = [];
  private tagError?: Error;

  /** Somebody changes the rule by hand, or a test sets the scene. */
  set(environment: string, weights: Readonly<Record<string, number>> | 'other' | 'gone'): void {
    this.rules.set(environment, weights === 'other' || weights === 'gone' ? { kind: weights } : { kind: 'slots', weights: { ...weights } });
  }
  /** What it holds, for a comparison by deep equality. */
  snapshot(): Record<string, RuleTargets> {
    return structuredClone(Object.fromEntries(this.rules));
  }
  /** The next write is acknowledged and does nothing. */
  loseNextWrite(): void {
    this.next.push({ how: 'lost' });
  }
  /** The next write fails and does nothing. */
  refuseNextWrite(error: Error): void {
    this.next.push({ how: 'refused', error });
  }
  /** The next write happens, but the caller gets an error: its process died, or the answer was lost. */
  failAfterNextWrite(error: Error): void {
    this.next.push({ how: 'written', error });
  }
  failNextTag(error: Error): void {
    this.tagError = error;
  }

  async read(plan: EnvironmentPlan): Promise<RuleTargets> {
    return structuredClone(this.rules.get(plan.environment) ?? { kind: 'other' });
  }
  async write(plan: EnvironmentPlan, weights: Readonly<Record<string, number>>): Promise<void> {
    this.change(plan.environment, { ...weights }, { kind: 'slots', weights: { ...weights } });
  }
  async writeOriginal(plan: EnvironmentPlan): Promise<void> {
    this.change(plan.environment, 'original', { kind: 'other' });
  }
  async tagAccepted(plan: EnvironmentPlan, accepted: { readonly colour: string; readonly version: string; readonly targetGroupArn: string }): Promise<void> {
    const error = this.tagError;
    this.tagError = undefined;
    if (error) throw error;
    this.tags[plan.environment] = { ...accepted };
  }

  private change(environment: string, weights: Readonly<Record<string, number>> | 'original', targets: RuleTargets): void {
    this.writes.push({ environment, weights });
    const next = this.next.shift();
    if (next?.how !== 'lost' && next?.how !== 'refused') this.rules.set(environment, targets);
    if (next?.error) throw next.error;
  }
}

/** Every deployment and removal succeeds at once, unless scripted. */
export class FakeSlots implements Slots {
  /** Stacks whose removal was asked for, in order. */
  readonly removals: string[] = [];
  private readonly scriptedRemovals = new Map<string, (SlotRemoval | Error)[]>();
  readonly deployments: { readonly stackName: string; readonly templateUrl: string; readonly version: string }[] = [];
  private readonly scripted = new Map<string, (SlotDeployment | Error)[]>();
  /** What the next looks at this stack find, in order. */
  script(stackName: string, ...found: (SlotDeployment | Error)[]): void {
    this.scripted.set(stackName, [...(this.scripted.get(stackName) ?? []), ...found]);
  }
  async deploy(_plan: EnvironmentPlan, request: { stackName: string; templateUrl: string; version: string; execution: string }): Promise<SlotDeployment> {
    const { stackName, templateUrl, version } = request;
    this.deployments.push({ stackName, templateUrl, version });
    const found = this.scripted.get(stackName)?.shift() ?? { state: 'deployed', targetGroupArn: targetGroupOf(stackName), alarms: [alarmOf(stackName)] };
    if (found instanceof Error) throw found;
    return found;
  }
  /** What the next removals of this stack come to, in order. */
  scriptRemoval(stackName: string, ...found: (SlotRemoval | Error)[]): void {
    this.scriptedRemovals.set(stackName, [...(this.scriptedRemovals.get(stackName) ?? []), ...found]);
  }
  async remove(_plan: EnvironmentPlan, { stackName }: { stackName: string }): Promise<SlotRemoval> {
    this.removals.push(stackName);
    const found = this.scriptedRemovals.get(stackName)?.shift() ?? { state: 'removed' };
    if (found instanceof Error) throw found;
    return found;
  }
}

/** ARN of the target group that {@link FakeSlots} finds in a stack. */
export function targetGroupOf(stackName: string): string {
  return `arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/${stackName}/0123456789abcdef`;
}
/** Name of the alarm that {@link FakeSlots} finds in a stack. */
export function alarmOf(stackName: string): string {
  return `${stackName}-errors`;
}

/** Quiet, unless told otherwise. */
export class FakeAlarms implements Alarms {
  readonly firing = new Set<string>();
  readonly missing = new Set<string>();
  /** What every alarm that fires says. */
  reason = 'p99 of the response time: 1.8 s in 1 minute, allowed: less than 1 s';
  async read(_plan: EnvironmentPlan, names: readonly string[]): Promise<AlarmsFound> {
    const firing = names.filter((name) => this.firing.has(name)).map((alarm) => ({ alarm, reason: this.reason }));
    return { firing, missing: names.filter((name) => this.missing.has(name)) };
  }
}

/** Busy, unless told otherwise. */
export class FakeHealth implements Health {
  requestsSeen = 1000;
  async requests(): Promise<number> {
    return this.requestsSeen;
  }
}

/** Healthy, unless told otherwise. */
export class FakeTargets implements Targets {
  /** Target groups with no healthy target. */
  readonly unhealthy = new Set<string>();
  /** How many targets of a target group are healthy; a test whose slots have a capacity says so. */
  count: (targetGroupArn: string) => number = () => 1;
  constructor(private readonly liveRule: LiveRule) {}
  async healthy(_plan: EnvironmentPlan, targetGroupArn: string): Promise<number> {
    return this.unhealthy.has(targetGroupArn) ? 0 : this.count(targetGroupArn);
  }
  async serve(plan: EnvironmentPlan, targetGroupArn: string): Promise<boolean> {
    const targets = await this.liveRule.read(plan);
    return targets.kind === 'slots' && (targets.weights[targetGroupArn] ?? 0) > 0;
  }
}

/** What runs in slots that have a capacity. Whatever is asked for runs, and is healthy, at the next look but `delay`. */
export class FakeCapacity implements Capacity {
  /** Looks that pass until what was asked for runs. */
  delay = 0;
  /** Set to make every call fail. */
  away?: Error;
  /** Most that ever runs, as when there is no room. */
  most = Number.POSITIVE_INFINITY;
  readonly asked: { readonly name: string; readonly count: number }[] = [];
  private readonly counts = new Map<string, { desired: number; running: number; looks: number; startSeconds?: number }>();

  /** A slot as a deployment left it. */
  has(target: CapacityTarget, desired: number, running = desired, startSeconds?: number): void {
    this.counts.set(nameOf(target), { desired, running, looks: 0, startSeconds });
  }
  running(target: CapacityTarget): number {
    return this.counts.get(nameOf(target))?.running ?? 0;
  }
  async read(_plan: EnvironmentPlan, target: CapacityTarget): Promise<CapacityReading> {
    if (this.away) throw this.away;
    const found = this.counts.get(nameOf(target));
    if (!found) throw new Error(`there is no ${nameOf(target)}`);
    if (found.looks > 0) found.looks -= 1;
    else found.running = Math.min(found.desired, this.most);
    const { desired, running, startSeconds } = found;
    return { desired, running, ...(startSeconds !== undefined && { startSeconds }), ...(running < desired && { said: 'unable to place a task' }) };
  }
  async set(_plan: EnvironmentPlan, target: CapacityTarget, count: number): Promise<void> {
    if (this.away) throw this.away;
    this.asked.push({ name: nameOf(target), count });
    const found = this.counts.get(nameOf(target));
    if (found) Object.assign(found, { desired: count, looks: this.delay, running: Math.min(found.running, count) });
  }
}

function nameOf(target: CapacityTarget): string {
  return target.kind === 'ecsService' ? `${target.cluster}/${target.service}` : target.group;
}

/** Every probe is answered 200, every test function passes, unless told otherwise. */
export class FakeTests implements Tests {
  readonly probes: ProbeRequest[] = [];
  readonly invocations: { readonly functionArn: string; readonly request: TestRequest }[] = [];
  answer: (request: ProbeRequest) => ProbeAnswer | Promise<ProbeAnswer> = () => ({ status: 200, milliseconds: 12, body: 'ok' });
  run: (request: TestRequest) => TestAnswer | Promise<TestAnswer> = () => ({ verdict: 'passed' });
  async probe(_plan: EnvironmentPlan, request: ProbeRequest): Promise<ProbeAnswer> {
    this.probes.push(request);
    return this.answer(request);
  }
  async invoke(_plan: EnvironmentPlan, functionArn: string, request: TestRequest): Promise<TestAnswer> {
    this.invocations.push({ functionArn, request });
    return this.run(request);
  }
}

/** Every migration is done at its first call, unless scripted. */
export class FakeMigrations implements Migrations {
  readonly calls: MigrationRequest[] = [];
  /** What the next calls come to, in order. */
  readonly scripted: ({ readonly answer: unknown } | { readonly error: string } | Error)[] = [];
  /** Called while a migration runs: what others do meanwhile. */
  meanwhile?: () => Promise<void> | void;
  async call(_plan: EnvironmentPlan, _runner: MigrationRunner, request: MigrationRequest): Promise<{ readonly answer: unknown } | { readonly error: string }> {
    this.calls.push(structuredClone(request));
    await this.meanwhile?.();
    const found = this.scripted.shift() ?? { answer: { done: true } };
    if (found instanceof Error) throw found;
    return found;
  }
}

export class FakeFrontDoors implements FrontDoors {
  /** What every live rule did before any release. */
  original = '503';
  /** Set to make every reading fail. */
  away?: Error;
  async read(plan: EnvironmentPlan): Promise<FrontDoor> {
    if (this.away) throw this.away;
    const url = `http://${plan.environment.toLowerCase()}.example`;
    const reach = (colour: string, header: string): HiddenUrl => ({
      url,
      headers: { 'x-path-to-live-slot': colour },
      secretHeaders: { [header]: `path-to-live/${plan.path}/${plan.environment}/${header}` },
      access: 'whoever sends the key',
    });
    const perColour = (header: string) => Object.fromEntries(plan.slots.map(({ colour }) => [colour, reach(colour, header)]));
    const arn = `arn:aws:elasticloadbalancing:${plan.region}:${plan.account}`;
    return {
      loadBalancerArn: `${arn}:loadbalancer/app/${plan.environment}/1`,
      listenerArn: `${arn}:listener/app/${plan.environment}/1/2`,
      liveRuleArn: `${arn}:listener-rule/app/${plan.environment}/1/2/3`,
      original: this.original,
      url,
      hiddenUrls: perColour('x-path-to-live-key'),
      testUrls: perColour('x-path-to-live-test'),
    };
  }
}

/** What is in the asset buckets: `<bucket>/<key>` -> ETag. */
export class FakeBundles implements Bundles {
  readonly files = new Map<string, string>();
  async seal(_plan: EnvironmentPlan, file: { readonly bucket: string; readonly key: string }): Promise<string | undefined> {
    return this.files.get(`${file.bucket}/${file.key}`);
  }
}

export class FakeTemplates implements Templates {
  /** `<bucket>/<key>` of a template -> what it says that it brings. */
  readonly migrations = new Map<string, readonly DeclaredMigration[]>();
  async slotMetadata(_plan: EnvironmentPlan, { bucket, key }: BundleFile): Promise<SlotMetadata | undefined> {
    const migrations = this.migrations.get(`${bucket}/${key}`);
    return { contract: 1, path: 'Payments', environment: 'Production', colour: 'green', version: '1.1.0', ...(migrations && { migrations }) };
  }
}

export class FakeMachines implements Machines {
  readonly started: { readonly name: string; readonly input: MachineInput }[] = [];
  readonly answers: { readonly token: string; readonly answer: { readonly success: unknown } | { readonly error: string; readonly cause: string } }[] = [];
  readonly rollBacks: (RollBackRequest | EndInput)[] = [];
  readonly raises: RaiseRequest[] = [];
  readonly retirements: { readonly name: string; readonly input: RetireMachineInput }[] = [];
  /** Set to make every call fail. */
  away?: Error;
  /** What the writer of the live rule does when it is asked; says yes unless a test puts the real one here. */
  rollingBack: (request: RollBackRequest | EndInput) => Promise<RollBackAnswer> = async () => ({ outcome: 'rolledBack' });

  async start(name: string, input: MachineInput): Promise<string> {
    if (this.away) throw this.away;
    if (!this.started.some((execution) => execution.name === name)) this.started.push({ name, input });
    return this.executionArn(name);
  }
  async retire(name: string, input: RetireMachineInput): Promise<void> {
    if (this.away) throw this.away;
    if (!this.retirements.some((execution) => execution.name === name)) this.retirements.push({ name, input });
  }
  retireArn(name: string): string {
    return `arn:aws:states:eu-west-2:111111111111:execution:Payments-retire:${name}`;
  }
  async answer(token: string, answer: { readonly success: unknown } | { readonly error: string; readonly cause: string }): Promise<boolean> {
    if (this.away) throw this.away;
    const waited = !this.answers.some((earlier) => earlier.token === token);
    if (waited) this.answers.push(structuredClone({ token, answer }));
    return waited;
  }
  async raise(request: RaiseRequest): Promise<void> {
    if (this.away) throw this.away;
    this.raises.push(request);
  }
  executionArn(name: string): string {
    return `arn:aws:states:eu-west-2:111111111111:execution:Payments-path:${name}`;
  }
  async rollBack(request: RollBackRequest | EndInput): Promise<RollBackAnswer> {
    this.rollBacks.push(structuredClone(request));
    return this.rollingBack(request);
  }
}

export class FakeBus implements Bus {
  readonly published: AuditEvent[] = [];
  /** Set to make every call fail. */
  away?: Error;
  async publish(event: AuditEvent): Promise<void> {
    if (this.away) throw this.away;
    this.published.push(structuredClone(event));
  }
}

/** Stands still until told to move; sleeping moves it. */
export class FakeClock implements Clock {
  readonly slept: number[] = [];
  /** Called after each sleep: what others do while somebody waits. */
  meanwhile?: () => Promise<void> | void;
  private milliseconds = Date.parse('2026-01-05T09:00:00.000Z');
  now(): string {
    return new Date(this.milliseconds).toISOString();
  }
  later(seconds: number): string {
    return new Date(this.milliseconds + seconds * 1000).toISOString();
  }
  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.milliseconds += milliseconds;
    await this.meanwhile?.();
  }
  advance(seconds: number): void {
    this.milliseconds += seconds * 1000;
  }
}

export class FakeLog implements Log {
  readonly lines: { readonly level: 'info' | 'error'; readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  info(message: string, fields: Readonly<Record<string, unknown>>): void {
    this.lines.push({ level: 'info', message, fields });
  }
  error(message: string, fields: Readonly<Record<string, unknown>>): void {
    this.lines.push({ level: 'error', message, fields });
  }
}
