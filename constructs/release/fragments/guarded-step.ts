import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { assignAnswered, assignCaught } from './failure';
import { sentence } from './hub-task';
import { jsonata } from './jsonata';

export interface GuardedStepProps {
  readonly task: sfn.TaskStateBase | sfn.Parallel;
  /** Name of the state that judges the answer: a question of at most 80 characters. */
  readonly question: string;
  /** JSONata over `$states.input`, the answer: whether the release goes on. */
  readonly goesOn: string;
  /**
   * JSONata over `$states.input`, the answer, and variables: whether the task is not done and is called again. Must come to an end by itself.
   *
   * @default - the task is called once
   */
  readonly again?: string;
  /**
   * Other ways to go: for each, JSONata over `$states.input`, the answer, that says whether it is taken, and the state that is next then, which is handed
   * the answer.
   *
   * @default - there are none
   */
  readonly instead?: readonly { readonly when: string; readonly next: sfn.IChainable }[];
  /**
   * JSONata over `$states.input`, the answer: whether the release takes another step on its way to what comes next, and that step.
   *
   * @default - there is no other way
   */
  readonly by?: { readonly when: string; readonly step: sfn.StateMachineFragment };
  /**
   * JSONata for the part of the answer that carries the failure.
   *
   * @default - the whole answer
   */
  readonly answer?: string;
  /** For the ticket: which deployment, test, gate or person. */
  readonly subject: string;
  /** For the ticket: what should have been. */
  readonly expected: string;
  /**
   * Variables kept besides `$failure` when the release does not go on here.
   *
   * @default - none
   */
  readonly assign?: Record<string, unknown>;
  /** Where an answer leads that is not the expected one. */
  readonly otherwise: sfn.IChainable;
  /**
   * Where an error leads: the task did not answer.
   *
   * @default - where any other answer leads
   */
  readonly onError?: sfn.IChainable;
}

/**
 * A task and a question about its answer. Only the expected answer goes on; any other, an error and a time-out lead elsewhere, with the
 * failure in `$failure`.
 *
 * ```
 *   task ──answer──> question ──yes──> (by another step) ──> (next)
 *     └──error──┐        └──no──> otherwise
 *               └─> onError
 * ```
 */
export class GuardedStep extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: GuardedStepProps) {
    super(scope, id);
    const expectation = { step: props.task.stateId, subject: props.subject, expected: props.expected };
    const choice = sfn.Choice.jsonata(this, 'Question', { stateName: sentence(this, props.question) });
    if (props.again !== undefined) choice.when(sfn.Condition.jsonata(jsonata(props.again)), props.task);
    for (const { when, next } of props.instead ?? []) choice.when(sfn.Condition.jsonata(jsonata(when)), next);
    if (props.by) choice.when(sfn.Condition.jsonata(jsonata(props.by.when)), props.by.step);
    // The rule is the negation, so that an answer nobody foresaw is no yes. A Choice's own Assign is no place for the failure: the engines
    // differ in whether it belongs to the default only.
    choice.when(sfn.Condition.jsonata(jsonata(`$not(${props.goesOn})`)), props.otherwise, {
      assign: { ...assignAnswered(expectation, props.answer), ...props.assign },
    });
    props.task.addCatch(props.onError ?? props.otherwise, { assign: { ...assignCaught(expectation), ...props.assign } });
    props.task.next(choice);
    this.startState = props.task;
    this.endStates = [new Otherwise(choice), ...(props.by?.step.endStates ?? [])];
  }
}

/** Chains what comes after the Choice's default. */
class Otherwise implements sfn.INextable {
  constructor(private readonly choice: sfn.Choice) {}

  next(next: sfn.IChainable): sfn.Chain {
    this.choice.otherwise(next);
    return sfn.Chain.sequence(this.choice, next);
  }
}
