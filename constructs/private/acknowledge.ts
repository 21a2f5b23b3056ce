import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why policies under `scope` need these resources with a `*` in them. cdk-nag's findings spell a resource out the way the template does,
 * logical ids and pseudo parameters in angle brackets, so that an acknowledgement covers this resource and no other.
 *
 * It writes the metadata that `Validations.acknowledge` writes: that one takes a stack trace for each, and with a hundred and fifty in a path those were a
 * thirtieth of all synthesis.
 *
 * @param resources ARNs as they are given to the policy
 */
export function acknowledgeWildcards(scope: IConstruct, reason: string, ...resources: string[]): void {
  const spelled = (Stack.of(scope).resolve(resources) as unknown[]).map(spell);
  const reasons = spelled.map((resource) => [`AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`, reason]);
  scope.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, Object.fromEntries(reasons));
}

function spell(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, Ref: ref } = value as { 'Fn::Join'?: [string, unknown[]]; 'Fn::GetAtt'?: [string, string]; Ref?: string };
  if (join !== undefined) return join[1].map(spell).join(join[0]);
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  return ref !== undefined ? `<${ref}>` : JSON.stringify(value);
}
