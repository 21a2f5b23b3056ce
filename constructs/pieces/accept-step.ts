import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { object } from '../kinds/kind';
import { CHAINABLE, made, requireConstructed } from '../kinds/kinds';
import { Accept } from '../release/fragments/accept';
import { sentence } from '../release/fragments/hub-task';
import { TrafficHub } from './traffic-hub';

export interface AcceptStepProps {
  readonly hub: TrafficHub;
  /** Where it leads when not all live traffic is on the release: the variable `$failure` says why. */
  readonly otherwise: sfn.IChainable;
}

const PROPS = object<AcceptStepProps>({ hub: made(TrafficHub, 'new TrafficHub(…)'), otherwise: CHAINABLE });

/**
 * The release is live: what was live before is what a later roll back goes to, and the environment is free for the next one. After a shift to 100 percent.
 *
 * @example
 * new AcceptStep(this, 'Accept', { hub: traffic, otherwise: rollBack });
 */
export class AcceptStep extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: AcceptStepProps) {
    requireConstructed('AcceptStep', scope, id, props, PROPS);
    super(scope, id);
    const { environment, _functions } = props.hub;
    const accept = new Accept(this, 'Accept', { environment, calls: _functions.accept, otherwise: props.otherwise });
    // A machine may end here, which it cannot at a question.
    const live = sfn.Pass.jsonata(this, 'Live', { stateName: sentence(this, `The release is live in ${environment}`) });
    accept.next(live);
    this.startState = accept.startState;
    this.endStates = [live];
  }
}
