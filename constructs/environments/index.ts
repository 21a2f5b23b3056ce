export { EnvironmentNames, PathNames } from '../private/names';
export { Environment, type EnvironmentProps } from './environment';
export { planOf, workloadPlaceOf } from './environment-plan';
export { EnvironmentTest, type HttpTestOptions, type LambdaTestOptions } from './environment-test';
export { requirePath } from './path-rules';
export { hiddenUrl, liveRulePriority, testUrl } from './reaching-slots';
export { type OpenShadowOptions, ShadowAccess } from './shadow-access';
export type { ISharedState, SharedStateConfig, SharedStateContext } from './shared-state';
export { SharedValue } from './shared-value';
