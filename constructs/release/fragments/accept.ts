import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { SlotTaskInput } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { GuardedStep } from './guarded-step';
import { callBesideWriter } from './hub-task';
import { EXECUTION, jsonata, literal, type Payload, RELEASE, slotInput } from './jsonata';

export interface AcceptProps {
  readonly environment: string;
  readonly calls: HandlerFunction;
  /** Where it leads when not all live traffic is on the release. */
  readonly otherwise: sfn.IChainable;
  /**
   * When it is, where that is not the usual way; part of the states' names.
   *
   * @default - the usual way
   */
  readonly when?: 'after the outage';
}

/** Makes the release in the slot `$colour` the one that is live, and hands on that it is. */
export class Accept extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, { environment, calls, otherwise, when }: AcceptProps) {
    super(scope, id);
    const later = when === undefined ? '' : ` ${when}`;
    const payload: Payload<SlotTaskInput> = slotInput(environment);
    const about = `{'environment': ${literal(environment)}, 'release': ${RELEASE}, 'execution': ${EXECUTION}}`;
    const step = new GuardedStep(this, 'Accept', {
      task: callBesideWriter(this, 'Task', {
        stateName: `Accept in ${environment}${later}`,
        calls,
        payload,
        outputs: jsonata(`$merge([${about}, $states.result.Payload])`),
      }),
      question: `Is the release accepted in ${environment}${later}?`,
      goesOn: "$states.input.outcome = 'live'",
      subject: `the release in ${environment}`,
      expected: 'all of the live traffic on it, and recorded as live',
      otherwise,
    });
    this.startState = step.startState;
    this.endStates = step.endStates;
  }
}
