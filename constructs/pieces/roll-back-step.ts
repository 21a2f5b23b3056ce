import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { object } from '../kinds/kind';
import { made, requireConstructed } from '../kinds/kinds';
import { endingTask, safetyNetState } from '../release/fragments/ending';
import { TrafficHub } from './traffic-hub';

export interface RollBackStepProps {
  readonly hub: TrafficHub;
}

const PROPS = object<RollBackStepProps>({ hub: made(TrafficHub, 'new TrafficHub(…)') });

/**
 * All live traffic back to what was accepted last, in one call, whatever the live rule holds; the environment is free for the next release. Needs the variable
 * `$failure`, which the other steps set; a machine that comes here for a reason of its own assigns it: `step`, `subject`, `expected`, `actual` and `logs`, each a
 * text. Where even that fails the machine ends failed, and the safety net takes over.
 *
 * @example
 * const rollBack = new RollBackStep(this, 'RollBack', { hub: traffic }).next(sfn.Fail.jsonata(this, 'WentBack', { cause: '{% $failure.actual %}' }));
 */
export class RollBackStep extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: RollBackStepProps) {
    requireConstructed('RollBackStep', scope, id, props, PROPS);
    super(scope, id);
    const { environment, _functions } = props.hub;
    const safetyNet = safetyNetState(this, 'SafetyNet', `Leave ${environment} to the safety net`);
    const task = endingTask(this, `Roll back ${environment}`, { environment, calls: _functions.moveTraffic, safetyNet });
    this.startState = task;
    this.endStates = [task];
  }
}
