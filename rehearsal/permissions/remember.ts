import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { everybody } from '../people/people';
import type { World } from '../world';
import { bootstrapTemplate } from './assembly/bootstrap-template';
import { type Deployed, readDeployed } from './assembly/deployed';

/** In the rehearsal's folder: what stood at its end, for whoever holds its calls against the policies later. */
export const DEPLOYED = 'deployed.json';

/** Writes down what the templates leave open and this deployment settled. */
export async function rememberDeployment({ aws, people, frontDoors, path, state }: World): Promise<Deployed> {
  const liveRules = Object.fromEntries([...frontDoors].map(([environment, { liveRuleArn }]) => [`${path}-${environment}`, liveRuleArn]));
  const client = new CloudFormationClient(aws.client);
  const deployed = await readDeployed(client, { liveRules, people: everybody(people).map(({ role }) => role), bootstrapTemplate: await bootstrapTemplate() });
  writeFileSync(join(state, DEPLOYED), `${JSON.stringify(deployed, null, 2)}\n`);
  return deployed;
}
