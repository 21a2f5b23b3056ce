import type { EnvironmentPlan } from '../../../lambda/contract';
import type { AcceptedTags } from '../../../lambda/domain/doctor/look';
import type { LiveRule, RuleTargets } from '../../../lambda/domain/ports';

/** The live rules of all environments, and who is told when one changes. */
export class LiveRules implements LiveRule {
  readonly held = new Map<string, RuleTargets>();
  private readonly tags = new Map<string, AcceptedTags>();

  /** @param onWrite `isOurs`: by the hub's writer, not by somebody's hand */
  constructor(private readonly onWrite: (environment: string, targets: RuleTargets, isOurs: boolean) => void) {}

  of(environment: string): RuleTargets {
    return this.held.get(environment) ?? { kind: 'other' };
  }
  set(environment: string, targets: RuleTargets, isOurs = false): void {
    this.held.set(environment, targets);
    this.onWrite(environment, targets, isOurs);
  }

  async read({ environment }: EnvironmentPlan): Promise<RuleTargets> {
    return this.of(environment);
  }
  async write({ environment }: EnvironmentPlan, weights: Readonly<Record<string, number>>): Promise<void> {
    this.set(environment, { kind: 'slots', weights: { ...weights } }, true);
  }
  async writeOriginal({ environment }: EnvironmentPlan): Promise<void> {
    this.set(environment, { kind: 'other' }, true);
  }
  async writeOutage({ environment }: EnvironmentPlan): Promise<void> {
    this.set(environment, { kind: 'other' }, true);
  }
  async tagAccepted({ environment }: EnvironmentPlan, accepted: AcceptedTags): Promise<void> {
    this.tags.set(environment, accepted);
  }
  async accepted({ environment }: EnvironmentPlan): Promise<AcceptedTags | undefined> {
    return this.tags.get(environment);
  }
}
