import { Fn, Token } from 'aws-cdk-lib';

/** Every rule of a listener, as a resource of a policy. The ids of rules follow the listener's own: `…:listener-rule/app/<name>/<id>/<listener>/<rule>`. */
export function rulesOf(listenerArn: string): string {
  if (!Token.isUnresolved(listenerArn)) return `${listenerArn.replace(':listener/', ':listener-rule/')}/*`;
  return `${Fn.join(':listener-rule/', Fn.split(':listener/', listenerArn, 2))}/*`;
}
