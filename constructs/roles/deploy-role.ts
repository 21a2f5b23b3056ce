import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../private/acknowledge';

export interface DeployRoleProps {
  readonly roleName: string;
  readonly trusted: iam.IPrincipal;
  /** The only stacks it deploys. */
  readonly slotStacks: string[];
  /** What CloudFormation acts as; it can be handed to nothing else. */
  readonly executionRole: iam.IRole;
  /** Where the templates of releases are published to. */
  readonly assetBucket: string;
  /** ARNs of the parameters that are parameters of the templates: CloudFormation reads them as whoever makes a change set. */
  readonly parameterArns: string[];
}

/** What the hub deploys slots as: change sets of the slots' stacks, executed by CloudFormation as the environment's execution role. */
export class DeployRole extends Construct {
  constructor(scope: Construct, id: string, props: DeployRoleProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const role = new iam.Role(this, 'Role', { roleName: props.roleName, assumedBy: props.trusted, description: 'The hub deploys slots as this role' });
    const stacks = props.slotStacks.map((name) => stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${name}/*` }));
    const templates = stack.formatArn({ service: 's3', region: '', account: '', resource: props.assetBucket, resourceName: '*' });
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'SlotStacks',
        actions: [
          'cloudformation:CreateChangeSet',
          'cloudformation:DescribeChangeSet',
          'cloudformation:ExecuteChangeSet',
          'cloudformation:DeleteChangeSet',
          'cloudformation:DescribeStacks',
          'cloudformation:DescribeStackEvents',
          'cloudformation:DeleteStack',
        ],
        resources: stacks,
      }),
    );
    role.addToPolicy(new iam.PolicyStatement({ sid: 'Templates', actions: ['s3:GetObject'], resources: [templates] }));
    if (props.parameterArns.length > 0) {
      role.addToPolicy(new iam.PolicyStatement({ sid: 'Parameters', actions: ['ssm:GetParameters'], resources: props.parameterArns }));
    }
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'OnlyAsTheExecutionRole',
        actions: ['iam:PassRole'],
        resources: [props.executionRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      }),
    );
    acknowledgeWildcards(role, 'the id of a stack ends in a part that AWS makes up', ...stacks);
    acknowledgeWildcards(role, 'templates are published under the hash of their content', templates);
  }
}
