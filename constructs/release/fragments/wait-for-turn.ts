import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { AwaitTurnInput, ConcurrencyPlan, EnterInput } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { assignCaught } from './failure';
import { GuardedStep, type GuardedStepProps } from './guarded-step';
import { callBesideWriter, waitTask } from './hub-task';
import { jsonata, type Payload, taskInput, tokenOfTry } from './jsonata';

export interface WaitForTurnProps extends Pick<GuardedStepProps, 'subject' | 'expected' | 'otherwise' | 'instead'> {
  readonly environment: string;
  readonly concurrency: ConcurrencyPlan;
  /** Lets releases in, and keeps the token of one that waits. */
  readonly enter: HandlerFunction;
  /** What it is asked to enter with. */
  readonly payload: Payload<EnterInput>;
  /** Variables that are kept of the way in. */
  readonly assign: Record<string, unknown>;
}

/** An emergency that comes while a release is on its way in goes first, so that it waits once more; so often, and no more. */
export const MOST_TURNS = 5;

/**
 * Waits, on a task token, until whoever leaves the environment free gives the release its turn; then it asks to enter again. Only a release that has to wait
 * comes here, which `$turns` counts.
 *
 * ```
 *   wait for the turn ─> enter in its turn ──yes──> (next)
 *     ↑   └──time is up──┐     ├──no──> otherwise
 *     └──another first───┼─────┘
 *                        └─> otherwise
 * ```
 */
export class WaitForTurn extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: WaitForTurnProps) {
    super(scope, id);
    const { environment, concurrency, enter, otherwise, subject, expected } = props;
    const stateName = `Wait for the turn in ${environment}`;
    const payload: Payload<AwaitTurnInput> = { ...taskInput(environment), turn: 'awaits', ...tokenOfTry() };
    const timeout = Duration.seconds(concurrency.longestSeconds);
    const wait = waitTask(this, 'Wait', { stateName, calls: enter, payload, timeout, assign: { turns: jsonata('$turns + 1') } });
    wait.addCatch(otherwise, { assign: assignCaught({ step: stateName, subject: `the turn in ${environment}`, expected: 'come in time' }) });
    const step = new GuardedStep(this, 'Enter', {
      task: callBesideWriter(this, 'EnterTask', { stateName: `Enter ${environment} in its turn`, calls: enter, payload: props.payload, assign: props.assign }),
      question: `May the release enter ${environment} now?`,
      instead: [{ when: `$states.input.outcome = 'waits' and $turns < ${MOST_TURNS}`, next: wait }, ...(props.instead ?? [])],
      goesOn: "$states.input.outcome = 'entered'",
      subject,
      expected,
      otherwise,
    });
    wait.next(step);
    this.startState = wait;
    this.endStates = step.endStates;
  }
}
