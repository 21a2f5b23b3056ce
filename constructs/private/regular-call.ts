import type { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** What is called, how often, and how late a call may be. */
export interface RegularCall {
  readonly every: Duration;
  readonly description: string;
  readonly calls: IFunction;
  /** How late a call may be; one that is later, or fails, is made up for by the next. */
  readonly maxEventAge: Duration;
  /**
   * What the function is sent.
   *
   * @default - the event of the schedule
   */
  readonly input?: object;
}

/** A rule that calls a function again and again. */
export function callRegularly(scope: Construct, id: string, { every, description, calls, maxEventAge, input }: RegularCall): events.Rule {
  const event = input && events.RuleTargetInput.fromObject(input);
  const target = new targets.LambdaFunction(calls, { event, retryAttempts: 0, maxEventAge });
  return new events.Rule(scope, id, { description, schedule: events.Schedule.rate(every), targets: [target] });
}
