import { setTimeout as wait } from 'node:timers/promises';
import type { StatusView } from '../../lambda/contract';
import { ptl } from '../people/ptl';
import { Secrets } from '../people/secrets';
import { Problem } from '../problem';
import { ANSWERED_BY } from '../traffic/generator';
import type { World } from '../world';

const LOOK_MS = 2000;

/** A tester opens production's hidden URL: with the key it is the new version, without it and for every user the old one. */
export async function lookIntoShadow(world: World, version: string, live: string): Promise<void> {
  const { narrator, promises, production, traffic, aws, people, root, path } = world;
  const began = Date.now();
  const { environment } = production;
  const { document: status } = await ptl<StatusView>(root, people.tester, path, ['status']);
  const shadow = status.environments.find((each) => each.environment === environment)?.shadow;
  if (shadow === undefined) throw new Problem(`The hub shows no shadow in ${environment}, although ${version} was deployed there.`);
  const { url, headers, secretHeaders, access } = shadow.hiddenUrl;
  const secrets = new Secrets(aws, people.tester);
  const keys: Record<string, string> = {};
  for (const [header, secret] of Object.entries(secretHeaders)) keys[header] = await secrets.read(secret);
  await keepToTheirOwn(world, secrets);
  const answeredBy = async (more: Record<string, string>) => (await fetch(`${url}/pay`, { headers: { ...headers, ...more } })).headers.get(ANSWERED_BY.version);
  const [withKey, withoutKey, wrongKey] = [await answeredBy(keys), await answeredBy({}), await answeredBy(mapped(keys, () => 'guessed'))];
  promises.check(
    `${environment}'s hidden URL answers ${version}, and only to who has the key`,
    withKey === version && withoutKey !== version && wrongKey !== version,
    `${withKey} with it, ${withoutKey} without`,
  );
  narrator.say(`${people.tester.name} opens ${environment}'s hidden URL (${access}): ${withKey} answers with the key, ${withoutKey} without it.`);

  await wait(LOOK_MS);
  const seen = traffic.responses().filter((response) => response.environment === environment && response.sent >= began);
  const others = seen.filter((response) => response.version !== live);
  promises.check(
    `users get ${live} while ${version} is in the shadow`,
    seen.length > 0 && others.length === 0,
    `${seen.length} answers, ${others.length} of another version`,
  );
  narrator.say(`Meanwhile users got ${seen.length} answers, ${seen.length - others.length} of them from ${live}.`);
}

/** The tests' own key, and the keys of other environments, are none of a tester's. */
async function keepToTheirOwn({ promises, frontDoors, production, people, tried }: World, secrets: Secrets): Promise<void> {
  const others = [...frontDoors].flatMap(([environment, { hiddenUrls, testUrls }]) =>
    [...Object.values(testUrls), ...(environment === production.environment ? [] : Object.values(hiddenUrls))].flatMap(({ secretHeaders }) =>
      Object.values(secretHeaders),
    ),
  );
  const names = [...new Set(others)];
  tried.push(...names.map((secret) => ({ role: people.tester.name, action: 'secretsmanager:GetSecretValue', secret })));
  const refused = await Promise.all(names.map((name) => secrets.isRefused(name)));
  promises.check(
    `${people.tester.name} reads the keys of ${production.environment}'s hidden URLs and no other`,
    names.length > 0 && refused.every(Boolean),
    `${refused.filter(Boolean).length} of ${names.length} others refused`,
  );
}

function mapped(record: Record<string, string>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
