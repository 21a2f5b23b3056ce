import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import type { Integ } from './integ';
import { SAFETY_NET } from './messy';

interface Pattern {
  readonly detail: { readonly stateMachineArn: readonly string[] };
}

/** While the safety net hears of the environments' machines, and not of the path's own. */
export async function withoutPath({ emulator }: Integ, path: string, mess: () => Promise<void>): Promise<void> {
  const events = new EventBridgeClient(emulator.client);
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const rule = Rules.find(({ Name, Description }) => Description === SAFETY_NET && Name?.startsWith(`${path}-Hub`));
  if (rule?.EventPattern === undefined) throw new Error(`${path} has no rule that tells the safety net: ${JSON.stringify(Rules)}`);
  const { Name, Description, EventPattern } = rule;
  const pattern = JSON.parse(EventPattern) as Pattern;
  const stateMachineArn = pattern.detail.stateMachineArn.filter((arn) => !arn.endsWith(`:${path}-path`));
  await events.send(new PutRuleCommand({ Name, Description, EventPattern: JSON.stringify({ ...pattern, detail: { ...pattern.detail, stateMachineArn } }) }));
  try {
    await mess();
  } finally {
    await events.send(new PutRuleCommand({ Name, Description, EventPattern }));
  }
}
