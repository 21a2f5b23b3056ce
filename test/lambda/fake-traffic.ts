/** What the hub sees and does of live traffic: the live rule, its targets, alarms and requests. */
import { type EnvironmentPlan, MAIN_RULE, type MetricGatePlan } from '../../lambda/contract';
import type { AcceptedTags } from '../../lambda/domain/doctor/look';
import type { Alarms, AlarmsFound, AlarmValues, Health, LiveRule, MeasuredSlot, Metrics, RuleHeld, RuleTargets, Targets } from '../../lambda/domain/ports';
import { together } from '../../lambda/domain/traffic/rules';

type Weights = Readonly<Record<string, number>>;
type NextWrite = { readonly how: 'lost' | 'refused' | 'written'; readonly error?: Error };

/** The live rule, or rules, of each environment. Until somebody writes one, it serves nothing of ours. */
export class FakeLiveRule implements LiveRule {
  /** Every write call that was made, in order, lost and failed ones included. `rule`: only of a further one. */
  readonly writes: { readonly environment: string; readonly rule?: string; readonly weights: Weights | 'original' | 'outage' }[] = [];
  /** What it last told users in an outage. */
  readonly says: Record<string, string> = {};
  readonly tags: Record<string, AcceptedTags> = {};
  /** Names of further rules, which every environment then has. */
  further: readonly string[] = [];
  private readonly held = new Map<string, RuleHeld>();
  private next: (NextWrite | undefined)[] = [];
  private nextReads: (Error | RuleTargets | undefined)[] = [];
  private tagError?: Error;

  /** Somebody changes a rule by hand, or a test sets the scene. Without a rule: all of them. */
  set(environment: string, weights: Weights | 'other' | 'gone', rule?: string): void {
    const held: RuleHeld = weights === 'other' || weights === 'gone' ? { kind: weights } : { kind: 'slots', weights: { ...weights } };
    for (const name of rule === undefined ? this.names() : [rule]) this.held.set(keyOf(environment, name), held);
  }
  /** What they hold, for a comparison by deep equality; further rules as `<environment>/<name>`. */
  snapshot(): Record<string, RuleHeld> {
    return structuredClone(Object.fromEntries(this.held));
  }
  /** The next write is acknowledged and does nothing. */
  loseNextWrite(): void {
    this.next.push({ how: 'lost' });
  }
  /** The next write fails and does nothing. @param after so many that go well */
  refuseNextWrite(error: Error, after = 0): void {
    this.next.push(...Array<undefined>(after).fill(undefined), { how: 'refused', error });
  }
  /** The next write happens, but the caller gets an error: its process died, or the answer was lost. @param after so many that go well */
  failAfterNextWrite(error: Error, after = 0): void {
    this.next.push(...Array<undefined>(after).fill(undefined), { how: 'written', error });
  }
  /** A reading to come fails, or finds what was there before. @param after so many that go well */
  nextRead(finds: Error | RuleTargets, after = 0): void {
    this.nextReads.push(...Array<undefined>(after).fill(undefined), finds);
  }
  failNextTag(error: Error): void {
    this.tagError = error;
  }

  async rules(): Promise<readonly string[]> {
    return this.names();
  }
  async read(plan: EnvironmentPlan): Promise<RuleTargets> {
    const next = this.nextReads.shift();
    if (next instanceof Error) throw next;
    if (next) return structuredClone(next);
    return structuredClone(together(this.names().map((name) => [name, this.held.get(keyOf(plan.environment, name)) ?? { kind: 'other' }])));
  }
  async write(plan: EnvironmentPlan, rule: string, weights: Weights): Promise<void> {
    this.change(plan.environment, rule, { ...weights }, { kind: 'slots', weights: { ...weights } });
  }
  async writeOriginal(plan: EnvironmentPlan, rule: string): Promise<void> {
    this.change(plan.environment, rule, 'original', { kind: 'other' });
  }
  async writeOutage(plan: EnvironmentPlan, rule: string, says: string): Promise<void> {
    this.says[plan.environment] = says;
    this.change(plan.environment, rule, 'outage', { kind: 'other' });
  }
  /** Rules whose tags somebody has taken away. */
  readonly untagged = new Set<string>();

  async tagAccepted(plan: EnvironmentPlan, accepted: AcceptedTags): Promise<void> {
    const error = this.tagError;
    this.tagError = undefined;
    if (error) throw error;
    this.tags[plan.environment] = { ...accepted };
  }

  async accepted(plan: EnvironmentPlan): Promise<readonly (AcceptedTags | null)[]> {
    return this.names().map((rule) => (this.untagged.has(rule) ? null : (this.tags[plan.environment] ?? null)));
  }

  private names(): string[] {
    return [MAIN_RULE, ...this.further];
  }

  private change(environment: string, rule: string, weights: Weights | 'original' | 'outage', held: RuleHeld): void {
    this.writes.push({ environment, ...(rule !== MAIN_RULE && { rule }), weights });
    const next = this.next.shift();
    if (next?.how !== 'lost' && next?.how !== 'refused') this.held.set(keyOf(environment, rule), held);
    if (next?.error) throw next.error;
  }
}

function keyOf(environment: string, rule: string): string {
  return rule === MAIN_RULE ? environment : `${environment}/${rule}`;
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
    const held = targets.kind === 'apart' ? Object.values(targets.rules) : [targets];
    return held.some((each) => each.kind === 'slots' && (each.weights[targetGroupArn] ?? 0) > 0);
  }
}

/** Quiet, unless told otherwise. */
export class FakeAlarms implements Alarms {
  readonly firing = new Set<string>();
  readonly missing = new Set<string>();
  /** Since when every alarm has been firing. */
  since?: string;
  /** What every alarm that fires says. */
  reason = 'p99 of the response time: 1.8 s in 1 minute, allowed: less than 1 s';
  /** What every alarm measures. */
  measured: AlarmValues | { readonly unknown: string } = { unknown: 'it is a composite alarm' };
  async values(): Promise<AlarmValues | { readonly unknown: string }> {
    return this.measured;
  }
  async read(_plan: EnvironmentPlan, names: readonly string[]): Promise<AlarmsFound> {
    const firing = names
      .filter((name) => this.firing.has(name))
      .map((alarm) => ({ alarm, reason: this.reason, ...(this.since !== undefined && { since: this.since }) }));
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
