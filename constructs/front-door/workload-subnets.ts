import { listOf, requireKind } from '../kinds/kind';
import { made, STRING } from '../kinds/kinds';
import { requireSome } from '../private/validate';
import { requireIds } from './entrance-rules';

/**
 * What slots are offered, see `SlotNetwork`: for workloads that have addresses of their own.
 *
 * @internal
 */
export interface OfferedNetwork {
  /** In the availability zones of the load balancer. */
  readonly subnetIds: string[];
  /** Whether what stands in these subnets reaches nothing outside without a public address: they have an internet gateway and no NAT. */
  readonly needsPublicAddresses: boolean;
  /** Of the load balancer: where requests come from. */
  readonly loadBalancerSecurityGroupId: string;
}

/**
 * Subnets you have for workloads with addresses of their own, Fargate tasks for example, in the availability zones of the load balancer.
 *
 * @example
 * Network.existingVpc({
 *   vpcId: 'vpc-0a1b2c3d4e5f60718',
 *   subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-1a1b2c3d4e5f60718'],
 *   workloads: WorkloadSubnets.behindNat(['subnet-2a1b2c3d4e5f60718', 'subnet-3a1b2c3d4e5f60718']),
 * });
 */
export class WorkloadSubnets {
  /** Private subnets: what stands there gets out by a NAT gateway, or by endpoints of the VPC. */
  static behindNat(subnetIds: string[]): WorkloadSubnets {
    return new WorkloadSubnets('WorkloadSubnets.behindNat', subnetIds, false);
  }

  /** Public subnets: what stands there gets out by a public address of its own. */
  static withPublicAddresses(subnetIds: string[]): WorkloadSubnets {
    return new WorkloadSubnets('WorkloadSubnets.withPublicAddresses', subnetIds, true);
  }

  private constructor(
    where: string,
    private readonly subnetIds: string[],
    private readonly needsPublicAddresses: boolean,
  ) {
    requireKind(where, 'subnetIds', subnetIds, listOf(STRING));
    requireSome({ code: 'SubnetIds', where, what: 'the list of subnets' }, subnetIds, 'name at least one');
    requireIds(where, 'subnet', subnetIds);
  }

  /** @internal */
  _bind(loadBalancerSecurityGroupId: string): OfferedNetwork {
    return { subnetIds: [...this.subnetIds], needsPublicAddresses: this.needsPublicAddresses, loadBalancerSecurityGroupId };
  }
}

/** @internal */
export const WORKLOAD_SUBNETS = made(WorkloadSubnets, "WorkloadSubnets.behindNat(['subnet-0a1b2c3d4e5f60718'])");
