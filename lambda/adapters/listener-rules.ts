import { DescribeRulesCommand, type ElasticLoadBalancingV2Client, type Rule } from '@aws-sdk/client-elastic-load-balancing-v2';

/** Every rule of a listener, its default action included. */
export async function rulesOn(client: ElasticLoadBalancingV2Client, ListenerArn: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new DescribeRulesCommand({ ListenerArn, Marker }));
    rules.push(...(page.Rules ?? []));
    Marker = page.NextMarker;
  } while (Marker);
  return rules;
}

/** The id of a rule follows its listener's: `…:listener-rule/app/<name>/<id>/<listener>/<rule>`. */
export function listenerOf(ruleArn: string): string {
  return ruleArn.replace(':listener-rule/', ':listener/').replace(/\/[^/]+$/, '');
}

/** @returns undefined for a rule that is not there any more, its listener perhaps neither */
export async function findRule(client: ElasticLoadBalancingV2Client, ruleArn: string): Promise<Rule | undefined> {
  try {
    const { Rules } = await client.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
    return Rules?.[0];
  } catch (error) {
    if (['RuleNotFoundException', 'ListenerNotFoundException'].includes((error as Error).name)) return undefined;
    throw error;
  }
}
