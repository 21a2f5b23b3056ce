import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { listed } from '../../lambda/contract';
import type { Environment } from '../environments/environment';

/**
 * Warns of the environments whose load balancer is made without a certificate, once for all of them. A listener that was there before is not ours to judge.
 *
 * @param scope something in the hub's stack, the one that knows every environment
 */
export function warnOfPlainHttp(scope: Construct, environments: readonly Environment[]): void {
  const plain = environments.filter(({ entrance: { _place: place } }) => place.scheme === 'http' && place.listenerArn === undefined).map(({ name }) => name);
  if (plain.length === 0) return;
  Validations.of(scope).addWarning(
    'path-to-live:PlainHttp',
    `users and testers reach ${listed(plain)} by plain HTTP, the keys of hidden URLs go over the network too; give each an entrance with a domainName and certificateArns`,
  );
}
