import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../private/acknowledge';

export interface MigrationSourcesProps {
  /** Name of the role that migrations run as; the shared stack's. */
  readonly roleName: string;
  /** Where the files of releases are published to. */
  readonly assetBucket: string;
}

/** CodeBuild reads what a build runs as the build's own role; where that is, only the front door's stack knows. */
export class MigrationSources extends Construct {
  constructor(scope: Construct, id: string, { roleName, assetBucket }: MigrationSourcesProps) {
    super(scope, id);
    const files = `arn:${Stack.of(this).partition}:s3:::${assetBucket}/*`;
    const policy = new iam.Policy(this, 'Policy', {
      roles: [iam.Role.fromRoleName(this, 'Role', roleName)],
      statements: [new iam.PolicyStatement({ sid: 'Sources', actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: [files] })],
    });
    acknowledgeWildcards(policy, 'files are published under the hash of their content', files);
  }
}
