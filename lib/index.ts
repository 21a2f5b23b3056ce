/** A path to live as AWS CDK constructs: what a team imports. Everything else is ours to change. */

export {
  type AllAtOnceOptions,
  type CanaryOptions,
  Colour,
  type FurtherRuleOptions,
  type LinearOptions,
  SlotRule,
  SlotRules,
  type TrafficStepOptions,
  TrafficStrategy,
  TrafficSwitch,
  type TrafficSwitchProps,
} from '../constructs/blue-green';
export {
  Concurrency,
  Environment,
  EnvironmentNames,
  type EnvironmentProps,
  EnvironmentTest,
  type HttpTestOptions,
  type LambdaTestOptions,
  type OpenShadowOptions,
  PathNames,
  PlannedOutage,
  type PlannedOutageOptions,
  ShadowAccess,
  type WaitingOptions,
  Waves,
} from '../constructs/environments';
export { type RefuseToReplaceOptions, RollBackTarget } from '../constructs/environments/roll-back-target';
export {
  type AccessLogsOptions,
  Entrance,
  type ExistingListenerOptions,
  type ExistingVpcOptions,
  type HostedZoneOptions,
  type LoadBalancerOptions,
  Network,
  type NewInternalLoadBalancerOptions,
  type NewLoadBalancerOptions,
  type NewVpcOptions,
  type OfferedNetworkOptions,
  type ProbePlace,
  SlotNetwork,
  WorkloadSubnets,
} from '../constructs/front-door';
export type { LatencyOptions, ServerErrorsOptions } from '../constructs/health/alarm-options';
export { HealthAlarm } from '../constructs/health/health-alarm';
export { type AlarmsGateOptions, HealthGate, type HttpGateOptions, type LambdaGateOptions, type NoHealthGateOptions } from '../constructs/health/health-gate';
export { Inconclusive } from '../constructs/health/inconclusive';
export type { MetricAlarmOptions, MetricGateOptions } from '../constructs/health/metric-limits';
export { SlotMetric } from '../constructs/health/slot-metric';
export {
  type BreakingOptions,
  type BuildRunnerOptions,
  CodeBuildMigration,
  type CodeBuildMigrationProps,
  FargateMigration,
  type FargateMigrationProps,
  type FunctionRunnerOptions,
  type IMigrationTask,
  LambdaMigration,
  type LambdaMigrationProps,
  Migration,
  type MigrationContext,
  MigrationRunner,
  type MigrationTaskConfig,
  StartedMigrations,
  type TaskRunnerOptions,
} from '../constructs/migrations';
export { AcceptStep, type AcceptStepProps } from '../constructs/pieces/accept-step';
export { DecisionHub, type DecisionHubProps } from '../constructs/pieces/decision-hub';
export { EnterStep, type EnterStepProps } from '../constructs/pieces/enter-step';
export { EnvironmentHub, type EnvironmentHubProps } from '../constructs/pieces/environment-hub';
export { FirebreakStep, type FirebreakStepProps } from '../constructs/pieces/firebreak-step';
export { RollBackStep, type RollBackStepProps } from '../constructs/pieces/roll-back-step';
export { ShiftStep, type ShiftStepProps } from '../constructs/pieces/shift-step';
export { ThroughEnvironmentStep, type ThroughEnvironmentStepProps } from '../constructs/pieces/through-environment-step';
export { TrafficHub, type TrafficHubProps, type TrafficSlot } from '../constructs/pieces/traffic-hub';
export { Change } from '../constructs/release/change';
export { Firebreak, type FirebreakOptions, type NoFirebreakOptions } from '../constructs/release/firebreak';
export { GoNoGo, type GoNoGoOptions, type NoGoNoGoOptions } from '../constructs/release/go-no-go';
export { Party, type PartyOptions } from '../constructs/release/party';
export { Resumes } from '../constructs/release/resumes';
export type { HubPlace } from '../constructs/roles/hub-place';
export { type ISharedState, type SharedStateConfig, type SharedStateContext, SharedValue } from '../constructs/shared-state';
export {
  type AutoScalingGroupOptions,
  AutoScalingGroupWorkload,
  type AutoScalingGroupWorkloadProps,
  type EcsServiceOptions,
  FargateWorkload,
  type FargateWorkloadProps,
  type ImageAssetOptions,
  type IWorkload,
  LambdaWorkload,
  type LambdaWorkloadProps,
  type SecretFieldOptions,
  type SecretParameterOptions,
  ServiceImage,
  ServiceSecret,
  SlotCapacity,
  type SlotContext,
  type WorkloadConfig,
  type WorkloadPermissions,
  type WorkloadPlace,
  WorkloadStatements,
} from '../constructs/workloads';
export { EnvironmentStacks, type EnvironmentStacksProps } from './environment-stacks';
export { FrontDoorStack, type FrontDoorStackProps } from './front-door-stack';
export { HubStack, type HubStackProps } from './hub-stack';
export { PathToLive, type PathToLiveProps } from './path-to-live';
export { SharedStack, type SharedStackProps } from './shared-stack';
export { SlotStack, type SlotStackProps } from './slot-stack';
