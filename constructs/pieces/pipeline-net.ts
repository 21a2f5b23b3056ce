import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { callRegularly } from '../private/regular-call';

export interface PipelineNetProps {
  /** Name of the team's state machine. */
  readonly machineName: string;
  /** Is told of every execution that has ended. */
  readonly ended: IFunction;
  /** Delivers what a crash left in the outbox. */
  readonly sweep: IFunction;
}

/** What watches a team's own state machine from outside: a release ends with its execution, however that ends, and no answer stays in the outbox. */
export class PipelineNet extends Construct {
  constructor(scope: Construct, id: string, { machineName, ended, sweep }: PipelineNetProps) {
    super(scope, id);
    // By name: the machine calls functions of the hub, so a reference to it would be a circle.
    const machine = { service: 'states', resource: 'stateMachine', resourceName: machineName, arnFormat: ArnFormat.COLON_RESOURCE_NAME };
    new events.Rule(this, 'PipelineEnded', {
      description: `An execution of ${machineName} has ended`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [Stack.of(this).formatArn(machine)] },
      },
      targets: [new targets.LambdaFunction(ended)],
    });
    callRegularly(this, 'EveryMinute', {
      description: 'Delivers what a crash left in the outbox',
      every: Duration.minutes(1),
      calls: sweep,
      maxEventAge: Duration.minutes(1),
    });
  }
}
