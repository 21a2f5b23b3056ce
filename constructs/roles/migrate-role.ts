import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../private/acknowledge';

export interface MigrateRoleProps {
  readonly roleName: string;
  readonly trusted: iam.IPrincipal;
  /** What running those in slots takes. */
  readonly statements: iam.PolicyStatement[];
}

/** What the hub runs migrations as: it may call their functions, start and follow their tasks and builds, and nothing else. */
export class MigrateRole extends Construct {
  constructor(scope: Construct, id: string, { roleName, trusted, statements }: MigrateRoleProps) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', { roleName, assumedBy: trusted, description: 'The hub runs migrations as this role' });
    for (const statement of statements) role.addToPolicy(statement);
    const wide = statements.flatMap(({ resources }) => resources).filter((resource) => resource.includes('*'));
    acknowledgeWildcards(role, 'CloudFormation makes up the names of what is in a slot; those of migrations say so', ...new Set(wide));
  }
}
