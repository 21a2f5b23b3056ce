import { CustomResource, Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { makeFunction } from './functions';

/** The custom resource that owns the live rule. @returns the rule's ARN */
export function makeLiveRule(stack: Construct, service: string, place: string, listenerArn: string): string {
  const scope = new Construct(stack, 'LiveRule');
  const role = new iam.Role(scope, 'OwnerRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const rules = `${Fn.join(':listener-rule/', Fn.split(':listener/', listenerArn, 2))}/*`;
  role.addToPolicy(new iam.PolicyStatement({ sid: 'Make', actions: ['elasticloadbalancing:CreateRule'], resources: [listenerArn] }));
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: 'Keep',
      actions: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:ModifyRule', 'elasticloadbalancing:SetRulePriorities', 'elasticloadbalancing:DeleteRule'],
      resources: [rules],
    }),
  );
  role.addToPolicy(
    new iam.PolicyStatement({ sid: 'Read', actions: ['elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTags'], resources: ['*'] }),
  );
  const description = 'Makes, places and removes a live rule';
  const owner = makeFunction(scope, 'Owner', 'traffic-switch', role, { description, timeout: Duration.minutes(1) });
  const provider = new Provider(scope, 'Provider', {
    onEventHandler: owner,
    logGroup: new logs.LogGroup(scope, 'ProviderLog', { retention: logs.RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.DESTROY }),
  });
  const rule = new CustomResource(scope, 'Rule', {
    resourceType: 'Custom::LiveRule',
    serviceToken: provider.serviceToken,
    properties: { ListenerArn: listenerArn, Priority: '150', Path: service, Environment: place },
  });
  return rule.getAttString('RuleArn');
}
