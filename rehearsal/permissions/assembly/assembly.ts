import {
  type Known,
  type ManagedPolicy,
  managedPolicies,
  type ResourcePolicy,
  type Role,
  resourcePolicies,
  roles,
  type StackTemplate,
  Values,
} from '../../../permissions';

/**
 * Policies of AWS's own on the roles that `cdk bootstrap` makes, as far as deploying and publishing use them,
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCloudFormationReadOnlyAccess.html.
 */
const OF_BOOTSTRAP: Readonly<Record<string, object>> = {
  AdministratorAccess: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  AWSCloudFormationReadOnlyAccess: {
    Statement: [{ Effect: 'Allow', Action: ['cloudformation:Describe*', 'cloudformation:Get*', 'cloudformation:List*'], Resource: '*' }],
  },
};

/** A resource with its properties resolved. */
export interface Resource {
  readonly stack: StackTemplate;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** What `Ref` gives. */
  readonly id: string;
  /** Its ARN, or `id` where its type has none. */
  readonly arn: string;
}

/** Stacks and what is in them, looked up once. */
export class Assembly {
  readonly stacks: readonly StackTemplate[];
  /** By ARN. */
  readonly roles: ReadonlyMap<string, Role>;
  /** By ARN. */
  readonly managedPolicies: ReadonlyMap<string, ManagedPolicy>;
  readonly resourcePolicies: readonly ResourcePolicy[];
  private readonly values: Values;
  private readonly found = new Map<string | undefined, readonly Resource[]>();

  /** @param known what a deployment settled */
  constructor(stacks: readonly StackTemplate[], known?: Known) {
    const all = new Values(stacks, known);
    this.stacks = stacks.map((stack) => withoutWhatIsNotMade(stack, all));
    this.values = new Values(this.stacks, known);
    this.roles = new Map(roles(this.stacks, this.values, OF_BOOTSTRAP).map((role) => [role.arn, role]));
    this.managedPolicies = new Map(managedPolicies(this.stacks, this.values).map((policy) => [policy.arn, policy]));
    this.resourcePolicies = resourcePolicies(this.stacks, this.values);
  }

  /**
   * @param type for example `AWS::SNS::Topic`
   * @default type - every resource there is
   */
  resources(type?: string): readonly Resource[] {
    const known = this.found.get(type);
    if (known !== undefined) return known;
    const all = this.stacks.flatMap((stack) =>
      Object.entries(stack.template.Resources ?? {})
        .filter(([, { Type }]) => type === undefined || Type === type)
        .map(([logicalId, { Type }]) => this.resource(stack, logicalId, Type)),
    );
    this.found.set(type, all);
    return all;
  }

  /** What `Fn::GetAtt` gives. */
  attribute({ stack, logicalId }: Resource, name: string): string {
    return this.values.text(stack, { 'Fn::GetAtt': [logicalId, name] });
  }

  private resource(stack: StackTemplate, logicalId: string, type: string): Resource {
    const properties = this.values.properties(stack, logicalId);
    return { stack, logicalId, type, properties, id: this.values.text(stack, { Ref: logicalId }), arn: this.values.arn(stack, logicalId) };
  }
}

function withoutWhatIsNotMade(stack: StackTemplate, values: Values): StackTemplate {
  const made = Object.entries(stack.template.Resources ?? {}).filter(([logicalId]) => values.made(stack, logicalId));
  return { ...stack, template: { ...stack.template, Resources: Object.fromEntries(made) } };
}
