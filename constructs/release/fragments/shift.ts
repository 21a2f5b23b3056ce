import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ShiftInput } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { GuardedStep } from './guarded-step';
import { callBesideWriter } from './hub-task';
import { type Payload, slotInput } from './jsonata';

export interface ShiftProps {
  readonly environment: string;
  /** Whole number, 1-100. */
  readonly percent: number;
  /** The one writer. */
  readonly calls: HandlerFunction;
  /** Where a shift leads that was refused: nothing was written. */
  readonly otherwise: sfn.IChainable;
  /**
   * Where an error leads: it may have been written.
   *
   * @default - where a refusal leads
   */
  readonly onError?: sfn.IChainable;
  /**
   * When it is, where that is not the usual way; part of the states' names.
   *
   * @default - the usual way
   */
  readonly when?: 'after the outage';
}

/** Gives the slot `$colour` its share of live traffic, and sees that it has it. */
export class Shift extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, { environment, percent, calls, otherwise, onError, when }: ShiftProps) {
    super(scope, id);
    const payload: Payload<ShiftInput> = { ...slotInput(environment), percent };
    const later = when === undefined ? '' : ` ${when}`;
    const step = new GuardedStep(this, 'Shift', {
      task: callBesideWriter(this, 'Task', { stateName: `Shift ${environment} to ${percent} percent${later}`, calls, payload }),
      question: `Is ${environment} at ${percent} percent${later}?`,
      goesOn: "$states.input.outcome = 'shifted'",
      subject: 'the live rule',
      expected: 'its share of live traffic on the new version',
      otherwise,
      onError,
    });
    this.startState = step.startState;
    this.endStates = step.endStates;
  }
}
