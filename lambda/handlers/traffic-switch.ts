import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { listenerOf } from '../adapters/listener-rules';
import { LiveRuleOwner } from '../adapters/live-rule-owner';
import type { TrafficSwitchProperties } from '../contract';
import { patience } from './environment-clients';
import { jsonLog } from './task';

type SwitchEvent = CloudFormationCustomResourceEvent<TrafficSwitchProperties & { readonly ServiceToken: string }>;

/** What the custom resource's provider takes: `PhysicalResourceId` is the rule's ARN; it changes only where the rule was gone and is made anew. */
interface SwitchAnswer {
  readonly PhysicalResourceId: string;
  /** `Original`: what it did before any release, `503` or the ARN of a target group. Once deleted, what became of it. */
  readonly Data: { readonly RuleArn: string; readonly Original: string } | { readonly Left: 'removed' | 'left serving' };
}

/**
 * Owns a live rule for CloudFormation (design, decision 6): makes it, keeps its place and its conditions, removes it. Which slot it serves is a
 * release's business, so that no deployment of the platform, and no failed one that is rolled back, moves traffic. One that somebody removed by hand is made anew, when a
 * deployment asks, and does what it did before any release.
 */
export function trafficSwitch(rules: LiveRuleOwner) {
  return async (event: SwitchEvent): Promise<SwitchAnswer> => {
    switch (event.RequestType) {
      case 'Create':
        return answer(rules, await rules.create(event.ResourceProperties, ownerOf(event)));
      case 'Update':
        requireSameListener(event.PhysicalResourceId, event.OldResourceProperties, event.ResourceProperties);
        // Another physical id is another resource for CloudFormation, which then removes the one that is gone.
        if (await rules.isGone(event.PhysicalResourceId)) return answer(rules, await rules.create(event.ResourceProperties, ownerOf(event)));
        await update(rules, event.PhysicalResourceId, event.OldResourceProperties, event.ResourceProperties);
        return answer(rules, event.PhysicalResourceId);
      case 'Delete':
        // Another physical id is the provider's, for a creation that failed before there was a rule.
        return {
          PhysicalResourceId: event.PhysicalResourceId,
          Data: { Left: event.PhysicalResourceId.startsWith('arn:') ? await rules.remove(event.PhysicalResourceId) : 'removed' },
        };
    }
  };
}

/** Tag values take no `#`; a stack's ARN and a logical id hold no blank. */
function ownerOf({ StackId, LogicalResourceId }: SwitchEvent): string {
  return `${StackId} ${LogicalResourceId}`;
}

function requireSameListener(ruleArn: string, old: TrafficSwitchProperties, wanted: TrafficSwitchProperties): void {
  // CloudFormation takes a refused update back by another one, to where the rule never left.
  if (old.ListenerArn !== wanted.ListenerArn && wanted.ListenerArn !== listenerOf(ruleArn)) {
    throw new Error(
      `the live rule of ${JSON.stringify(wanted.Environment)} is on the listener ${old.ListenerArn} and cannot move to ${wanted.ListenerArn}, since a deployment must not move traffic; keep the listener, or add an environment for the new one and take a release there`,
    );
  }
}

async function update(rules: LiveRuleOwner, ruleArn: string, old: TrafficSwitchProperties, wanted: TrafficSwitchProperties): Promise<void> {
  if (JSON.stringify([old.PathPatterns, old.Hosts]) !== JSON.stringify([wanted.PathPatterns, wanted.Hosts])) await rules.setConditions(ruleArn, wanted);
  if (String(old.Priority) !== String(wanted.Priority)) await rules.setPriority(ruleArn, wanted.Priority);
}

async function answer(rules: LiveRuleOwner, ruleArn: string): Promise<SwitchAnswer> {
  return { PhysicalResourceId: ruleArn, Data: { RuleArn: ruleArn, Original: await rules.original(ruleArn) } };
}

export async function handler(event: SwitchEvent): Promise<SwitchAnswer> {
  const answered = await trafficSwitch(new LiveRuleOwner(new ElasticLoadBalancingV2Client(patience())))(event);
  jsonLog().info(`${event.RequestType} of the live rule`, {
    environment: event.ResourceProperties.Environment,
    rule: answered.PhysicalResourceId,
    ...answered.Data,
  });
  return answered;
}
