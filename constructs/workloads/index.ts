export { LambdaWorkload, type LambdaWorkloadProps } from './lambda-workload';
export type { IWorkload, SlotContext, WorkloadConfig, WorkloadPermissions, WorkloadPlace } from './workload';
