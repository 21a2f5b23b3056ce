/**
 * A path to live of one environment with a table, whose releases break what the live version reads there. The context `breaks` says how: `splits` the names,
 * `fails` half way and takes that back, is `slow`, or is `stuck`, which nothing takes back; without it the release brings nothing. An alarm that the team has
 * already watches what all versions share.
 */
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import {
  Environment,
  EnvironmentTest,
  Firebreak,
  GoNoGo,
  HealthAlarm,
  HealthGate,
  type ISharedState,
  LambdaMigration,
  LambdaWorkload,
  Migration,
  Party,
  PathToLive,
  PlannedOutage,
  type SharedStateConfig,
  SharedValue,
  TrafficStrategy,
} from '../../../lib';
import { ORDERS } from '../orders';
import { env } from './live';

class Customers implements ISharedState {
  bind(scope: Construct): SharedStateConfig {
    const tableName = 'outage-customers';
    const table = new TableV2(scope, 'Table', { tableName, partitionKey: { name: 'id', type: AttributeType.STRING }, removalPolicy: RemovalPolicy.DESTROY });
    return { values: { TableName: table.tableName }, migrations: [new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [table.tableArn] })] };
  }
}

const CLIENT = `const { DynamoDBClient, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const dynamo = new DynamoDBClient({});
const update = (UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues) =>
  dynamo.send(new UpdateItemCommand({ TableName: process.env.TABLE, Key: { id: { S: 'one' } }, UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues }));`;
/** Two seconds long, so that the outage is seen. */
const SPLITS = `${CLIENT}
exports.handler = async () => {
  await update('SET #g = :g, #f = :f REMOVE #n', { '#g': 'given', '#f': 'family', '#n': 'name' }, { ':g': { S: 'Given' }, ':f': { S: 'Family' } });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  return { done: true, said: 'names have two parts now' };
};`;
const FAILS = `${CLIENT}
exports.handler = async () => {
  await update('REMOVE #f', { '#f': 'family' });
  throw new Error('the second half is missing');
};`;
const TAKES_BACK = `${CLIENT}
exports.handler = async ({ undo }) => {
  if (!undo) throw new Error('nothing to take back');
  await update('SET #f = :f', { '#f': 'family' }, { ':f': { S: 'Family' } });
  return { done: true, said: 'the family is back' };
};`;

/** Its machine is stopped meanwhile. */
const SLOW = `${CLIENT}
exports.handler = async () => {
  await update('SET #t = :t', { '#t': 'title' }, { ':t': { S: 'Dr' } });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return { done: true, said: 'customers have titles now' };
};`;
const STUCK = "exports.handler = async () => { throw new Error('no room for the index'); };";

const app = new App();
const task = (code: string) =>
  new LambdaMigration({
    code: Code.fromInline(code),
    handler: 'index.handler',
    environment: { TABLE: SharedValue.named('TableName') },
    timeout: Duration.seconds(20),
  });
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  splits: Migration.breaking('split-name', task(SPLITS)),
  fails: Migration.breaking('drop-family', task(FAILS), { undo: task(TAKES_BACK) }),
  slow: Migration.breaking('add-title', task(SLOW)),
  stuck: Migration.breaking('index-names', task(STUCK)),
};
const brought = MIGRATIONS[app.node.tryGetContext('breaks') ?? 'nothing'];
const authority = Party.of('Change authority', { members: [`arn:aws:iam::${env.account}:role/OutageAuthority`] });

new PathToLive(app, 'Outage', {
  hub: env,
  workload: new LambdaWorkload({ code: Code.fromAsset('examples/existing-alb/service'), handler: 'index.handler' }),
  sharedState: new Customers(),
  migrations: brought && [brought],
  removalPolicy: RemovalPolicy.DESTROY,
  environments: [
    new Environment('Live', {
      env,
      tests: [EnvironmentTest.http('/pay/health')],
      healthGates: [HealthGate.http('/pay/health'), HealthGate.alarms([HealthAlarm.fromAlarmName(ORDERS.alarm)], { minimumRequests: 0 })],
      firebreak: Firebreak.none({ reason: 'nobody is asked in front of it in this integration test' }),
      goNoGo: GoNoGo.by(authority),
      traffic: TrafficStrategy.canary({ steps: [50], bakeTime: Duration.seconds(1) }),
      plannedOutage: PlannedOutage.allowed({ reason: 'the customers of this integration test were told', longest: Duration.minutes(2), says: 'Back at noon.' }),
    }),
  ],
});

const team = new Stack(app, 'OutageTeam', { env });
new Role(team, 'OutageAuthority', { roleName: 'OutageAuthority', assumedBy: new AccountRootPrincipal() });
new Alarm(team, 'Timeouts', {
  alarmName: ORDERS.alarm,
  metric: new Metric({ namespace: ORDERS.namespace, metricName: ORDERS.metric, statistic: 'Maximum', period: Duration.seconds(ORDERS.periodSeconds) }),
  threshold: ORDERS.threshold,
  evaluationPeriods: 1,
  treatMissingData: TreatMissingData.NOT_BREACHING,
});
