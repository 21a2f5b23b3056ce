import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Aws } from './aws';
import type { Narrator } from './narrator';
import { Hub } from './people/hub';
import { engage, everybody } from './people/people';
import { Promises } from './promises';
import { badRelease } from './scenarios/bad-release';
import { throughFirebreak } from './scenarios/firebreak';
import { untilReadAfter } from './scenarios/goes-on';
import { nothingIsWrong } from './scenarios/nothing-wrong';
import { straightThrough } from './scenarios/straight-through';
import { LIVE_PATHS } from './services';
import { Traffic } from './traffic/traffic';
import type { Platform, Told, World } from './world';

/** Requests a second. */
export interface Rate {
  readonly production: number;
  /** In each other environment. */
  readonly elsewhere: number;
}

export interface Beginning<A extends Aws> {
  readonly root: string;
  readonly state: string;
  readonly aws: A;
  readonly narrator: Narrator;
  readonly platform: Platform;
  readonly rate: Rate;
  /** How long anybody waits for their part. */
  readonly patienceSeconds: number;
}

/** Users go on coming when the last release has ended: whatever is wrong by then shows. */
const AFTERWARDS_MS = 4000;
/** How long users come at most until one of them has read what the bad version left. */
const GOES_ON_WITHIN_MS = 60_000;

/** People are engaged, and users begin to come: before the first release is live they are told so. */
export async function begin<A extends Aws>({
  root,
  state,
  aws,
  narrator,
  platform,
  rate,
  patienceSeconds,
}: Beginning<A>): Promise<World & { readonly aws: A }> {
  const people = await engage(aws, platform.path, platform.production);
  const names = everybody(people)
    .filter((person) => person !== people.pipeline)
    .map(({ name }) => name);
  narrator.say(`People have IAM roles of their own: ${names.join(', ')}; and so has the pipeline.`);
  const traffic = startTraffic(platform, aws, rate, join(state, 'responses.jsonl'));
  narrator.say(
    `Users come: ${rate.production} requests a second to ${platform.production.environment}, ${rate.elsewhere} to each other environment. No retries.`,
  );
  const hub = await Hub.find(aws, platform.path, people.serviceDesk, patienceSeconds);
  return { ...platform, root, state, narrator, aws, people, hub, traffic, promises: new Promises(), tried: [] };
}

/** The three releases, one after the other, and what became of them. */
export async function tell(world: World): Promise<Told[]> {
  const told = [await straightThrough(world), await throughFirebreak(world)];
  const bad = await badRelease(world);
  await nothingIsWrong(world, 'once the bad release has gone back');
  await wait(AFTERWARDS_MS);
  await untilReadAfter(bad, world, GOES_ON_WITHIN_MS);
  await world.traffic.stop();
  return [...told, bad];
}

/** @param log file every response is written to */
export function startTraffic({ plans, production, frontDoors }: Platform, { env }: Aws, rate: Rate, log: string): Traffic {
  const streams = plans.map(({ environment }) => ({
    environment,
    url: frontDoors.get(environment)?.url ?? '',
    paths: LIVE_PATHS,
    requestsPerSecond: environment === production.environment ? rate.production : rate.elsewhere,
  }));
  return Traffic.start(streams, log, env);
}
