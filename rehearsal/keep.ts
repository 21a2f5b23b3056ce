import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Person } from './people/people';
import type { World } from './world';

/** Prints where everything is and what to try, and waits for Ctrl-C. */
export async function keepRunning(world: World): Promise<never> {
  const { narrator, emulator, people, plans, frontDoors, production, path, state } = world;
  const files = writeFiles(world);
  narrator.chapter('Everything is still running; Ctrl-C ends it. In another terminal, in this folder:');
  const frontDoor = frontDoors.get(production.environment);
  const host = new URL(frontDoor?.url ?? 'http://unknown').host;
  narrator.show([
    '',
    `  source ${files.administrator}          # talk to this AWS as its administrator`,
    `  source ${files.of(people.releaseManager)}    # … or as somebody in the story, who may do what they may`,
    '',
    '  node bin/ptl.js status',
    '  node bin/ptl.js tickets',
    `  node bin/ptl.js release 1.3.0 --context service=${join(state, 'services', '1.0.0')} --context bakeSeconds=4    # as ${people.pipeline.name}`,
    `  node bin/ptl.js accept ${production.environment} --reason "looks good"    # as ${people.changeAuthority.name}`,
    `  node bin/ptl.js roll-back ${production.environment} --reason "had second thoughts"    # as ${people.releaseManager.name}`,
    '',
    `  curl -i -H 'Host: ${host}' ${emulator.endpoint}/pay    # what a user gets`,
    ...plans.map(({ environment }) => `  ${environment.padEnd(15)} ${frontDoors.get(environment)?.url}`),
    '',
    `  The local AWS ${emulator.endpoint}, account ${production.account}, region ${production.region}; its log ${emulator.log}`,
    `  Every call it had, with its principal: ${emulator.calls}`,
    `  People: ${[people.pipeline, ...people.parties.values(), people.changeAuthority, people.releaseManager].map(({ name }) => name).join(', ')}`,
    `  Path to live: ${path}`,
  ]);
  return new Promise<never>(() => setInterval(() => undefined, 60_000));
}

/** One file a person, to be sourced by a shell. */
function writeFiles({ state, people, emulator, path }: World) {
  const folder = join(state, 'people');
  mkdirSync(folder, { recursive: true });
  const write = (name: string, env: NodeJS.ProcessEnv) => {
    const file = join(folder, `${name}.env`);
    const variables = Object.entries({ ...env, PTL_PATH: path }).filter(([variable]) => /^(AWS_|CDK_|PTL_|GATEWAY_PORT|NODE_OPTIONS)/.test(variable));
    writeFileSync(
      file,
      `${[...variables.map(([variable, value]) => `export ${variable}='${value}'`), ...(env.AWS_SESSION_TOKEN ? [] : ['unset AWS_SESSION_TOKEN'])].join('\n')}\n`,
    );
    return file;
  };
  for (const person of [people.pipeline, ...people.parties.values(), people.changeAuthority, people.releaseManager]) write(person.name, person.env);
  return { administrator: write('administrator', emulator.env), of: ({ name }: Person) => join(folder, `${name}.env`) };
}
