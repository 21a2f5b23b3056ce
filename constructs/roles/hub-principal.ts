import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Exactly these roles of the hub, and nobody else.
 *
 * Trust names the hub's account and, as a condition, the roles: a role named as principal must exist when it is named, and is lost without a sign
 * when it is made again, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
 *
 * @internal
 */
export function hubPrincipal(scope: Construct, account: string, ...roleNames: string[]): iam.IPrincipal {
  const roles = roleNames.map((resourceName) => Stack.of(scope).formatArn({ service: 'iam', region: '', account, resource: 'role', resourceName }));
  return new iam.AccountPrincipal(account).withConditions({ ArnEquals: { 'aws:PrincipalArn': roles } });
}
