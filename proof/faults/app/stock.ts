import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type ISharedState, LambdaMigration, Migration, type SharedStateConfig, SharedValue } from '../../../lib';

/** How a release changes the shared state: it expands it, or breaks what the live version reads there, which can be taken back. */
export type Brings = 'expand' | 'breaking';

/** A table that both slots use. */
export class Stock implements ISharedState {
  bind(scope: Construct): SharedStateConfig {
    const table = new TableV2(scope, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING }, removalPolicy: RemovalPolicy.DESTROY });
    return { values: { TableName: table.tableName }, migrations: [new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [table.tableArn] })] };
  }
}

/** Half a second, so that an outage is seen. */
const CHANGES = `const { DynamoDBClient, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const dynamo = new DynamoDBClient({});
exports.handler = async ({ migration, undo = false }) => {
  await dynamo.send(new UpdateItemCommand({
    TableName: process.env.TABLE,
    Key: { id: { S: 'bolts' } },
    UpdateExpression: 'SET #name = :undone',
    ExpressionAttributeNames: { '#name': String(migration) },
    ExpressionAttributeValues: { ':undone': { BOOL: undo } },
  }));
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { done: true };
};`;

/** Seconds that one call may take. */
export const CALL_SECONDS = 5;

/** Each version has one of its own: what an environment has had is not run again. */
export function broughtBy(brings: Brings, version = 'unreleased'): Migration {
  const task = new LambdaMigration({
    code: Code.fromInline(CHANGES),
    handler: 'index.handler',
    environment: { TABLE: SharedValue.named('TableName') },
    timeout: Duration.seconds(CALL_SECONDS),
  });
  const name = `${brings}-${version.replaceAll('.', '-')}`;
  return brings === 'expand' ? Migration.expand(name, task) : Migration.breaking(name, task, { undo: task });
}
