export { EnvironmentNames, PathNames } from '../private/names';
export { Environment } from './environment';
export { planOf, workloadPlaceOf } from './environment-plan';
export type { EnvironmentProps } from './environment-props';
export { EnvironmentTest, type HttpTestOptions, type LambdaTestOptions } from './environment-test';
export { requirePath } from './path-rules';
export { PlannedOutage, type PlannedOutageOptions } from './planned-outage';
export { type OpenShadowOptions, ShadowAccess } from './shadow-access';
export { Waves } from './waves';
