import type { Stack } from 'aws-cdk-lib';
import { ENABLE_PARTITION_LITERALS } from 'aws-cdk-lib/cx-api';

/**
 * Has a stack write the partition its region is in, `aws` for `eu-west-2`, where it would join `AWS::Partition` into each ARN; before it has children.
 * The region of every stack here is literal, so CloudFormation would read the same. Templates are shorter by a fifteenth, and easier to read. A
 * region the CDK does not know is left to CloudFormation, and what an app says about this itself holds.
 */
export function literalPartition({ node }: Stack): void {
  if (node.tryGetContext(ENABLE_PARTITION_LITERALS) === undefined) node.setContext(ENABLE_PARTITION_LITERALS, true);
}
