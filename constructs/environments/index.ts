export { EnvironmentNames, PathNames } from '../private/names';
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
export { Environment } from './environment';
export { planOf, workloadPlaceOf } from './environment-plan';
export type { EnvironmentProps } from './environment-props';
export { EnvironmentTest, type HttpTestOptions, type LambdaTestOptions } from './environment-test';
export { type ExistingVpcOptions, Network, type NewVpcOptions } from './network';
export { requirePath } from './path-rules';
export type { ProbePlace } from './probe-place';
export { hiddenUrl, liveRulePriority, testUrl } from './reaching-slots';
export { type OpenShadowOptions, ShadowAccess } from './shadow-access';
export type { ISharedState, SharedStateConfig, SharedStateContext } from './shared-state';
export { SharedValue } from './shared-value';
export { SlotNetwork } from './slot-network';
export { WorkloadSubnets } from './workload-subnets';
