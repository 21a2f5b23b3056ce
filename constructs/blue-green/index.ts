export { Colour } from './colour';
export type { FurtherRuleOptions } from './live-rules';
export { SlotRule, SlotRules } from './slot-rule';
export {
  type AllAtOnceOptions,
  type CanaryOptions,
  type LinearOptions,
  type TrafficStepOptions,
  TrafficStrategy,
} from './traffic-strategy';
export { TrafficSwitch, type TrafficSwitchProps } from './traffic-switch';
