/** What the hub deploys to, and calls, in an environment: slots, how much of them runs, tests, migrations. */
import type {
  CapacityTarget,
  EnvironmentPlan,
  FunctionRunner,
  HealthRequest,
  MigrationRequest,
  ProbeAnswer,
  ProbeRequest,
  StartedRunner,
  TestAnswer,
  TestRequest,
} from '../../lambda/contract';
import type { StackFound } from '../../lambda/domain/doctor/look';
import type { MigrationRun } from '../../lambda/domain/model';
import type { Capacity, CapacityReading, MigrationLook, Migrations, SlotDeployment, SlotRemoval, Slots, Tests } from '../../lambda/domain/ports';

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
  /** Stacks as they are; one that is not here is as its last deployment left it. */
  readonly stacks = new Map<string, StackFound | 'gone'>();
  async look(_plan: EnvironmentPlan, stackName: string): Promise<StackFound | undefined> {
    const found = this.stacks.get(stackName);
    if (found) return found === 'gone' ? undefined : found;
    const last = this.deployments.filter((deployment) => deployment.stackName === stackName).at(-1);
    return last && { status: 'CREATE_COMPLETE', version: last.version, targetGroupArn: targetGroupOf(stackName) };
  }
  /** What the next removals of this stack come to, in order. */
  scriptRemoval(stackName: string, ...found: (SlotRemoval | Error)[]): void {
    this.scriptedRemovals.set(stackName, [...(this.scriptedRemovals.get(stackName) ?? []), ...found]);
  }
  async remove(_plan: EnvironmentPlan, { stackName }: Parameters<Slots['remove']>[1]): Promise<SlotRemoval> {
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
  readonly invocations: { readonly functionArn: string; readonly request: TestRequest | HealthRequest }[] = [];
  answer: (request: ProbeRequest) => ProbeAnswer | Promise<ProbeAnswer> = () => ({ status: 200, milliseconds: 12, body: 'ok' });
  run: (request: TestRequest | HealthRequest) => TestAnswer | Promise<TestAnswer> = () => ({ verdict: 'passed' });
  async probe(_plan: EnvironmentPlan, request: ProbeRequest): Promise<ProbeAnswer> {
    this.probes.push(request);
    return this.answer(request);
  }
  async invoke(_plan: EnvironmentPlan, functionArn: string, request: TestRequest | HealthRequest): Promise<TestAnswer> {
    this.invocations.push({ functionArn, request });
    return this.run(request);
  }
}

/** A task or a build that migrates. */
export interface FakeRun {
  readonly id: string;
  readonly name: string;
  readonly request: MigrationRequest;
  /** How often it is still seen running. */
  looks: number;
  outcome: MigrationLook;
}

/** Every migration is done at its first call, or after it was seen running twice, unless scripted. */
export class FakeMigrations implements Migrations {
  readonly calls: MigrationRequest[] = [];
  /** What the next calls come to, in order. */
  readonly scripted: ({ readonly answer: unknown } | { readonly error: string } | Error)[] = [];
  /** Every task and build there ever was, oldest first. */
  readonly runs: FakeRun[] = [];
  /** What the next starts come to, in order: why none is made, or what one that is made ends with. */
  readonly starts: ({ readonly error: string } | Error | MigrationLook)[] = [];
  /** How often those that are started from now on are seen running. */
  looks = 2;
  /** Why runs were stopped. */
  readonly stopped: string[] = [];
  /** How often one was started while another of the same migration ran in the same environment. */
  overlaps = 0;
  /** Called while a migration runs, at each look: what others do meanwhile. */
  meanwhile?: () => Promise<void> | void;

  async call(_plan: EnvironmentPlan, _runner: FunctionRunner, request: MigrationRequest): Promise<{ readonly answer: unknown } | { readonly error: string }> {
    this.calls.push(structuredClone(request));
    await this.meanwhile?.();
    const found = this.scripted.shift() ?? { answer: { done: true } };
    if (found instanceof Error) throw found;
    return found;
  }

  /** The same name again is the same run, as with a token of ECS or CodeBuild. */
  async start(_plan: EnvironmentPlan, { name }: MigrationRun, request: MigrationRequest): Promise<{ readonly id: string } | { readonly error: string }> {
    const known = this.runs.find((run) => run.name === name);
    if (known) return { id: known.id };
    const scripted = this.starts.shift() ?? { state: 'done', said: 'done' };
    if (scripted instanceof Error) throw scripted;
    if ('error' in scripted) return scripted;
    const others = this.runs.filter((run) => run.request.migration === request.migration && run.request.environment === request.environment);
    if (others.some(({ looks }) => looks > 0)) this.overlaps += 1;
    const id = `run-${this.runs.length + 1}`;
    this.runs.push({ id, name, request: structuredClone(request), looks: this.looks, outcome: scripted });
    return { id };
  }

  async find(_plan: EnvironmentPlan, { name }: MigrationRun): Promise<string | undefined> {
    return this.runs.find((run) => run.name === name && run.looks > 0)?.id;
  }

  async look(_plan: EnvironmentPlan, _runner: StartedRunner, id: string): Promise<MigrationLook> {
    const run = this.runs.find((each) => each.id === id);
    if (!run) return { state: 'gone' };
    await this.meanwhile?.();
    if (run.looks === 0) return run.outcome;
    run.looks -= 1;
    return { state: 'running' };
  }

  async stop(_plan: EnvironmentPlan, _runner: StartedRunner, id: string, reason: string): Promise<void> {
    this.stopped.push(reason);
    const run = this.runs.find((each) => each.id === id);
    if (run) Object.assign(run, { looks: 0, outcome: { state: 'failed', reason, logs: 'its log' } });
  }
}
