import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface CapacityScheduleProps {
  /** Lowers what is to be lowered, and takes up what a run that died has left. */
  readonly calls: IFunction;
}

/** Looks every minute for slots that have been kept warm for long enough. */
export class CapacitySchedule extends Construct {
  constructor(scope: Construct, id: string, { calls }: CapacityScheduleProps) {
    super(scope, id);
    new events.Rule(this, 'EveryMinute', {
      description: 'Lowers slots that have served nobody for as long as they are kept warm',
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [new targets.LambdaFunction(calls, { event: events.RuleTargetInput.fromObject({}), retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
