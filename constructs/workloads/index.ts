export { AutoScalingGroupWorkload, type AutoScalingGroupWorkloadProps } from './auto-scaling-group-workload';
export { FargateWorkload, type FargateWorkloadProps } from './fargate-workload';
export { LambdaWorkload, type LambdaWorkloadProps } from './lambda-workload';
export { type ImageAssetOptions, ServiceImage } from './service-image';
export { type SecretFieldOptions, type SecretParameterOptions, ServiceSecret } from './service-secret';
export { type AutoScalingGroupOptions, type EcsServiceOptions, SlotCapacity } from './slot-capacity';
export type { IWorkload, SlotContext, WorkloadConfig, WorkloadPermissions, WorkloadPlace } from './workload';
export { WorkloadStatements } from './workload-statements';
