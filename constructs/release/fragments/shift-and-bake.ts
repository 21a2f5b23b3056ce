import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ReadGatesInput, StartBakeInput, TrafficStep } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { assignCaught } from './failure';
import { GuardedStep } from './guarded-step';
import { callTask, waitTask } from './hub-task';
import { type Payload, slotInput, tokenOfTry } from './jsonata';
import { Shift } from './shift';

/** What moving and watching traffic takes. */
export interface TrafficFunctions {
  readonly moveTraffic: HandlerFunction;
  readonly startBake: HandlerFunction;
  readonly readGates: HandlerFunction;
}

export interface ShiftAndBakeProps {
  readonly environment: string;
  readonly step: TrafficStep;
  readonly functions: TrafficFunctions;
  /** Where everything leads that is not healthy. */
  readonly rollBack: sfn.IChainable;
  /** Where a shift leads that was refused, that is before anything was written. */
  readonly refused: sfn.IChainable;
}

/**
 * One step of the traffic: shift, watch, read the gates. Without a bake time it is the shift alone.
 *
 * ```
 *   shift ──> bake (waits for an alarm) ──nothing happened──> read the health gates once more ──healthy──> (next)
 *     │         └──an alarm, or a person──> roll back <──not healthy──┘
 *     └──refused──> refused
 * ```
 */
export class ShiftAndBake extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: ShiftAndBakeProps) {
    super(scope, id);
    const { environment, rollBack, refused, functions } = props;
    // No answer: it may have written.
    const shift = new Shift(this, 'Shift', { environment, percent: props.step.percent, calls: functions.moveTraffic, otherwise: refused, onError: rollBack });
    this.startState = shift.startState;
    if (props.step.bakeSeconds === 0) {
      this.endStates = shift.endStates;
      return;
    }
    const readGates = this.readGates(props);
    shift.next(this.bake(props, readGates)).next(readGates);
    this.endStates = readGates.endStates;
  }

  private bake({ environment, step: { percent, bakeSeconds }, functions, rollBack }: ShiftAndBakeProps, readGates: sfn.IChainable) {
    const payload: Payload<StartBakeInput> = { ...slotInput(environment), percent, bakeSeconds, ...tokenOfTry() };
    const stateName = `Bake ${environment} at ${percent} percent`;
    const expectation = { step: stateName, subject: 'the new version', expected: `no alarm for ${bakeSeconds} seconds` };
    return waitTask(this, 'Bake', { stateName, calls: functions.startBake, payload, timeout: Duration.seconds(bakeSeconds) })
      .addCatch(readGates, { errors: [sfn.Errors.TIMEOUT] })
      .addCatch(rollBack, { assign: assignCaught(expectation) });
  }

  private readGates({ environment, step: { percent }, functions, rollBack }: ShiftAndBakeProps): GuardedStep {
    const payload: Payload<ReadGatesInput> = { ...slotInput(environment), percent };
    return new GuardedStep(this, 'Gates', {
      task: callTask(this, 'ReadGates', { stateName: `Read the health gates of ${environment} at ${percent} percent`, calls: functions.readGates, payload }),
      question: `Is ${environment} healthy at ${percent} percent?`,
      goesOn: "$states.input.verdict = 'passed'",
      subject: 'the health gates',
      expected: 'every health gate passed',
      otherwise: rollBack,
    });
  }
}
