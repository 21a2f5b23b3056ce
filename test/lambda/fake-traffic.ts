/** What the hub sees and does of live traffic: the live rule, its targets, alarms and requests. */
import type { EnvironmentPlan, MetricGatePlan } from '../../lambda/contract';
import type { AcceptedTags } from '../../lambda/domain/doctor/look';
import type { Alarms, AlarmsFound, Health, LiveRule, MeasuredSlot, Metrics, RuleTargets, Targets } from '../../lambda/domain/ports';

/** The live rule of each environment. Until somebody writes it, it serves nothing of ours. */
export class FakeLiveRule implements LiveRule {
  /** Every write call that was made, in order, lost and failed ones included. */
  readonly writes: { readonly environment: string; readonly weights: Readonly<Record<string, number>> | 'original' | 'outage' }[] = [];
  /** What it last told users in an outage. */
  readonly says: Record<string, string> = {};
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
  async writeOutage(plan: EnvironmentPlan, says: string): Promise<void> {
    this.says[plan.environment] = says;
    this.change(plan.environment, 'outage', { kind: 'other' });
  }
  async tagAccepted(plan: EnvironmentPlan, accepted: { readonly colour: string; readonly version: string; readonly targetGroupArn: string }): Promise<void> {
    const error = this.tagError;
    this.tagError = undefined;
    if (error) throw error;
    this.tags[plan.environment] = { ...accepted };
  }

  async accepted(plan: EnvironmentPlan): Promise<AcceptedTags | undefined> {
    return this.tags[plan.environment];
  }

  private change(environment: string, weights: Readonly<Record<string, number>> | 'original' | 'outage', targets: RuleTargets): void {
    this.writes.push({ environment, weights });
    const next = this.next.shift();
    if (next?.how !== 'lost' && next?.how !== 'refused') this.rules.set(environment, targets);
    if (next?.error) throw next.error;
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

/** Measures what it is told, of every slot. */
export class FakeMetrics implements Metrics {
  /** One a period. */
  measured: readonly number[] = [0.2, 0.1];
  readonly asked: { readonly gate: string; readonly slot: MeasuredSlot; readonly since: string }[] = [];
  async values(_plan: EnvironmentPlan, { name: gate }: MetricGatePlan, { colour, version, targetGroupArn }: MeasuredSlot, since: string) {
    this.asked.push({ gate, slot: { colour, version, targetGroupArn }, since });
    return this.measured;
  }
}
