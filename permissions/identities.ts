import type { Place, StackTemplate } from './stack';
import { type Statement, statementsOf } from './statement';
import type { Values } from './values';

/** A role of an assembly, with everything that says what it may do. */
export interface Role extends Place {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  /** Who may assume it. */
  readonly trust: readonly Statement[];
  /** Inline and attached policies together. */
  readonly statements: readonly Statement[];
  /**
   * The most it may ever do.
   *
   * @default - no boundary
   */
  readonly boundary?: readonly Statement[];
  /** ARNs of attached policies, or of a boundary, that nothing in the assembly says the content of. */
  readonly notKnown: readonly string[];
}

/** A managed policy of an assembly: for whoever it is attached to. */
export interface ManagedPolicy extends Place {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly description: string;
  readonly statements: readonly Statement[];
}

interface InlinePolicy {
  readonly PolicyName?: string;
  readonly PolicyDocument?: unknown;
}

/** Policies of AWS's own, by name, as far as the CDK attaches them itself: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html. */
const OF_AWS: Readonly<Record<string, object>> = {
  AWSLambdaBasicExecutionRole: {
    Statement: [{ Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }],
  },
};

/** Every managed policy that the stacks make. */
export function managedPolicies(stacks: readonly StackTemplate[], values: Values): ManagedPolicy[] {
  return resourcesOf(stacks, 'AWS::IAM::ManagedPolicy').map(({ stack, logicalId }) => {
    const place = { stackName: stack.stackName, logicalId };
    const { PolicyDocument, Description = '' } = values.properties(stack, logicalId);
    const arn = values.arn(stack, logicalId);
    const name = arn.split('/').at(-1) ?? arn;
    return { ...place, arn, name, account: stack.account, description: String(Description), statements: statementsOf(PolicyDocument, place) };
  });
}

/**
 * Every role that the stacks make.
 *
 * @param known documents of further policies of AWS's own, by name
 */
export function roles(stacks: readonly StackTemplate[], values: Values, known: Readonly<Record<string, object>> = {}): Role[] {
  const managed = new Map(managedPolicies(stacks, values).map((policy) => [policy.arn, policy]));
  const separate = separatePolicies(stacks, values);
  const attached = [...managed.values()].map((policy) => ({ policy, to: rolesNamedBy(stacks, values, policy.stackName, policy.logicalId) }));
  return resourcesOf(stacks, 'AWS::IAM::Role').map(({ stack, logicalId }) => {
    const place = { stackName: stack.stackName, logicalId };
    const properties = values.properties(stack, logicalId);
    const { AssumeRolePolicyDocument, Policies = [], ManagedPolicyArns = [], PermissionsBoundary } = properties as Record<string, unknown[]>;
    const arn = values.arn(stack, logicalId);
    const name = String(values.of(stack, { Ref: logicalId }));
    const byName = separate.filter(({ account, roleNames }) => account === stack.account && roleNames.includes(name));
    const attachedBy = attached.filter(({ to }) => to.includes(name)).map(({ policy }) => policy.arn);
    const attachedTo = [...new Set([...ManagedPolicyArns.map(String), ...attachedBy])];
    const boundaryArn = PermissionsBoundary === undefined ? undefined : String(PermissionsBoundary);
    const content = (policy: string) => managed.get(policy)?.statements ?? ofAws(policy, place, { ...OF_AWS, ...known });
    return {
      ...place,
      arn,
      name,
      account: stack.account,
      trust: statementsOf(AssumeRolePolicyDocument, place, 'trust'),
      statements: [
        ...(Policies as InlinePolicy[]).flatMap(({ PolicyName, PolicyDocument }) => statementsOf(PolicyDocument, place, PolicyName)),
        ...byName.flatMap(({ statements }) => statements),
        ...attachedTo.flatMap((policy) => content(policy) ?? []),
      ],
      ...(boundaryArn !== undefined && { boundary: content(boundaryArn) ?? [] }),
      notKnown: [...attachedTo, ...(boundaryArn === undefined ? [] : [boundaryArn])].filter((policy) => content(policy) === undefined),
    };
  });
}

/** `AWS::IAM::Policy` and `AWS::IAM::RolePolicy`: inline policies as resources of their own. */
function separatePolicies(stacks: readonly StackTemplate[], values: Values) {
  return ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy'].flatMap((type) =>
    resourcesOf(stacks, type).map(({ stack, logicalId }) => {
      const place = { stackName: stack.stackName, logicalId };
      const { PolicyDocument, Roles = [], RoleName } = values.properties(stack, logicalId) as Record<string, unknown>;
      const roleNames = [...(Roles as unknown[]), ...(RoleName === undefined ? [] : [RoleName])].map(String);
      return { ...place, account: stack.account, roleNames, statements: statementsOf(PolicyDocument, place) };
    }),
  );
}

function rolesNamedBy(stacks: readonly StackTemplate[], values: Values, stackName: string, logicalId: string): string[] {
  const stack = stacks.find((one) => one.stackName === stackName);
  const { Roles = [] } = stack === undefined ? {} : (values.properties(stack, logicalId) as { Roles?: unknown[] });
  return Roles.map(String);
}

function ofAws(arn: string, from: Place, known: Readonly<Record<string, object>>): Statement[] | undefined {
  const document = /:iam::aws:policy\//.test(arn) ? known[arn.split('/').at(-1) ?? ''] : undefined;
  return document === undefined ? undefined : statementsOf(document, from, arn);
}

/** Resources of a type, in the order of the stacks and of their templates. */
export function resourcesOf(stacks: readonly StackTemplate[], type: string): { readonly stack: StackTemplate; readonly logicalId: string }[] {
  return stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources ?? {}).flatMap(([logicalId, { Type }]) => (Type === type ? [{ stack, logicalId }] : [])),
  );
}
