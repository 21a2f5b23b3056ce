import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { MatchCapacityInput } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { GuardedStep } from './guarded-step';
import { callTask } from './hub-task';
import { jsonata, type Payload, taskInput } from './jsonata';

export interface MatchCapacityProps {
  readonly environment: string;
  /**
   * The share of live traffic that the slot is about to get.
   *
   * @default - none yet: it has just been deployed
   */
  readonly percent?: number;
  /**
   * Before users are taken out, so that the slot is ready for all of them at once.
   *
   * @default - for a shift of the usual way
   */
  readonly when?: 'for the outage';
  readonly calls: HandlerFunction;
  /** Where it leads when the slot does not get its capacity in time. */
  readonly otherwise: sfn.IChainable;
}

/**
 * Gives the slot `$colour` as much capacity as live has. The function follows it within its own run, so that transitions do not depend on how long
 * tasks and instances take to start.
 */
export class MatchCapacity extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, { environment, percent, when, calls, otherwise }: MatchCapacityProps) {
    super(scope, id);
    const which = { ...(percent !== undefined && { percent }), ...(when !== undefined && ({ outage: true } as const)) };
    const payload: Payload<MatchCapacityInput> = { ...taskInput(environment), colour: jsonata('$colour'), ...which };
    const [stateName, question] =
      when !== undefined
        ? [`Match the capacity of ${environment} ${when}`, `Has ${environment} the capacity ${when}?`]
        : percent === undefined
          ? [`Start the shadow of ${environment} with the capacity of live`, `Has the shadow of ${environment} the capacity of live?`]
          : [`Match the capacity of ${environment} for ${percent} percent`, `Has ${environment} the capacity for ${percent} percent?`];
    const step = new GuardedStep(this, 'Capacity', {
      task: callTask(this, 'Match', { stateName, calls, payload }),
      question,
      goesOn: "$states.input.outcome = 'matched'",
      subject: `the capacity of the shadow of ${environment}`,
      expected: 'as much as live has, running and healthy',
      otherwise,
    });
    this.startState = step.startState;
    this.endStates = step.endStates;
  }
}
