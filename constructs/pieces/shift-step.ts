import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { object } from '../kinds/kind';
import { CHAINABLE, made, NUMBER, requireConstructed } from '../kinds/kinds';
import { requireLiteral, requireWhole } from '../private/validate';
import { Shift } from '../release/fragments/shift';
import { TrafficHub } from './traffic-hub';

export interface ShiftStepProps {
  readonly hub: TrafficHub;
  /** Share of live traffic that the release has afterwards: a whole number, 1-100. The very first release of all takes 100 at once. */
  readonly percent: number;
  /**
   * Where it leads when traffic was not shifted, or nobody knows: the variable `$failure` says why. The live rule is not what the ledger says, no target is
   * healthy, or an alarm of the slot fires. To go back from there is always right.
   */
  readonly otherwise: sfn.IChainable;
}

const PROPS = object<ShiftStepProps>({ hub: made(TrafficHub, 'new TrafficHub(…)'), percent: NUMBER, otherwise: CHAINABLE });

/**
 * Shifts live traffic to the slot `$colour`: reads the live rule, compares it with the ledger, writes it, and reads it back. What is watched afterwards, and for
 * how long, is the machine's own.
 *
 * @example
 * new ShiftStep(this, 'ShiftTo10', { hub: traffic, percent: 10, otherwise: rollBack });
 */
export class ShiftStep extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: ShiftStepProps) {
    requireConstructed('ShiftStep', scope, id, props, PROPS);
    super(scope, id);
    const { hub, percent, otherwise } = props;
    const subject = { code: 'StepPercent', where: this.node.path, what: 'percent' };
    requireLiteral(subject, percent);
    requireWhole(subject, percent, 1, 100);
    const shift = new Shift(this, 'Shift', { environment: hub.environment, percent, calls: hub._functions.moveTraffic, otherwise });
    this.startState = shift.startState;
    this.endStates = shift.endStates;
  }
}
