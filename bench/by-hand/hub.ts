import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { makeApi } from './api';
import { EnvironmentMachine } from './environment-machine';
import { ACCOUNT, PLACES, REGION } from './environments';
import { type Functions, makeFunctions } from './functions';
import { PathMachine } from './path-machine';
import { planOf } from './plan';
import { RetireMachine } from './retire-machine';
import { makeSubmissions } from './submissions';

/** Ledger, functions, state machines, API, and what watches the state machines. */
export class Hub extends Stack {
  constructor(scope: Construct, service: string, performanceTests: IFunction) {
    super(scope, `${service}-Hub`, {
      stackName: `${service}-Hub`,
      env: { account: ACCOUNT, region: REGION },
      description: `Path to live of ${service}: ledger, workflow and API`,
    });
    const table = this.ledger();
    const bus = new events.EventBus(this, 'Bus', { eventBusName: `${service}-path-to-live` });
    PLACES.forEach((place, order) => {
      new ssm.StringParameter(this, `Plan${place.name}`, {
        parameterName: `/path-to-live/${service}/plan/${place.name}`,
        description: `How releases go through ${place.name}`,
        stringValue: this.toJsonString(planOf(service, place, order, performanceTests)),
        tier: ssm.ParameterTier.STANDARD,
      });
    });
    const functions = makeFunctions(this, service, table, bus);
    const environments = PLACES.map((place) => new EnvironmentMachine(this, service, place, functions));
    const path = new PathMachine(this, service, functions, environments);
    const { url, submit } = makeApi(this, service, functions.api);
    const submissions = makeSubmissions(this, service, functions.submit, bus, submit);
    const retire = new RetireMachine(this, service, functions);
    this.safetyNet([path.machine, retire.machine, ...environments.map(({ machine }) => machine)], functions);
    this.addMetadata('path-to-live:hub', { contract: 1, path: service, account: ACCOUNT, region: REGION, apiParameter: `/path-to-live/${service}/api-url` });
    new CfnOutput(this, 'ApiUrl', { value: url, description: 'Where releases are submitted and decided about' });
    new CfnOutput(this, 'PathMachine', { value: path.machine.stateMachineArn, description: 'The path to live as a state machine' });
    new CfnOutput(this, 'SubmitMachine', { value: submissions.stateMachineArn, description: 'What submits a release without ptl' });
    new CfnOutput(this, 'LedgerTable', { value: table.tableName, description: 'The ledger' });
    new CfnOutput(this, 'EventBus', { value: bus.eventBusName, description: 'Where everything that happens is an event' });
  }

  private ledger(): dynamodb.Table {
    const table = new dynamodb.Table(this, 'Ledger', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    table.addGlobalSecondaryIndex({
      indexName: 'list-index',
      partitionKey: { name: 'list', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'listKey', type: dynamodb.AttributeType.STRING },
    });
    return table;
  }

  private safetyNet(machines: sfn.StateMachine[], { reconcile, sweep, doctor }: Functions): void {
    const givenUp = new sqs.Queue(this, 'GivenUp', { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) });
    givenUp.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: cloudwatch.Stats.MAXIMUM }).createAlarm(this, 'GivenUpAlarm', {
      alarmDescription: 'The safety net of the path to live gave up on a workflow that died',
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    reconcile.configureAsyncInvoke({ onFailure: new destinations.SqsDestination(givenUp), retryAttempts: 2 });
    new events.Rule(this, 'WorkflowDied', {
      description: 'A workflow of the path to live ended without an outcome',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: machines.map(({ stateMachineArn }) => stateMachineArn) },
      },
      targets: [new targets.LambdaFunction(reconcile, { deadLetterQueue: givenUp })],
    });
    new events.Rule(this, 'EveryMinute', {
      description: 'Delivers what a crash left in the outbox',
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [new targets.LambdaFunction(sweep, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    new events.Rule(this, 'EveryHour', {
      description: 'Looks for what is not as the ledger says',
      schedule: events.Schedule.rate(Duration.hours(1)),
      targets: [new targets.LambdaFunction(doctor, { event: events.RuleTargetInput.fromObject({}), retryAttempts: 0, maxEventAge: Duration.minutes(5) })],
    });
  }
}
