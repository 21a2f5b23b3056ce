import { Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { ACCOUNT, REGION } from './environments';

/** What every version in an environment uses: a table, its names, and as whom migrations change it. */
export class SharedState extends Stack {
  constructor(scope: Construct, service: string, place: string) {
    super(scope, `${service}-${place}-Shared`, {
      stackName: `${service}-${place}-Shared`,
      env: { account: ACCOUNT, region: REGION },
      description: `${service}: what every version in ${place} uses`,
    });
    const table = new dynamodb.Table(this, 'Payments', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    });
    for (const [name, value] of Object.entries({ TableName: table.tableName, TableArn: table.tableArn })) {
      new ssm.StringParameter(this, name, { parameterName: `/path-to-live/${service}/${place}/shared/${name}`, stringValue: value });
      this.exportValue(value, { name: `${this.stackName}:${name}` });
    }
    const role = new iam.Role(this, 'Migrations', {
      roleName: `${service}-${place}-migration`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Migrations of the shared state run as this role',
    });
    const logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: `/path-to-live/${service}/${place}/migrations`,
      retention: logs.RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(role);
    role.addToPolicy(
      new iam.PolicyStatement({ sid: 'Payments', actions: ['dynamodb:PutItem', 'dynamodb:Scan', 'dynamodb:UpdateItem'], resources: [table.tableArn] }),
    );
  }
}

/** @param name `TableName` or `TableArn` */
export function shared(service: string, place: string, name: string): string {
  return Fn.importValue(`${service}-${place}-Shared:${name}`);
}
