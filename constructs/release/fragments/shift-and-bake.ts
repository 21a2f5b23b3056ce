import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { GoNoGoPlan, ReadGatesInput, StartBakeInput, TrafficStep, WatchedGateKind } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { AskWatched } from './ask-watched';
import { BakeAndTest } from './bake-and-test';
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
  readonly runTest: HandlerFunction;
}

export interface ShiftAndBakeProps {
  readonly environment: string;
  readonly step: TrafficStep;
  readonly functions: TrafficFunctions;
  /** Where everything leads that is not healthy. */
  readonly rollBack: sfn.IChainable;
  /** Where a shift leads that was refused, that is before anything was written. */
  readonly refused: sfn.IChainable;
  /**
   * Who is asked when the health gates are inconclusive.
   *
   * @default - nobody: that leads where everything leads that is not healthy
   */
  readonly inconclusive?: GoNoGoPlan;
  /**
   * When it is, where that is not the usual way; part of the states' names.
   *
   * @default - the usual way
   */
  readonly when?: 'after the outage';
}

/**
 * One step of the traffic: shift, watch, read the gates. Without a bake time it is the shift alone.
 *
 * ```
 *   shift ──> bake (waits for an alarm) ──nothing happened──> read the health gates once more ──healthy──> (next)
 *     │         └──an alarm, or a person──> roll back <──not healthy──┘
 *     └──refused──> refused                                        └──inconclusive──> (ask whether to go on) ──yes──> (next)
 * ```
 *
 * Where the step pauses, somebody is asked after all that. While people are asked the alarms stay watched.
 */
export class ShiftAndBake extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: ShiftAndBakeProps) {
    super(scope, id);
    const { environment, rollBack, refused, functions, step, when } = props;
    const calls = functions.moveTraffic;
    // No answer: it may have written.
    const shift = new Shift(this, 'Shift', { environment, percent: step.percent, calls, otherwise: refused, onError: rollBack, when });
    this.startState = shift.startState;
    const watched = step.bakeSeconds === 0 ? sfn.Chain.start(shift) : this.watch(props, shift);
    this.endStates = (step.pause ? watched.next(this.ask(props, 'pause', step.pause)) : watched).endStates;
  }

  private watch(props: ShiftAndBakeProps, shift: Shift): sfn.Chain {
    const { environment, step, functions, rollBack } = props;
    const readGates = this.readGates(props);
    if (step.tests === undefined) return shift.next(this.bake(props, readGates)).next(readGates);
    const bake = (scope: Construct) => this.bakeTask(scope, props);
    const tested = new BakeAndTest(this, 'Tested', { environment, step, tests: step.tests, bake, runTest: functions.runTest, rollBack });
    return shift.next(tested).next(readGates);
  }

  private ask(
    { environment, step: { percent }, functions: { startBake }, rollBack }: ShiftAndBakeProps,
    asks: WatchedGateKind,
    goNoGo: GoNoGoPlan,
  ): AskWatched {
    const id = asks === 'pause' ? 'Pause' : 'Inconclusive';
    return new AskWatched(this, id, { environment, percent, asks, goNoGo, startBake, rollBack });
  }

  private bake(props: ShiftAndBakeProps, readGates: sfn.IChainable) {
    const { environment, rollBack, when } = props;
    const { percent, bakeSeconds } = props.step;
    const stateName = `Bake ${environment} at ${percent} percent${later(when)}`;
    const expectation = { step: stateName, subject: 'the new version', expected: `no alarm for ${bakeSeconds} seconds` };
    return this.bakeTask(this, props)
      .addCatch(readGates, { errors: [sfn.Errors.TIMEOUT] })
      .addCatch(rollBack, { assign: assignCaught(expectation) });
  }

  private bakeTask(scope: Construct, { environment, step: { percent, bakeSeconds }, functions, when }: ShiftAndBakeProps) {
    const payload: Payload<StartBakeInput> = { ...slotInput(environment), percent, bakeSeconds, ...tokenOfTry() };
    const stateName = `Bake ${environment} at ${percent} percent${later(when)}`;
    return waitTask(scope, 'Bake', { stateName, calls: functions.startBake, payload, timeout: Duration.seconds(bakeSeconds) });
  }

  private readGates(props: ShiftAndBakeProps): GuardedStep {
    const { environment, functions, rollBack, inconclusive, when } = props;
    const { percent } = props.step;
    const payload: Payload<ReadGatesInput> = { ...slotInput(environment), percent };
    const at = `at ${percent} percent${later(when)}`;
    return new GuardedStep(this, 'Gates', {
      task: callTask(this, 'ReadGates', { stateName: `Read the health gates of ${environment} ${at}`, calls: functions.readGates, payload }),
      question: `Is ${environment} healthy ${at}?`,
      by: inconclusive && { when: "$states.input.verdict = 'inconclusive'", step: this.ask(props, 'inconclusive', inconclusive) },
      goesOn: "$states.input.verdict = 'passed'",
      subject: 'the health gates',
      expected: 'every health gate passed',
      otherwise: rollBack,
    });
  }
}

function later(when: ShiftAndBakeProps['when']): string {
  return when === undefined ? '' : ` ${when}`;
}
