/**
 * The rehearsal: three releases on a local AWS, told as they happen, measured and checked. Started by start.js, with its options as JSON;
 * ends with the story's table and an exit code that says whether every promise was kept.
 */
import { mkdirSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join, relative } from 'node:path';
import { begin, startTraffic, tell } from './begin';
import { busyMachine } from './busy-machine';
import { type Emulator, startEmulator } from './emulator/emulator';
import { preparePython } from './emulator/python';
import { endEveryRun } from './emulator/run';
import { Ending } from './ending';
import { MemoryWatch } from './figures/memory';
import { howToEnd, whatToTry } from './keep';
import { Narrator } from './narrator';
import { Problem } from './problem';
import { report } from './report';
import { deployPlatform } from './scenarios/platform';
import type { Traffic } from './traffic/traffic';
import type { LocalWorld } from './world';

interface Options {
  readonly keep: boolean;
  /** File for the figures; `-` is standard output. */
  readonly json?: string;
}

/** A canary's tenth must be enough for an alarm to see, and all of it little enough for two cores beside the rest. */
const RATE = { production: 40, elsewhere: 4 } as const;
const PATIENCE_SECONDS = 300;
/** How long a version is watched at each share of the traffic. On AWS it is minutes; the alarms here need seconds. */
const CONTEXT = ['bakeSeconds=4'];

const root = join(__dirname, '..');
const state = join(root, '.rehearsal');
const here = (path: string) => relative(process.cwd(), path) || '.';

/** Standard output is for the figures where they go there. */
let out: NodeJS.WriteStream = process.stdout;
let emulator: Promise<Emulator> | undefined;
let traffic: Traffic | undefined;

const ending = new Ending(stopEverything, (line) => out.write(`${line}\n`)).onSignals();

async function rehearse({ keep, json }: Options): Promise<boolean> {
  if (json === '-') out = process.stderr;
  const narrator = new Narrator((line) => out.write(`${line}\n`));
  const memory = new MemoryWatch();
  mkdirSync(state, { recursive: true });
  narrator.show([
    'Three releases go from integration to live on this machine, under live traffic. It takes about three minutes, and some minutes more the first time, for packages.',
  ]);
  narrator.chapter('A platform on a local AWS');
  const python = await preparePython({ venv: join(root, '.venv'), requirements: join(__dirname, 'requirements.txt'), say: (line) => narrator.say(line) });
  emulator = startEmulator({ root, state, python });
  const aws = await emulator;
  resolveNamesHere(aws.port);
  narrator.say(`A local AWS listens on ${aws.endpoint}, with IAM evaluated. Nothing here touches a real account.`);
  const platform = await deployPlatform({ root, state, aws, narrator, context: CONTEXT });
  const world = await begin({ root, state, aws, narrator, platform, rate: RATE, patienceSeconds: PATIENCE_SECONDS });
  traffic = world.traffic;
  const told = await tell(world);

  const kept = await report(world, told, { json, memory });
  if (keep) await keepRunning(world);
  return kept;
}

/** Users come again: a release that is tried needs them as much as the story's did. */
async function keepRunning(world: LocalWorld): Promise<never> {
  traffic = startTraffic(world, world.aws, RATE, join(state, 'responses-afterwards.jsonl'));
  world.narrator.chapter('Everything is still running, users too. In another terminal, in this folder:');
  world.narrator.show(['', ...(await whatToTry(world)), '', ...howToEnd(process.pid)]);
  return new Promise<never>(() => setInterval(() => undefined, 60_000));
}

/** This process was started before there was an emulator; its own requests are to reach it by AWS's names, too. */
function resolveNamesHere(port: number): void {
  process.env.GATEWAY_PORT = String(port);
  require('./local_aws/names.cjs');
}

/** @returns whether nothing is left running */
async function stopEverything(): Promise<boolean> {
  const [ended] = await Promise.all([
    endEveryRun(),
    traffic?.stop(),
    emulator?.then(
      (started) => started.stop(),
      () => undefined,
    ),
  ]);
  return ended;
}

rehearse(JSON.parse(process.argv[2] ?? '{}') as Options).then(
  (kept) => ending.with(kept ? 0 : 1),
  (error: unknown) => {
    if (ending.hasBegun) return undefined;
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    for (const line of busyMachine(loadavg(), availableParallelism())) console.error(`\n${line.trim()}`);
    if (emulator !== undefined) console.error(`\nThe logs are in ${here(state)}: emulator.log, functions.log, calls.jsonl, responses.jsonl.`);
    return ending.with(1);
  },
);
