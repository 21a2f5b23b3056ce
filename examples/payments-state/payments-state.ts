import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type ISharedState, type SharedStateConfig, SharedValue } from '../../lib';

export interface PaymentsStateProps {
  /**
   * What becomes of the payments when the stack is removed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** The payments of an environment: one table, which every version there reads and writes, two of them at once while traffic moves. */
export class PaymentsState implements ISharedState {
  constructor(private readonly props: PaymentsStateProps = {}) {}

  /** What a version may do with them. */
  static readAndWrite(): PolicyStatement {
    return new PolicyStatement({ sid: 'Payments', actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [SharedValue.named('TableArn')] });
  }

  bind(scope: Construct): SharedStateConfig {
    const { tableName, tableArn } = new Table(scope, 'Payments', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: this.props.removalPolicy,
    });
    const migrates = new PolicyStatement({ sid: 'Payments', actions: ['dynamodb:PutItem', 'dynamodb:Scan', 'dynamodb:UpdateItem'], resources: [tableArn] });
    return { values: { TableName: tableName, TableArn: tableArn }, migrations: [migrates] };
  }
}
