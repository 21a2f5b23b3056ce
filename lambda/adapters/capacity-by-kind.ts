import type { CapacityTarget, EnvironmentPlan } from '../contract';
import type { Capacity, CapacityReading } from '../domain/ports';
import type { AutoScalingCapacity } from './auto-scaling-capacity';
import type { EcsCapacity } from './ecs-capacity';

/** Each kind of capacity is read and set by the service it belongs to. */
export class CapacityByKind implements Capacity {
  constructor(
    private readonly services: EcsCapacity,
    private readonly groups: AutoScalingCapacity,
  ) {}

  read(plan: EnvironmentPlan, target: CapacityTarget): Promise<CapacityReading> {
    return target.kind === 'ecsService' ? this.services.read(plan, target) : this.groups.read(plan, target);
  }

  set(plan: EnvironmentPlan, target: CapacityTarget, count: number): Promise<void> {
    return target.kind === 'ecsService' ? this.services.set(plan, target, count) : this.groups.set(plan, target, count);
  }
}
