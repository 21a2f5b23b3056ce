import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { TABLE } from '../../lambda/contract';

export interface LedgerProps {
  /**
   * What happens to the ledger when it leaves the template. With anything but `RETAIN` it is not protected against deletion either.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * What every release, environment, gate and ticket is, and everything that was ever decided about them: one table, restorable to any second of
 * the last 35 days.
 *
 * Encrypted with the key AWS manages for DynamoDB in this account: its use is in CloudTrail, and since no other account reads the table, a key
 * of one's own would add a key policy to get wrong and a monthly price, and no protection.
 *
 * @example
 * const ledger = new Ledger(this, 'Ledger');
 * ledger.grantCommit(role);
 */
export class Ledger extends Construct {
  readonly table: dynamodb.Table;

  constructor(scope: Construct, id: string, props: LedgerProps = {}) {
    super(scope, id);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: TABLE.pk, type: dynamodb.AttributeType.STRING },
      sortKey: { name: TABLE.sk, type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: TABLE.index,
      partitionKey: { name: TABLE.indexPk, type: dynamodb.AttributeType.STRING },
      sortKey: { name: TABLE.indexSk, type: dynamodb.AttributeType.STRING },
    });
  }

  /** Reading everything: items, what belongs to a release, and lists. */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ['dynamodb:GetItem'], this.table.tableArn).combine(this.grantEntries(grantee)).combine(this.grantLists(grantee));
  }

  /** Reading what belongs to one release, its gates and audit events, and what waits in the outbox. */
  grantEntries(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ['dynamodb:Query'], this.table.tableArn);
  }

  /** Reading lists over all releases. */
  grantLists(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ['dynamodb:Query'], `${this.table.tableArn}/index/${TABLE.index}`);
  }

  /** Committing what was decided on single items: conditional writes in one transaction, and delivering what they promise. No scans, no updates in place. */
  grantCommit(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ['dynamodb:GetItem', 'dynamodb:PutItem'], this.table.tableArn).combine(this.grantDeliver(grantee));
  }

  /**
   * Taking what was delivered out of the outbox. No right deletes anything else: releases, decisions and audit events stay.
   *
   * The key of an item is a list for IAM, and a list operator is true where there is none, hence the second condition,
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html.
   */
  grantDeliver(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:DeleteItem'],
      resourceArns: [this.table.tableArn],
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [TABLE.outbox] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
  }

  private grant(grantee: iam.IGrantable, actions: string[], ...resourceArns: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
  }
}
