import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { type FirebreakPlan, type GateKind, type OpenGateInput, timeInWords } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { GuardedStep } from './guarded-step';
import { waitTask } from './hub-task';
import { type Payload, taskInput, tokenOfTry } from './jsonata';

export interface AskPeopleProps {
  readonly environment: string;
  readonly gate: GateKind;
  /** How long people have; silence is a refusal. */
  readonly timeoutSeconds: number;
  /** The state's name: a sentence. */
  readonly stateName: string;
  /** Name of the state that judges the answer: a question. */
  readonly question: string;
  /** For the ticket: what is asked, for example `the firebreak in front of Production`. */
  readonly subject: string;
  /** Opens the gate, and answers itself when this release does not need it. */
  readonly openGate: HandlerFunction;
  /**
   * People are asked about an outage, too.
   *
   * @default - there is none
   */
  readonly outage?: true;
  /**
   * Variables kept besides `$failure` for where a refusal leads.
   *
   * @default - none
   */
  readonly assign?: Record<string, unknown>;
  /** Where a refusal leads, and silence. */
  readonly otherwise: sfn.IChainable;
}

/**
 * Opens a gate and waits, on a task token, until every party has accepted, one has refused, or the time is up. Works as a fragment of any
 * machine that was started with `MachineInput`.
 */
export class AskPeople extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: AskPeopleProps) {
    super(scope, id);
    const { stateName, question, subject, openGate: calls, assign, otherwise } = props;
    const payload: Payload<OpenGateInput> = { ...taskInput(props.environment), gate: props.gate, ...(props.outage && { outage: true }), ...tokenOfTry() };
    const asked = new GuardedStep(this, 'Answer', {
      task: waitTask(this, 'Ask', { stateName, calls, payload, timeout: Duration.seconds(props.timeoutSeconds) }),
      question,
      goesOn: "$states.input.outcome in ['passed', 'notNeeded']",
      subject,
      expected: `accepted within ${timeInWords(props.timeoutSeconds)}`,
      assign,
      otherwise,
    });
    this.startState = asked.startState;
    this.endStates = asked.endStates;
  }
}

export interface AtFirebreakProps extends Pick<AskPeopleProps, 'environment' | 'openGate' | 'otherwise' | 'assign'> {
  readonly firebreak: FirebreakPlan;
}

/** The firebreak in front of an environment, as a step of a machine that takes releases there. */
export function askAtFirebreak(scope: Construct, id: string, { firebreak, ...props }: AtFirebreakProps): AskPeople {
  const where = `the firebreak in front of ${props.environment}`;
  return new AskPeople(scope, id, {
    ...props,
    gate: 'firebreak',
    timeoutSeconds: firebreak.timeoutSeconds,
    stateName: `Wait at ${where}`,
    question: `Is ${where} open?`,
    subject: where,
  });
}
