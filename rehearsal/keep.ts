import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { HiddenUrl } from '../lambda/contract';
import { everybody, type Person } from './people/people';
import { curlConfig, shellFile } from './people/shell-file';
import { sourcesOf, VERSIONS } from './services';
import type { LocalWorld } from './world';

/** Versions that the story does not release. */
const NEXT = '1.3.0';
const WAITS = '1.4.0';
const MEND = '1.4.1';

/** What to look at and try while everything is still running, one line each. */
export async function whatToTry(world: LocalWorld): Promise<string[]> {
  const { aws, people, plans, frontDoors, production, root } = world;
  const here = (file: string) => relative(root, file);
  writePeople(world);
  return [
    `  ${as(world, people.serviceDesk)}      # look, as somebody who may do nothing else`,
    '  node bin/ptl.js status',
    '  node bin/ptl.js tickets',
    `  curl -i ${frontDoors.get(production.environment)?.url}/pay      # what a user gets`,
    '',
    ...(await intoShadow(world)),
    ...throughFirebreak(world),
    '',
    ...wayBack(world),
    '',
    ...emergency(world),
    '',
    ...freeze(world),
    '',
    ...plans.map(({ environment }) => `  ${environment.padEnd(15)} ${frontDoors.get(environment)?.url}`),
    `  Local AWS       ${aws.endpoint}, account ${production.account}, region ${production.region}`,
    `  Its log         ${here(aws.log)}; every call it had, with its principal: ${here(aws.calls)}`,
    `  Everybody       ${[...everybody(people).map(({ name }) => name), ADMINISTRATOR].join(', ')}: ${here(fileOf(world, '<name>'))}; as ${ADMINISTRATOR}, cdk,`,
    '                  SDKs and the AWS CLI talk to this AWS. Source them one after the other, in one shell or several: in it, curl finds the load balancers.',
  ];
}

/** npm itself hands no signal on, so that of the process that does it is named. */
export function howToEnd(pid: number): string[] {
  return [`  Ctrl-C ends it; where it runs in the background: kill ${pid}`];
}

/** A release that stops for everybody who can be asked, in the order in which they are. */
function throughFirebreak(world: LocalWorld): string[] {
  const { people, production, context } = world;
  const { environment } = production;
  const release = `  node bin/ptl.js release ${NEXT} --alters-schema ${contextOf(world, sourcesOf(world.root, world.state, VERSIONS.second), context)}`;
  const pipeline = `  ${as(world, people.pipeline)}`;
  return [
    `  A release that a firebreak stops; exit code 4 says that it waits for people, and the same command again goes on following it:`,
    pipeline,
    release,
    ...[...people.parties.values()].flatMap((member) => [
      `  ${as(world, member)}`,
      `  node bin/ptl.js accept ${environment} --reason "nothing speaks against it"`,
    ]),
    `  ${as(world, people.releaseManager)}`,
    `  node bin/ptl.js resume ${environment} --reason "the window is open"`,
    pipeline,
    `${release}      # until the go/no-go asks`,
    `  ${as(world, people.changeAuthority)}`,
    `  node bin/ptl.js accept ${environment} --reason "looks good"`,
    pipeline,
    `${release}      # until it is live`,
  ];
}

/** By a call while the version before is still in its slot, else by its release once more. */
function wayBack(world: LocalWorld): string[] {
  const { people, production, root, state, context } = world;
  const { first, second } = VERSIONS;
  return [
    `  Back from ${NEXT} to ${second}, in one call:`,
    `  ${as(world, people.releaseManager)}`,
    `  node bin/ptl.js roll-back ${production.environment} --reason "had second thoughts"`,
    '',
    `  And to ${first}, whose slots others have taken: once more through its path, from its own source; ${people.changeAuthority.name} is asked again:`,
    `  ${as(world, people.pipeline)}`,
    `  node bin/ptl.js release ${first} --again ${contextOf(world, sourcesOf(root, state, first), context)}`,
  ];
}

/** An emergency beside a release that waits at the go/no-go, which no firebreak has stopped before; forward although the alarm of the bad version may still fire. */
function emergency(world: LocalWorld): string[] {
  const { people, production, root, state, context } = world;
  const { first } = VERSIONS;
  const built = contextOf(world, sourcesOf(root, state, first), context);
  return [
    `  An emergency, ${MEND}: a release that waits for people in ${production.environment} makes room for it and comes back behind it (ptl status says so); and a fix-forward,`,
    '  which goes on although alarms of all versions fire already. People are asked as ever, and told why:',
    `  ${as(world, people.pipeline)}`,
    `  node bin/ptl.js release ${WAITS} ${built}      # until the go/no-go asks`,
    `  node bin/ptl.js release ${MEND} --emergency "card payments fail" --fix-forward "the alarms are of what it mends" ${built}`,
    '  node bin/ptl.js status',
    `  ${as(world, people.changeAuthority)}`,
    `  node bin/ptl.js accept ${production.environment} --release ${MEND} --reason "mends it"`,
  ];
}

/** Nothing goes live for a while; what goes back may. */
function freeze(world: LocalWorld): string[] {
  const { people, production } = world;
  const { environment } = production;
  return [
    `  A freeze: nothing goes live in ${environment} until it is ended, and a roll back still works:`,
    `  ${as(world, people.releaseManager)}`,
    `  node bin/ptl.js freeze ${environment} --reason "sale, CHG0042"`,
    '  node bin/ptl.js status',
    `  node bin/ptl.js unfreeze ${environment} --reason "sale is over"`,
  ];
}

/** Before the next release takes that slot. */
async function intoShadow(world: LocalWorld): Promise<string[]> {
  const { people, production, hub } = world;
  const shadow = (await hub.status()).environments.find(({ environment }) => environment === production.environment)?.shadow;
  if (shadow === undefined) return [];
  return [
    `  ${shadow.version}, in ${production.environment}'s shadow; needs the AWS CLI, as what ptl status prints for testers while a release is in one:`,
    `  ${as(world, people.tester)}      # may read the keys`,
    `  ${hiddenCurl(shadow.hiddenUrl, production.region)}`,
    '',
  ];
}

/** What `ptl status` prints for testers while a release is in a shadow, in one line. */
export function hiddenCurl({ url, headers, secretHeaders }: HiddenUrl, region: string): string {
  const plain = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`);
  const read = (secret: string) => `$(aws secretsmanager get-secret-value --secret-id ${secret} --region ${region} --query SecretString --output text)`;
  const secret = Object.entries(secretHeaders).map(([name, secret]) => `-H "${name}: ${read(secret)}"`);
  return ['curl -i', ...plain, ...secret, `${url}/pay`].join(' ');
}

const ADMINISTRATOR = 'administrator';

function fileOf({ state }: LocalWorld, name: string): string {
  return join(state, 'people', `${name}.env`);
}

function as(world: LocalWorld, { name }: Person): string {
  return `source ${relative(world.root, fileOf(world, name))}`;
}

/** Options of `ptl release`, with paths as seen from the project's folder. */
function contextOf({ root }: LocalWorld, sources: readonly string[], context: readonly string[]): string {
  return [...sources.map((pair) => pair.replace(`=${root}/`, '=')), ...context].map((pair) => `--context ${pair}`).join(' ');
}

/** Writes what a shell sources to act as somebody, for everybody. */
function writePeople(world: LocalWorld): void {
  const { state, aws, people, path, frontDoors } = world;
  const folder = join(state, 'people');
  mkdirSync(folder, { recursive: true });
  for (const { name, env } of [...everybody(people), { name: ADMINISTRATOR, env: aws.env }]) {
    writeFileSync(fileOf(world, name), shellFile({ ...env, PTL_PATH: path, CURL_HOME: folder }));
  }
  const urls = [...frontDoors.values()].map(({ url }) => url);
  writeFileSync(join(folder, '.curlrc'), curlConfig(urls, aws.endpoint));
}
