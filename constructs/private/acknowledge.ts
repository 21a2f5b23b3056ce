import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why policies under `scope` need these resources with a `*` in them. cdk-nag's findings spell a resource out the way the template does,
 * logical ids and pseudo parameters in angle brackets, so that an acknowledgement covers this resource and no other.
 *
 * @param resources ARNs as they are given to the policy
 */
export function acknowledgeWildcards(scope: IConstruct, reason: string, ...resources: string[]): void {
  for (const resource of resources) {
    const spelled = spell(Stack.of(scope).resolve(resource));
    Validations.of(scope).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM5[Resource::${spelled}]`, reason });
  }
}

function spell(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, Ref: ref } = value as { 'Fn::Join'?: [string, unknown[]]; 'Fn::GetAtt'?: [string, string]; Ref?: string };
  if (join !== undefined) return join[1].map(spell).join(join[0]);
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  return ref !== undefined ? `<${ref}>` : JSON.stringify(value);
}
