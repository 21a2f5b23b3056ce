export { Entrance } from './entrance';
export type {
  AccessLogsOptions,
  ExistingListenerOptions,
  HostedZoneOptions,
  LoadBalancerOptions,
  NewInternalLoadBalancerOptions,
  NewLoadBalancerOptions,
  OfferedNetworkOptions,
} from './entrance-options';
export { type ExistingVpcOptions, Network, type NewVpcOptions } from './network';
export type { ProbePlace } from './probe-place';
export { hiddenUrl, liveRulePriority, testUrl } from './reaching-slots';
export { SlotNetwork } from './slot-network';
export { WorkloadSubnets } from './workload-subnets';
