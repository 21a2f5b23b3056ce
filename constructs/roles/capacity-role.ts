import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../private/acknowledge';

export interface CapacityRoleProps {
  readonly roleName: string;
  readonly trusted: iam.IPrincipal;
  /** What the workload declares: reading and setting how many of it there are to be. */
  readonly statements: iam.PolicyStatement[];
}

/** What the hub raises and lowers slots as: a number, and nothing of what is counted. */
export class CapacityRole extends Construct {
  constructor(scope: Construct, id: string, { roleName, trusted, statements }: CapacityRoleProps) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', { roleName, assumedBy: trusted, description: 'The hub raises and lowers the capacity of slots as this role' });
    for (const statement of statements) role.addToPolicy(statement);
    const wide = statements.flatMap(({ resources }) => resources).filter((resource) => resource.includes('*'));
    acknowledgeWildcards(role, 'CloudFormation makes up the names of what is in a slot, and what describes Auto Scaling knows no resources', ...new Set(wide));
  }
}
