import type { CapacityTarget } from '../../lambda/contract';
import { object, requireKind } from '../kinds/kind';
import { made, NUMBER, STRING } from '../kinds/kinds';
import { requireWhole } from '../private/validate';

export interface EcsServiceOptions {
  readonly clusterName: string;
  readonly serviceName: string;
  /** How many tasks it has at least when it is to serve, what its template asks for: 1-5,000. */
  readonly count: number;
}

export interface AutoScalingGroupOptions {
  readonly groupName: string;
  /** How many instances it has at least when it is to serve, what its template asks for: 1-5,000. */
  readonly count: number;
}

/** A task more than ECS runs in one service by default, https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html. */
const MOST = 5_000;

/**
 * How the hub reads and sets how much of a workload runs in a slot. Before any traffic moves, the slot that is to get it runs as much as the live
 * one does; and when it has served nobody for the environment's `warmFor`, it is lowered to nothing.
 *
 * @example
 * const capacity = SlotCapacity.ecsService({ clusterName: 'payments', serviceName: 'blue', count: 2 });
 */
export class SlotCapacity {
  /** The tasks of a service on Amazon ECS. */
  static ecsService(options: EcsServiceOptions): SlotCapacity {
    const where = 'SlotCapacity.ecsService';
    requireKind(where, 'options', options, ECS_SERVICE);
    const { clusterName: cluster, serviceName: service, count } = options;
    return new SlotCapacity(where, { kind: 'ecsService', cluster, service, least: count });
  }

  /** The instances of an Auto Scaling group, whose smallest size must be 0 and its largest as much as live may ever run. */
  static autoScalingGroup(options: AutoScalingGroupOptions): SlotCapacity {
    const where = 'SlotCapacity.autoScalingGroup';
    requireKind(where, 'options', options, AUTO_SCALING_GROUP);
    return new SlotCapacity(where, { kind: 'autoScalingGroup', group: options.groupName, least: options.count });
  }

  private constructor(
    where: string,
    /** @internal */
    readonly _target: CapacityTarget,
  ) {
    requireWhole({ code: 'CapacityCount', where, what: 'count' }, _target.least, 1, MOST);
  }
}

const ECS_SERVICE = object<EcsServiceOptions>({ clusterName: STRING, serviceName: STRING, count: NUMBER });
const AUTO_SCALING_GROUP = object<AutoScalingGroupOptions>({ groupName: STRING, count: NUMBER });

/** @internal */
export const SLOT_CAPACITY = made(SlotCapacity, 'SlotCapacity.ecsService({ clusterName, serviceName, count })');
