import { type CfnResource, Stack, Token } from 'aws-cdk-lib';
import { isJudgedByProperties, mayBeNameOf } from './slot-resources';

/** What the CDK renders a resource from, for which there is no public way to ask. */
interface Rendered {
  /** As constructs spell them, tokens in them. */
  readonly cfnProperties: Readonly<Record<string, unknown>>;
  /** By escape hatches, as the template spells them. */
  readonly rawOverrides: { readonly Properties?: Readonly<Record<string, unknown>> };
  _toCloudFormation(): object;
}

const rendered = (resource: CfnResource) => resource as unknown as Rendered;

/** Properties as they will be in the template, escape hatches included. */
export function propertiesOf(resource: CfnResource): Readonly<Record<string, unknown>> {
  // the same rendering the stack does, for one resource
  const { Resources } = Stack.of(resource).resolve(rendered(resource)._toCloudFormation()) as {
    Resources: Record<string, { Properties?: Record<string, unknown> }>;
  };
  return Object.values(Resources)[0]?.Properties ?? {};
}

/**
 * Whether properties of a resource have to be rendered to judge it. Most have none that a rule asks for, or only a name that nobody gave, and rendering
 * each resource of each slot once more, policies and environments in it, took a twentieth of all synthesis.
 */
export function mayHaveFindings(resource: CfnResource): boolean {
  const type = resource.cfnResourceType;
  if (isJudgedByProperties(type) || !isOfTheCdk(resource)) return true;
  const { cfnProperties, rawOverrides } = rendered(resource);
  return [cfnProperties, rawOverrides.Properties ?? {}].some(
    (properties) => Token.isUnresolved(properties) || Object.entries(properties).some(([name, value]) => mayBeNameOf(type, name) && isGiven(resource, value)),
  );
}

/** A class of somebody else's may render itself in a way of its own. */
function isOfTheCdk(resource: CfnResource): boolean {
  const type = Object.getOwnPropertyDescriptor(resource.constructor, Symbol.for('jsii.rtti'))?.value as { readonly fqn: string } | undefined;
  return type?.fqn.startsWith('aws-cdk-lib.') ?? false;
}

/** A construct passes on the name it was not given as a token for nothing. */
function isGiven(resource: CfnResource, value: unknown): boolean {
  return Stack.of(resource).resolve(value) !== undefined;
}
