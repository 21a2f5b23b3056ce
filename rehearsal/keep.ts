import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { HiddenUrl } from '../lambda/contract';
import type { Person } from './people/people';
import { VERSIONS } from './services';
import type { LocalWorld } from './world';

/** Variables a shell needs to act in the story; everything else it has. */
const NEEDED = /^(AWS_|CDK_|PTL_|GATEWAY_PORT$|NODE_OPTIONS$)/;

/** What to look at and try while everything is still running, one line each. */
export async function whatToTry(world: LocalWorld): Promise<string[]> {
  const { aws, people, plans, frontDoors, production, state, root, hub } = world;
  const here = (file: string) => relative(root, file);
  const as = (person: Person | 'administrator') => `source ${here(environmentFile(world, person))}`;
  const service = here(join(state, 'services', VERSIONS.second));
  const first = plans[0]?.environment;
  const host = new URL(frontDoors.get(production.environment)?.url ?? '').host;
  const shadow = (await hub.status()).environments.find(({ environment }) => environment === production.environment)?.shadow;
  return [
    `  ${as(people.pipeline)}`,
    '  node bin/ptl.js status',
    '  node bin/ptl.js tickets',
    `  node bin/ptl.js release 1.3.0 --context service=${service} --context bakeSeconds=4`,
    `  ${as(people.changeAuthority)}      # when 1.3.0 asks for it`,
    `  node bin/ptl.js accept ${production.environment} --reason "looks good"`,
    `  ${as(people.releaseManager)}`,
    `  node bin/ptl.js roll-back ${first} --reason "had second thoughts"`,
    `  ${as('administrator')}        # cdk, SDKs and the AWS CLI talk to this AWS`,
    '',
    `  curl -i -H 'Host: ${host}' ${aws.endpoint}/pay      # what a user gets`,
    ...(shadow === undefined
      ? []
      : [
          `  ${as(people.tester)}      # may read the keys of ${production.environment}'s hidden URLs; needs the AWS CLI:`,
          `  ${hiddenCurl(shadow.hiddenUrl, production.region, aws.endpoint)}      # ${shadow.version}, in its shadow`,
        ]),
    '',
    ...plans.map(({ environment }) => `  ${environment.padEnd(15)} ${frontDoors.get(environment)?.url}`),
    `  Local AWS       ${aws.endpoint}, account ${production.account}, region ${production.region}`,
    `  Its log         ${here(aws.log)}; every call it had, with its principal: ${here(aws.calls)}`,
  ];
}

/** What `ptl status` prints for testers, by way of the local AWS: its load balancers have no names outside of it. */
export function hiddenCurl({ url, headers, secretHeaders }: HiddenUrl, region: string, endpoint: string): string {
  const plain = Object.entries({ Host: new URL(url).host, ...headers }).map(([name, value]) => `-H '${name}: ${value}'`);
  const read = (secret: string) => `$(aws secretsmanager get-secret-value --secret-id ${secret} --region ${region} --query SecretString --output text)`;
  const secret = Object.entries(secretHeaders).map(([name, secret]) => `-H "${name}: ${read(secret)}"`);
  return ['curl -i', ...plain, ...secret, `${endpoint}/pay`].join(' ');
}

/** Writes what a shell sources to act as somebody. */
function environmentFile({ state, aws, path }: LocalWorld, person: Person | 'administrator'): string {
  const { name, env } = person === 'administrator' ? { name: person, env: aws.env } : person;
  const folder = join(state, 'people');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.env`);
  const variables = Object.entries({ AWS_SESSION_TOKEN: '', ...env, PTL_PATH: path }).filter(([variable]) => NEEDED.test(variable));
  writeFileSync(file, variables.map(([variable, value]) => (value === '' ? `unset ${variable}\n` : `export ${variable}='${value}'\n`)).join(''));
  return file;
}
