import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { LiveRuleOwner } from '../adapters/live-rule-owner';
import type { TrafficSwitchProperties } from '../contract';
import { patience } from './environment-clients';
import { jsonLog } from './task';

type SwitchEvent = CloudFormationCustomResourceEvent<TrafficSwitchProperties & { readonly ServiceToken: string }>;

/** What the custom resource's provider takes: `PhysicalResourceId` is the rule's ARN, for good. */
interface SwitchAnswer {
  readonly PhysicalResourceId: string;
  readonly Data: { readonly RuleArn: string };
}

/**
 * Owns a live rule for CloudFormation (design, decision 6): makes it, keeps its place and its conditions, removes it. Which slot it serves is a
 * release's business, so that no deployment of the platform, and no failed one that is rolled back, moves traffic.
 */
export function trafficSwitch(rules: LiveRuleOwner) {
  return async (event: SwitchEvent): Promise<SwitchAnswer> => {
    switch (event.RequestType) {
      case 'Create':
        // Tag values take no `#`; a stack's ARN and a logical id hold no blank.
        return answer(await rules.create(event.ResourceProperties, `${event.StackId} ${event.LogicalResourceId}`));
      case 'Update':
        await update(rules, event.PhysicalResourceId, event.OldResourceProperties, event.ResourceProperties);
        return answer(event.PhysicalResourceId);
      case 'Delete':
        // Another physical id is the provider's, for a creation that failed before there was a rule.
        if (event.PhysicalResourceId.startsWith('arn:')) await rules.remove(event.PhysicalResourceId);
        return answer(event.PhysicalResourceId);
    }
  };
}

async function update(rules: LiveRuleOwner, ruleArn: string, old: TrafficSwitchProperties, wanted: TrafficSwitchProperties): Promise<void> {
  // CloudFormation takes a refused update back by another one, to where the rule never left.
  if (old.ListenerArn !== wanted.ListenerArn && wanted.ListenerArn !== listenerOf(ruleArn)) {
    throw new Error(
      `the live rule of ${JSON.stringify(wanted.Environment)} is on the listener ${old.ListenerArn} and cannot move to ${wanted.ListenerArn}, since a deployment must not move traffic; keep the listener, or add an environment for the new one and take a release there`,
    );
  }
  if (JSON.stringify([old.PathPatterns, old.Hosts]) !== JSON.stringify([wanted.PathPatterns, wanted.Hosts])) await rules.setConditions(ruleArn, wanted);
  if (String(old.Priority) !== String(wanted.Priority)) await rules.setPriority(ruleArn, wanted.Priority);
}

/** The id of a rule follows its listener's: `…:listener-rule/app/<name>/<id>/<listener>/<rule>`. */
const listenerOf = (ruleArn: string) => ruleArn.replace(':listener-rule/', ':listener/').replace(/\/[^/]+$/, '');

function answer(ruleArn: string): SwitchAnswer {
  return { PhysicalResourceId: ruleArn, Data: { RuleArn: ruleArn } };
}

export async function handler(event: SwitchEvent): Promise<SwitchAnswer> {
  const answered = await trafficSwitch(new LiveRuleOwner(new ElasticLoadBalancingV2Client(patience())))(event);
  jsonLog().info(`${event.RequestType} of the live rule`, { environment: event.ResourceProperties.Environment, rule: answered.PhysicalResourceId });
  return answered;
}
