import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

export interface OwnPipelineProps extends StackProps {
  /** Id of the path to live, for example `Payments`; its hub is in this account and region. */
  readonly path: string;
  /** Builds and publishes a version, and answers what `ptl bundle` prints for it. */
  readonly build: IFunction;
}

/**
 * A pipeline that is a state machine of the team's own, without ptl: build, submit, done. How the release goes on is told by the events of the
 * path, on the bus `<path>-path-to-live`.
 */
export class OwnPipeline extends Stack {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, { path, build, ...props }: OwnPipelineProps) {
    super(scope, id, props);
    const built = tasks.LambdaInvoke.jsonata(this, 'Build', {
      stateName: 'Build and publish the version',
      lambdaFunction: build,
      outputs: '{% $states.result.Payload %}',
      taskTimeout: sfn.Timeout.duration(Duration.minutes(15)),
    });
    const submitted = tasks.StepFunctionsStartExecution.jsonata(this, 'Submit', {
      stateName: 'Submit it to the path to live',
      stateMachine: sfn.StateMachine.fromStateMachineName(this, 'Hub', `${path}-submit`),
      // Waits until it is submitted or refused, which takes seconds; not until it is live.
      integrationPattern: sfn.IntegrationPattern.RUN_JOB,
      input: sfn.TaskInput.fromText('{% $states.input %}'),
      outputs: '{% $states.result.Output %}',
      taskTimeout: sfn.Timeout.duration(Duration.minutes(15)),
    });
    this.stateMachine = new sfn.StateMachine(this, 'Pipeline', {
      definitionBody: sfn.DefinitionBody.fromChainable(built.next(submitted)),
      queryLanguage: sfn.QueryLanguage.JSONATA,
      timeout: Duration.hours(1),
    });
    new CfnOutput(this, 'PipelineMachine', { value: this.stateMachine.stateMachineArn });
  }
}
