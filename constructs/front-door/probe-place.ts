import { listOf, object } from '../kinds/kind';
import { STRING } from '../kinds/kinds';
import { requireSome } from '../private/validate';
import { requireIds } from './entrance-rules';

/** Where the environment's own tests come from, for a load balancer that is not reached from the internet. */
export interface ProbePlace {
  /** Subnets from which both the load balancer and Secrets Manager are reached: by a NAT gateway, or an interface endpoint. */
  readonly subnetIds: string[];
  /** Security groups that the load balancer lets in. */
  readonly securityGroupIds: string[];
}

/** @internal */
export const PROBE_PLACE = object<ProbePlace>({ subnetIds: listOf(STRING), securityGroupIds: listOf(STRING) });

/**
 * @internal
 * @throws PathToLiveError
 */
export function requireProbePlace(where: string, { subnetIds, securityGroupIds }: ProbePlace): void {
  requireSome({ code: 'ProbePlace', where, what: 'probe.subnetIds' }, subnetIds, 'name the subnets the tests come from, or leave probe out');
  requireSome({ code: 'ProbePlace', where, what: 'probe.securityGroupIds' }, securityGroupIds, 'name a group that the load balancer lets in');
  requireIds(where, 'subnet', subnetIds, 'an id in probe.subnetIds');
  requireIds(where, 'sg', securityGroupIds, 'an id in probe.securityGroupIds');
}
