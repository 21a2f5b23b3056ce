export { Colour } from './colour';
export { SlotRule, SlotRules } from './slot-rule';
export {
  type AllAtOnceOptions,
  type CanaryOptions,
  type LinearOptions,
  type TrafficStepOptions,
  TrafficStrategy,
} from './traffic-strategy';
export { TrafficSwitch, type TrafficSwitchProps } from './traffic-switch';
