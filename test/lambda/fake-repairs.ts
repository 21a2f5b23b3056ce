import type { EnvironmentPlan, RemoveStuckSlotRequest, RestoreAcceptedRequest, RestoreAnswer } from '../../lambda/contract';
import type { RuleLook, StackLook } from '../../lambda/domain/doctor/look';
import { lookAtRule, lookAtStacks } from '../../lambda/domain/doctor/look-for-others';
import type { Ports, Repairs } from '../../lambda/domain/ports';
import { removeStuckSlot } from '../../lambda/domain/recovery/remove-stuck-slot';
import { restoreAccepted } from '../../lambda/domain/recovery/restore-accepted';

/** The other functions of the hub, with the same ports. */
export class FakeRepairs implements Repairs {
  /** Set to make the writer, or who deploys, fail. */
  away: { rule?: Error; stacks?: Error } = {};
  constructor(private readonly ports: () => Ports) {}
  async rule(plan: EnvironmentPlan): Promise<RuleLook> {
    if (this.away.rule) throw this.away.rule;
    return lookAtRule(this.ports(), plan);
  }
  async stacks(plan: EnvironmentPlan): Promise<StackLook[]> {
    if (this.away.stacks) throw this.away.stacks;
    return lookAtStacks(this.ports(), plan);
  }
  async restore(request: RestoreAcceptedRequest): Promise<RestoreAnswer> {
    if (this.away.rule) throw this.away.rule;
    return restoreAccepted(this.ports(), request);
  }
  /** Removals that were asked for, and what became of each. */
  readonly removals: { readonly request: RemoveStuckSlotRequest; readonly left: string | undefined }[] = [];
  async removeSlot(request: RemoveStuckSlotRequest): Promise<void> {
    this.removals.push({ request, left: await removeStuckSlot(this.ports(), request) });
  }
}
