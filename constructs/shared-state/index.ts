export type { ISharedState, SharedStateConfig, SharedStateContext } from './shared-state';
export { SharedValue } from './shared-value';
