import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../private/acknowledge';

export interface SlotBoundaryProps {
  readonly managedPolicyName: string;
  /** What the workload's roles may do at most. */
  readonly statements: iam.PolicyStatement[];
}

/**
 * The most that any role in a slot may ever do. A release brings its own roles; whatever policy it gives them, nothing beyond this is allowed, and
 * a role without this boundary cannot be made.
 */
export class SlotBoundary extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: SlotBoundaryProps) {
    super(scope, id);
    const policy = new iam.ManagedPolicy(this, 'Policy', {
      managedPolicyName: props.managedPolicyName,
      description: 'The most that any role in a slot may do',
      statements: props.statements,
    });
    this.arn = policy.managedPolicyArn;
    const wide = props.statements.flatMap(({ resources }) => resources).filter((resource) => resource.includes('*'));
    acknowledgeWildcards(policy, 'a boundary allows nothing by itself; the roles in a slot have policies of their own', ...new Set(wide));
  }
}
