import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../private/acknowledge';

export interface MigrateRoleProps {
  readonly roleName: string;
  readonly trusted: iam.IPrincipal;
  /** ARNs, with wildcards, of the functions in slots that are migrations. */
  readonly functionArns: string[];
}

/** What the hub runs migrations as: it may call their functions, and nothing else. */
export class MigrateRole extends Construct {
  constructor(scope: Construct, id: string, { roleName, trusted, functionArns }: MigrateRoleProps) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', { roleName, assumedBy: trusted, description: 'The hub runs migrations as this role' });
    role.addToPolicy(new iam.PolicyStatement({ sid: 'Migrations', actions: ['lambda:InvokeFunction'], resources: functionArns }));
    acknowledgeWildcards(role, 'CloudFormation makes up the names of what is in a slot; those of migrations say so', ...functionArns);
  }
}
