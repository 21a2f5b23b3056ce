import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { type AskWatchedInput, type GoNoGoPlan, timeInWords, type WatchedGateKind } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { GuardedStep } from './guarded-step';
import { waitTask } from './hub-task';
import { jsonata, type Payload, slotInput, tokenOfTry } from './jsonata';

export interface AskWatchedProps {
  readonly environment: string;
  /** The step after which somebody is asked: a whole number, 1-100. */
  readonly percent: number;
  readonly asks: WatchedGateKind;
  readonly goNoGo: GoNoGoPlan;
  /** Stores the token where a decision finds it, and an alarm, then reads the alarms. */
  readonly startBake: HandlerFunction;
  /** Where a refusal leads, silence, an alarm, and a roll back that somebody asks for. */
  readonly rollBack: sfn.IChainable;
}

const WORDS = {
  pause: (environment: string, percent: number) => ({
    stateName: `Pause ${environment} at ${percent} percent`,
    question: `Does ${environment} go on from ${percent} percent?`,
    subject: `the pause of ${environment} at ${percent} percent`,
  }),
  inconclusive: (environment: string, percent: number) => ({
    stateName: `Ask about ${environment}, inconclusive at ${percent} percent`,
    question: `Does ${environment} go on, inconclusive at ${percent} percent?`,
    subject: `the question about ${environment}, inconclusive at ${percent} percent`,
  }),
} as const;

/**
 * Asks one party whether a release goes on that has traffic, and waits on one token for its decision, for an alarm of the slot, for a person who wants it
 * back, or until the time is up. Only the party's yes goes on.
 *
 * ```
 *   ask (waits) ──yes──> (next)
 *     └──no, silence, an alarm, a person──> roll back
 * ```
 */
export class AskWatched extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, { environment, percent, asks, goNoGo, startBake: calls, rollBack }: AskWatchedProps) {
    super(scope, id);
    const { stateName, question, subject } = WORDS[asks](environment, percent);
    // What was inconclusive is in the answer that led here.
    const about = asks === 'inconclusive' ? { failure: jsonata('$states.input.failure') } : {};
    const payload: Payload<AskWatchedInput> = { ...slotInput(environment), percent, asks, ...about, ...tokenOfTry() };
    const asked = new GuardedStep(this, 'Answer', {
      task: waitTask(this, 'Ask', { stateName, calls, payload, timeout: Duration.seconds(goNoGo.timeoutSeconds) }),
      question,
      goesOn: "$states.input.outcome = 'passed'",
      subject,
      expected: `accepted within ${timeInWords(goNoGo.timeoutSeconds)}, with no alarm meanwhile`,
      otherwise: rollBack,
    });
    this.startState = asked.startState;
    this.endStates = asked.endStates;
  }
}
