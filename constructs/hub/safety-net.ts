import { Duration, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { callRegularly } from '../private/regular-call';
import type { HubFunctions } from './hub-functions';

/** A team's own machine that takes releases from environment to environment. */
export interface OwnPathEnd {
  readonly machineArn: string;
  /** Is told of every execution that has ended: one that is not ours may succeed without having ended its release. */
  readonly ended: IFunction;
}

export interface SafetyNetProps {
  /** ARNs of the machines it watches: the path's, every environment's, and the one that takes the path out. */
  readonly machineArns: readonly string[];
  readonly functions: Pick<HubFunctions, 'reconcile' | 'sweep'>;
  /**
   * Whether executions that succeed are told of, too: a machine that is not ours may succeed without an outcome.
   *
   * @default false
   */
  readonly hearsOfSuccess?: boolean;
  /** @default - none */
  readonly ownPath?: OwnPathEnd;
}

const WITHOUT_OUTCOME = ['FAILED', 'TIMED_OUT', 'ABORTED'];

/**
 * What watches the state machines from outside. An execution that is stopped, times out or dies in whatever state is reconciled: the
 * environment goes back to what was accepted last, its lock is freed, a ticket is raised. And every minute what a crash left undelivered is
 * delivered.
 *
 * An event that could not be handled, after the tries of EventBridge and of Lambda, stays in a queue for two weeks and raises an alarm. Give
 * the alarm an action: somebody must look.
 */
export class SafetyNet extends Construct {
  /** Fires when an event was given up; then an environment may be left with a lock, or on a version nobody accepted. */
  readonly alarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, { machineArns, functions, hearsOfSuccess = false, ownPath }: SafetyNetProps) {
    super(scope, id);
    const givenUp = this.queue();
    const messages = givenUp.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: cloudwatch.Stats.MAXIMUM });
    this.alarm = messages.createAlarm(this, 'Alarm', {
      alarmDescription: `The safety net of the path to live gave up on a workflow that died. ptl doctor says what that has left, and ptl recover puts it right; then take the message out of the queue ${givenUp.queueName}, or this stays on. docs/runbook.md of path-to-live: "The safety net gave up"`,
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const died = [...(hearsOfSuccess ? ['SUCCEEDED'] : []), ...WITHOUT_OUTCOME];
    this.watch('WorkflowDied', 'A workflow of the path to live ended without an outcome', machineArns, died, functions.reconcile.function, givenUp);
    if (ownPath) {
      const ended = ['SUCCEEDED', ...WITHOUT_OUTCOME];
      this.watch('OwnPathEnded', 'A machine of the team’s own that takes releases along has ended', [ownPath.machineArn], ended, ownPath.ended, givenUp);
    }
    callRegularly(this, 'EveryMinute', {
      description: 'Delivers what a crash left in the outbox',
      every: Duration.minutes(1),
      calls: functions.sweep.function,
      maxEventAge: Duration.minutes(1),
    });
  }

  private watch(id: string, description: string, machineArns: readonly string[], status: string[], told: IFunction, givenUp: sqs.Queue): void {
    told.configureAsyncInvoke({ onFailure: new destinations.SqsDestination(givenUp), retryAttempts: 2 });
    new events.Rule(this, id, {
      description,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status, stateMachineArn: [...machineArns] },
      },
      targets: [new targets.LambdaFunction(told, { deadLetterQueue: givenUp })],
    });
  }

  private queue(): sqs.Queue {
    const queue = new sqs.Queue(this, 'GivenUp', { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SQS3',
      reason: 'this is itself a dead-letter queue, of a rule and of a function; the check looks for queues only',
    });
    return queue;
  }
}
