/** What the hub deploys to, and calls, in an environment: slots, how much of them runs, tests, migrations. */
import type {
  CapacityTarget,
  EnvironmentPlan,
  HealthRequest,
  MigrationRequest,
  MigrationRunner,
  ProbeAnswer,
  ProbeRequest,
  TestAnswer,
  TestRequest,
} from '../../lambda/contract';
import type { StackFound } from '../../lambda/domain/doctor/look';
import type { Capacity, CapacityReading, Migrations, SlotDeployment, SlotRemoval, Slots, Tests } from '../../lambda/domain/ports';

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
