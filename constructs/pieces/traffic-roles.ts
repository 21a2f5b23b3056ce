import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentPlan } from '../../lambda/contract';
import { acknowledgeWildcards } from '../private/acknowledge';
import { PathNames } from '../private/names';
import { hubPrincipal } from '../roles/hub-principal';
import { OperatorRole } from '../roles/operator-role';
import { writePoliciesAnew } from '../roles/policies-anew';
import { NONE } from './own-plan';

export interface TrafficRolesProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly environment: string;
  readonly liveRuleArns: string[];
  /** ARN of the parameter with the front door's facts. */
  readonly frontDoorParameterArn: string;
  /** Whether any slot is watched by some. */
  readonly hasAlarms: boolean;
}

/** What a {@link TrafficHub} acts as: one role writes the live rule, and nothing else does; the other only looks. */
export class TrafficRoles extends Construct {
  readonly arns: EnvironmentPlan['roles'];

  constructor(scope: Construct, id: string, { path, environment, liveRuleArns, frontDoorParameterArn, hasAlarms }: TrafficRolesProps) {
    super(scope, id);
    const names = new PathNames(path);
    const { operatorRole, observerRole } = names.environment(environment);
    const { account } = Stack.of(this);
    const trusting = (...roles: string[]) => hubPrincipal(this, account, ...roles);
    new OperatorRole(this, 'Operator', { roleName: operatorRole, trusted: trusting(names.hubTrafficRole), liveRuleArns, frontDoorParameterArn });
    const observer = new iam.Role(this, 'Observer', {
      roleName: observerRole,
      assumedBy: trusting(names.hubTrafficRole, names.hubObserverRole),
      description: 'The hub reads as this role',
    });
    const reading = ['elasticloadbalancing:DescribeTargetHealth', ...(hasAlarms ? ['cloudwatch:DescribeAlarms'] : [])];
    observer.addToPolicy(new iam.PolicyStatement({ sid: 'Health', actions: reading, resources: ['*'] }));
    observer.addToPolicy(new iam.PolicyStatement({ sid: 'FrontDoor', actions: ['ssm:GetParameter'], resources: [frontDoorParameterArn] }));
    acknowledgeWildcards(observer, 'the health of targets knows no resources, and any alarm of the account may be a slot’s; nothing here writes', '*');
    writePoliciesAnew(this);
    const role = (resourceName: string) => Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'role', resourceName });
    this.arns = { deploy: NONE, execution: NONE, operator: role(operatorRole), observer: role(observerRole) };
  }
}
