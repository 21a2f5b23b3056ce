import { CfnResource, type IAspect } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const BOUNDED = ['AWS::IAM::Role', 'AWS::IAM::User'];
/** Grants nothing itself, but is limited by its path like the role in it. */
const PROFILE = 'AWS::IAM::InstanceProfile';

/**
 * Puts every role of a slot under the environment's permissions boundary and on its path. The role CloudFormation acts as can make no
 * other role: a release, whose template a pipeline wrote, never gets more rights than the platform team gave to slots.
 */
export class SlotRoles implements IAspect {
  constructor(
    private readonly boundaryArn: string,
    /** With slashes at both ends. */
    private readonly path: string,
  ) {}

  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) return;
    const isBounded = BOUNDED.includes(node.cfnResourceType);
    if (isBounded) node.addPropertyOverride('PermissionsBoundary', this.boundaryArn);
    if (isBounded || node.cfnResourceType === PROFILE) node.addPropertyOverride('Path', this.path);
  }
}
