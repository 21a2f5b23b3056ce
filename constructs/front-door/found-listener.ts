import { Fn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EntranceConfig } from './entrance-config';

/**
 * The load balancer of a listener: its name and id are in the listener's ARN, `…:listener/app/<name>/<id>/<listener>`, so nothing is looked up.
 *
 * @internal
 */
export function foundListener(scope: Construct, listenerArn: string): Pick<EntranceConfig, 'loadBalancerArn' | 'loadBalancerFullName'> {
  const [, , name, id] = Fn.split('/', listenerArn, 5) as [string, string, string, string];
  const loadBalancerFullName = `app/${name}/${id}`;
  return {
    loadBalancerFullName,
    loadBalancerArn: Stack.of(scope).formatArn({ service: 'elasticloadbalancing', resource: 'loadbalancer', resourceName: loadBalancerFullName }),
  };
}
