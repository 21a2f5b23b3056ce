/**
 * A path to live of one environment with a table, whose releases expand and contract it. The context `brings` says what the release does for the table: `expand`,
 * `contract`, or nothing. A release that comes while another is on its way waits for its turn.
 */
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import {
  Concurrency,
  Environment,
  EnvironmentTest,
  Firebreak,
  GoNoGo,
  HealthGate,
  type ISharedState,
  LambdaMigration,
  LambdaWorkload,
  Migration,
  Party,
  PathToLive,
  type SharedStateConfig,
  SharedValue,
  TrafficStrategy,
} from '../../../lib';
import { env } from './live';

class Payments implements ISharedState {
  bind(scope: Construct): SharedStateConfig {
    const tableName = 'contract-payments';
    const table = new TableV2(scope, 'Table', { tableName, partitionKey: { name: 'id', type: AttributeType.STRING }, removalPolicy: RemovalPolicy.DESTROY });
    const migrations = [new PolicyStatement({ actions: ['dynamodb:PutItem', 'dynamodb:Scan', 'dynamodb:UpdateItem'], resources: [table.tableArn] })];
    return { values: { TableName: table.tableName }, migrations };
  }
}

const CLIENT = `const { DynamoDBClient, PutItemCommand, ScanCommand, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const dynamo = new DynamoDBClient({});
const TableName = process.env.TABLE;`;
/** Both shapes of an amount. */
const EXPAND = `${CLIENT}
exports.handler = async () => {
  for (const id of ['one', 'two', 'three']) {
    await dynamo.send(new PutItemCommand({ TableName, Item: { id: { S: id }, amount: { N: '7.25' }, pence: { N: '725' } } }));
  }
  return { done: true };
};`;
/** One payment a call, so that it is called again with where it was. */
const CONTRACT = `${CLIENT}
exports.handler = async ({ next }) => {
  const page = await dynamo.send(new ScanCommand({ TableName, Limit: 1, ExclusiveStartKey: next && { id: { S: next.after } } }));
  for (const { id } of page.Items) await dynamo.send(new UpdateItemCommand({ TableName, Key: { id }, UpdateExpression: 'REMOVE amount' }));
  const done = (next?.done ?? 0) + page.Items.length;
  if (page.LastEvaluatedKey) return { done: false, next: { after: page.LastEvaluatedKey.id.S, done } };
  return { done: true, said: done + ' payments have no amount any more' };
};`;

const app = new App();
const task = (code: string) =>
  new LambdaMigration({ code: Code.fromInline(code), handler: 'index.handler', environment: { TABLE: SharedValue.named('TableName') } });
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  expand: Migration.expand('add-pence', task(EXPAND)),
  contract: Migration.contract('drop-amount', task(CONTRACT)),
};
const brought = MIGRATIONS[app.node.tryGetContext('brings') ?? 'nothing'];
const authority = Party.of('Change authority', { members: [`arn:aws:iam::${env.account}:role/ContractAuthority`] });

new PathToLive(app, 'Contract', {
  hub: env,
  workload: new LambdaWorkload({ code: Code.fromAsset('examples/existing-alb/service'), handler: 'index.handler' }),
  sharedState: new Payments(),
  migrations: brought && [brought],
  removalPolicy: RemovalPolicy.DESTROY,
  concurrency: Concurrency.queue({ longest: Duration.hours(1) }),
  environments: [
    new Environment('Live', {
      env,
      tests: [EnvironmentTest.http('/pay/health')],
      healthGates: [HealthGate.http('/pay/health')],
      firebreak: Firebreak.none({ reason: 'nobody is asked in front of it in this integration test' }),
      goNoGo: GoNoGo.by(authority),
      traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(1) }),
      earlyLifeSupport: Duration.seconds(Number(app.node.tryGetContext('supportSeconds') ?? 45)),
    }),
  ],
});

const people = new Stack(app, 'ContractPeople', { env });
for (const roleName of ['ContractManager', 'ContractAuthority']) new Role(people, roleName, { roleName, assumedBy: new AccountRootPrincipal() });
