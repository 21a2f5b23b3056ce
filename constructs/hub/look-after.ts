import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface LookAfterProps {
  /** Looks, and raises tickets for what stays as it must not be. */
  readonly calls: IFunction;
}

/** Looks every hour for what nobody has noticed: a live rule changed by hand, a stack that is stuck, a role that lets nobody in. */
export class LookAfter extends Construct {
  constructor(scope: Construct, id: string, { calls }: LookAfterProps) {
    super(scope, id);
    new events.Rule(this, 'EveryHour', {
      description: 'Looks for what is not as the ledger says',
      schedule: events.Schedule.rate(Duration.hours(1)),
      targets: [new targets.LambdaFunction(calls, { event: events.RuleTargetInput.fromObject({}), retryAttempts: 0, maxEventAge: Duration.minutes(5) })],
    });
  }
}
