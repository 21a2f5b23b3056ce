import { createHash } from 'node:crypto';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Context that has the policies of roles written anew: `cdk deploy -c policies-anew=<anything else than the last time>`. */
const POLICIES_ANEW = 'policies-anew';

/**
 * Has a deployment write every inline policy of these roles, where the context `policies-anew` says something else than the last time. What somebody changed or removed
 * of an AWS::IAM::Policy stays so otherwise: CloudFormation finds no drift of that type, reverts none, and writes one only when its template changes,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-policy.html. What changes is the name of the first statement, which grants nothing.
 *
 * @param roles complete: what is added later is not written
 * @internal
 */
export function writePoliciesAnew(roles: Construct): void {
  const text: unknown = roles.node.tryGetContext(POLICIES_ANEW);
  if (text === undefined) return;
  const name = `Anew${createHash('sha256').update(String(text)).digest('hex').slice(0, 8)}`;
  for (const policy of roles.node.findAll()) {
    if (policy instanceof CfnPolicy) policy.addPropertyOverride('PolicyDocument.Statement.0.Sid', name);
  }
}
