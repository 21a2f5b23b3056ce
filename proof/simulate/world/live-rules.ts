import { type EnvironmentPlan, MAIN_RULE } from '../../../lambda/contract';
import type { AcceptedTags } from '../../../lambda/domain/doctor/look';
import type { LiveRule, RuleHeld, RuleTargets } from '../../../lambda/domain/ports';
import { together } from '../../../lambda/domain/traffic/rules';

/** The live rules of all environments, and who is told when one changes. */
export class LiveRules implements LiveRule {
  /** Environment -> rule -> what it holds. */
  private readonly held = new Map<string, Map<string, RuleHeld>>();
  private readonly tags = new Map<string, AcceptedTags>();

  /**
   * @param names of the rules that every environment has
   * @param onWrite `isOurs`: by the hub's writer, not by somebody's hand
   */
  constructor(
    private readonly names: readonly string[],
    private readonly onWrite: (environment: string, held: RuleHeld, isOurs: boolean) => void,
  ) {}

  of(environment: string): RuleTargets {
    const held = this.held.get(environment);
    return together(this.names.map((name) => [name, held?.get(name) ?? { kind: 'other' }]));
  }
  /** What users get by any of them, by target group. */
  serves(environment: string, targetGroupArn: string): boolean {
    const all = [...(this.held.get(environment)?.values() ?? [])];
    return all.some((held) => held.kind === 'slots' && (held.weights[targetGroupArn] ?? 0) > 0);
  }
  /** All of them, as a story begins. */
  begin(environment: string, held: RuleHeld): void {
    this.held.set(environment, new Map(this.names.map((name) => [name, held])));
  }
  /** @param rule how many of them are before it */
  byHand(environment: string, held: RuleHeld, rule: number): void {
    this.change(environment, this.names[rule] ?? MAIN_RULE, held, false);
  }

  get count(): number {
    return this.names.length;
  }

  async rules(): Promise<readonly string[]> {
    return this.names;
  }
  async read({ environment }: EnvironmentPlan): Promise<RuleTargets> {
    return this.of(environment);
  }
  async write({ environment }: EnvironmentPlan, rule: string, weights: Readonly<Record<string, number>>): Promise<void> {
    this.change(environment, rule, { kind: 'slots', weights: { ...weights } });
  }
  async writeOriginal({ environment }: EnvironmentPlan, rule: string): Promise<void> {
    this.change(environment, rule, { kind: 'other' });
  }
  async writeOutage({ environment }: EnvironmentPlan, rule: string): Promise<void> {
    this.change(environment, rule, { kind: 'other' });
  }
  async tagAccepted({ environment }: EnvironmentPlan, accepted: AcceptedTags): Promise<void> {
    this.tags.set(environment, accepted);
  }
  async accepted({ environment }: EnvironmentPlan): Promise<readonly (AcceptedTags | null)[]> {
    return [this.tags.get(environment) ?? null];
  }

  private change(environment: string, rule: string, held: RuleHeld, isOurs = true): void {
    if (!this.held.has(environment)) this.begin(environment, { kind: 'other' });
    this.held.get(environment)?.set(rule, held);
    this.onWrite(environment, held, isOurs);
  }
}
