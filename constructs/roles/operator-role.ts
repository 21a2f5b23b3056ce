import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../private/acknowledge';

export interface OperatorRoleProps {
  readonly roleName: string;
  readonly trusted: iam.IPrincipal;
  /** The only thing it writes: the live rules of one environment. */
  readonly liveRuleArns: string[];
  /** ARN of the parameter with the front door's facts. */
  readonly frontDoorParameterArn: string;
}

/** What the hub moves traffic as: it writes the live rule of one environment, or the several that are moved as one, its weights and its tags, and nothing else. */
export class OperatorRole extends Construct {
  constructor(scope: Construct, id: string, props: OperatorRoleProps) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', { roleName: props.roleName, assumedBy: props.trusted, description: 'The hub moves traffic as this role' });
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'TheLiveRule',
        actions: ['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:AddTags'],
        resources: props.liveRuleArns,
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({ sid: 'ReadRules', actions: ['elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTags'], resources: ['*'] }),
    );
    role.addToPolicy(new iam.PolicyStatement({ sid: 'FrontDoor', actions: ['ssm:GetParameter'], resources: [props.frontDoorParameterArn] }));
    acknowledgeWildcards(role, 'what describes load balancing knows no resources; nothing that writes has this one', '*');
  }
}
