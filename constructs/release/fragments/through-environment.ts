import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { failureAnswer } from './failure';
import { GuardedStep } from './guarded-step';
import { sentence } from './hub-task';

export interface ThroughEnvironmentProps {
  readonly environment: string;
  /** The environment's machine, and the longest an execution of it can run. */
  readonly workflow: { readonly stateMachine: sfn.IStateMachine; readonly timeout: Duration };
  /** JSONata expression for the name of the environment's execution. */
  readonly name: string;
  /** What the environment's execution is started with. */
  readonly input: object;
  /** Where it leads when the release is not live in the environment: it was stopped there, or rolled back. */
  readonly otherwise: sfn.IChainable;
  /**
   * Where an error leads: the environment's execution could not be started, or has failed.
   *
   * @default - where any other end leads
   */
  readonly onError?: sfn.IChainable;
  /**
   * Variables kept besides `$failure` for where any other end leads.
   *
   * @default - none
   */
  readonly assign?: Record<string, unknown>;
  /**
   * JSONata over `$states.input`, how the environment's execution has ended: what was found there, in words.
   *
   * @default - the answer, as JSON
   */
  readonly found?: string;
}

/** Starting a child again under its name is safe: while it runs it is the same execution. */
const BUSY = ['StepFunctions.ExecutionLimitExceeded', 'StepFunctions.AWSStepFunctionsException', 'StepFunctions.SdkClientException'];

/** Takes the release through one environment, as a child execution of the environment's machine, and asks how it ended there. */
export class ThroughEnvironment extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: ThroughEnvironmentProps) {
    super(scope, id);
    const { environment, otherwise, onError, found, assign } = props;
    const [subject, expected] = [`the release in ${environment}`, `live in ${environment}`];
    const task = this.child(props);
    const step = new GuardedStep(this, 'In', {
      task,
      question: `Is the release live in ${environment}?`,
      goesOn: "$states.input.outcome = 'live'",
      answer: found && failureAnswer({ step: task.stateId, subject, expected }, found),
      subject,
      expected,
      assign,
      otherwise,
      onError,
    });
    this.startState = step.startState;
    this.endStates = step.endStates;
  }

  private child({ environment, workflow, name, input }: ThroughEnvironmentProps): sfn.TaskStateBase {
    const task = tasks.StepFunctionsStartExecution.jsonata(this, 'Through', {
      stateName: sentence(this, `Take the release through ${environment}`),
      stateMachine: workflow.stateMachine,
      integrationPattern: sfn.IntegrationPattern.RUN_JOB,
      name,
      input: sfn.TaskInput.fromObject({ ...input }),
      associateWithParent: true,
      taskTimeout: sfn.Timeout.duration(workflow.timeout.plus(Duration.hours(1))),
      outputs: '{% $states.result.Output %}',
    });
    return task.addRetry({ errors: BUSY, interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 6, jitterStrategy: sfn.JitterType.FULL });
  }
}
