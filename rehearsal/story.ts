/**
 * The rehearsal: three releases on a local AWS, told as they happen, measured and checked. Started by start.js, with its options as JSON;
 * ends with the story's table and an exit code that says whether every promise was kept.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Emulator, startEmulator } from './emulator/emulator';
import { preparePython } from './emulator/python';
import { endEveryRun } from './emulator/run';
import { readCalls } from './figures/calls';
import { checkFigures } from './figures/check';
import { measure } from './figures/figures';
import { MemoryWatch } from './figures/memory';
import { figuresTable } from './figures/table';
import { keepRunning } from './keep';
import { Narrator } from './narrator';
import { Hub } from './people/hub';
import { engage } from './people/people';
import { pictureOf } from './picture/of-the-story';
import { Problem } from './problem';
import { Promises } from './promises';
import { badRelease } from './scenarios/bad-release';
import { throughFirebreak } from './scenarios/firebreak';
import { deployPlatform } from './scenarios/platform';
import { straightThrough } from './scenarios/straight-through';
import { LIVE_PATHS } from './services';
import { Traffic } from './traffic/traffic';
import type { Platform, World } from './world';

interface Options {
  readonly keep: boolean;
  /** File for the figures; `-` is standard output. */
  readonly json?: string;
}

/** Requests a second: a canary's tenth must be enough for an alarm to see, and all of it little enough for two cores beside the rest. */
const RATE = { production: 30, elsewhere: 5 } as const;

const root = join(__dirname, '..');
const state = join(root, '.rehearsal');
const here = (path: string) => relative(process.cwd(), path) || '.';

let emulator: Emulator | undefined;
let traffic: Traffic | undefined;

async function rehearse({ keep, json }: Options): Promise<boolean> {
  const out = json === '-' ? process.stderr : process.stdout;
  const narrator = new Narrator((line) => out.write(`${line}\n`));
  const memory = new MemoryWatch();
  mkdirSync(state, { recursive: true });
  narrator.chapter('A platform on a local AWS');
  const python = await preparePython({ venv: join(root, '.venv'), requirements: join(__dirname, 'requirements.txt'), say: (line) => narrator.say(line) });
  emulator = await startEmulator({ root, state, python });
  resolveNamesHere(emulator.port);
  narrator.say(`A local AWS listens on ${emulator.endpoint}, with IAM evaluated. Nothing here touches a real account.`);
  const world = await begin(narrator, emulator, await deployPlatform(root, state, emulator, narrator));

  const told = [await straightThrough(world), await throughFirebreak(world), await badRelease(world)];
  await traffic?.stop();

  narrator.chapter('What was measured');
  const responses = world.traffic.responses();
  const measured = await measure(world, told, responses, readCalls(emulator.calls));
  checkFigures(measured.figures, world.promises);
  const picture = join(state, 'picture.svg');
  writeFileSync(picture, pictureOf(world, told, measured, responses));
  const bytes = memory.stop();
  const took = { seconds: narrator.seconds, memoryBytes: bytes };
  narrator.show(['', ...figuresTable(measured.figures), '', ...world.promises.report(), '']);
  const megabytes = bytes === undefined ? '' : `, ${Math.round(bytes / 2 ** 20)} MB of memory at most`;
  narrator.show([`  ${narrator.seconds.toFixed(0)} s in all${megabytes}. The picture: ${here(picture)}`]);
  write(json, { ...measured.figures, ...took, promises: world.promises.checked });
  narrator.show([world.promises.broken.length === 0 ? '  Every promise was kept.' : `  ${world.promises.broken.length} promises were BROKEN.`]);
  if (keep) await keepRunning(world);
  return world.promises.broken.length === 0;
}

/** People are engaged, and users begin to come: before the first release is live they are told so. */
async function begin(narrator: Narrator, aws: Emulator, platform: Platform): Promise<World> {
  const people = await engage(aws, platform.path, platform.production);
  const names = [...people.parties.values(), people.changeAuthority, people.releaseManager].map(({ name }) => name);
  narrator.say(`People have IAM roles of their own: ${names.join(', ')}; and so has the pipeline.`);
  const streams = platform.plans.map(({ environment }) => ({
    environment,
    url: platform.frontDoors.get(environment)?.url ?? '',
    paths: LIVE_PATHS,
    requestsPerSecond: environment === platform.production.environment ? RATE.production : RATE.elsewhere,
  }));
  traffic = Traffic.start(streams, join(state, 'responses.jsonl'), aws.env);
  narrator.say(
    `Users come: ${streams.map(({ environment, requestsPerSecond }) => `${requestsPerSecond} requests a second to ${environment}`).join(', ')}. No retries.`,
  );
  const hub = await Hub.find(aws, platform.path, people.releaseManager);
  return { ...platform, root, state, narrator, emulator: aws, people, hub, traffic, promises: new Promises() };
}

/** This process was started before there was an emulator; its own requests are to reach it by AWS's names, too. */
function resolveNamesHere(port: number): void {
  process.env.GATEWAY_PORT = String(port);
  require('./local_aws/names.cjs');
}

function write(json: string | undefined, figures: object): void {
  if (json === undefined) return;
  const text = `${JSON.stringify(figures, null, 2)}\n`;
  if (json === '-') process.stdout.write(text);
  else writeFileSync(json, text);
}

async function end(exitCode: number): Promise<never> {
  endEveryRun();
  await traffic?.stop();
  await emulator?.stop();
  process.exit(exitCode);
}

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => void end(exitCode));
}

rehearse(JSON.parse(process.argv[2] ?? '{}') as Options).then(
  (kept) => end(kept ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    if (emulator !== undefined) console.error(`\nThe logs are in ${here(state)}: emulator.log, functions.log, calls.jsonl, responses.jsonl.`);
    return end(1);
  },
);
