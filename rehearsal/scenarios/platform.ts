import { join } from 'node:path';
import { GetParameterCommand, GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { EnvironmentPlan, FrontDoor } from '../../lambda/contract';
import type { Aws } from '../aws';
import { cdk } from '../emulator/cdk';
import type { Narrator } from '../narrator';
import { Problem } from '../problem';
import type { Platform } from '../world';

export interface PlatformOptions {
  /** The project's folder. */
  readonly root: string;
  /** Folder for what is synthesized. */
  readonly state: string;
  readonly aws: Aws;
  readonly narrator: Narrator;
  /** What the app is synthesized with, `<key>=<value>`, here and for every release. */
  readonly context: readonly string[];
}

/** Deploys the example's platform with the CDK's own CLI: bootstrap, hub, one front door an environment. */
export async function deployPlatform({ root, state, aws, narrator, context }: PlatformOptions): Promise<Platform> {
  const assembly = join(state, 'platform');
  // Bundles the handlers first, as cdk.json says.
  const synthesized = cdk(root, aws, 'synth', '**', '--quiet', '--output', assembly, ...context.flatMap((pair) => ['--context', pair]));
  // In a folder without an app, it is bootstrapped without synthesizing one.
  await Promise.all([synthesized, cdk(state, aws, 'bootstrap', `aws://${aws.account}/${aws.region}`)]);
  narrator.say('The app is synthesized, and the account bootstrapped (cdk bootstrap).');
  await cdk(root, aws, 'deploy', '--all', '--app', assembly, '--concurrency', '4', '--require-approval', 'never');
  const platform = await readPlatform(aws, context);
  narrator.say(
    `The hub and ${platform.plans.length} front doors stand (cdk deploy --all): ${platform.plans.map(({ environment }) => environment).join(', ')}.`,
  );
  return platform;
}

/** Reads what the platform publishes about itself. @throws Problem when there is no path to live, or more than one */
async function readPlatform({ client }: Aws, context: readonly string[]): Promise<Platform> {
  const ssm = new SSMClient(client);
  const parameters: { Name?: string; Value?: string }[] = [];
  for (let NextToken: string | undefined, first = true; first || NextToken !== undefined; first = false) {
    const page = await ssm.send(new GetParametersByPathCommand({ Path: '/path-to-live', Recursive: true, NextToken }));
    parameters.push(...(page.Parameters ?? []));
    NextToken = page.NextToken;
  }
  const plans = parameters
    .filter(({ Name }) => /^\/path-to-live\/[^/]+\/plan\//.test(Name ?? ''))
    .map(({ Value }) => JSON.parse(Value ?? '') as EnvironmentPlan)
    .sort((a, b) => a.order - b.order);
  const production = plans.at(-1);
  if (production === undefined || plans.some(({ path }) => path !== production.path)) throw new Problem('The app must have exactly one path to live.');
  const frontDoors = new Map<string, FrontDoor>();
  for (const { environment, frontDoorParameter } of plans) {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: frontDoorParameter }));
    frontDoors.set(environment, JSON.parse(Parameter?.Value ?? '') as FrontDoor);
  }
  return { path: production.path, plans, production, frontDoors, context };
}
