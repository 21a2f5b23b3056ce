/** `npm run faults`: see options.ts for how to run it. */
import '../../test/setup';
import { join } from 'node:path';
import { describeMachine } from '../../bench/machine';
import type { Emulator } from '../../rehearsal/emulator/emulator';
import { endEveryRun } from '../../rehearsal/emulator/run';
import { Ending } from '../../rehearsal/ending';
import { makeBundles } from '../bundles';
import { asked } from '../options';
import { PLACES, type PlaceName } from './names';
import { type Options, readOptions } from './options';
import { complaints, expectations, matrix, type Result, summary } from './report';
import { runMatrix } from './run/matrix';
import { deployPlatform, startLocalAws } from './run/platform';
import { rollBackFigures, runRollBacks } from './run/roll-backs';
import type { Platform } from './run/world';
import { BUGS } from './seeded/bugs';
import { runSeeded } from './seeded/run-seeded';
import { TABLE } from './table/table';

/** Folder for everything that is made. */
const STATE = join(__dirname, '../../.rehearsal/faults');

let stop: () => Promise<unknown> = async () => undefined;
const ending = new Ending(
  async () => {
    const [ended] = await Promise.all([endEveryRun(), stop()]);
    return ended;
  },
  (line) => console.log(line),
).onSignals();

async function localAws(): Promise<Emulator> {
  makeBundles();
  const emulator = await startLocalAws(STATE, console.log);
  stop = () => emulator.stop();
  return emulator;
}

async function platform(place: PlaceName, started?: Emulator): Promise<Platform> {
  const emulator = started ?? (await localAws());
  const deployed = await deployPlatform(emulator, STATE, place);
  stop = () => Promise.all([deployed.traffic.stop(), emulator.stop()]);
  return deployed;
}

/** The cells of one path after those of the other: only the one that is tried is deployed, and has users. */
async function byPlace(cells: Options['cells']): Promise<Result[]> {
  const results: Result[] = [];
  const emulator = await localAws();
  for (const place of Object.keys(PLACES) as PlaceName[]) {
    const own = cells.filter(({ state }) => TABLE[state]?.place === place);
    if (own.length === 0) continue;
    const deployed = await platform(place, emulator);
    results.push(...(await runMatrix(deployed, own, console.log)));
    await deployed.traffic.stop();
  }
  return results;
}

async function rollBacks(count: number): Promise<boolean> {
  console.log(describeMachine());
  const all = await runRollBacks(await platform('Live'), count, console.log);
  console.log(rollBackFigures(all).join('\n'));
  return all.every(({ problems }) => problems.length === 0);
}

async function seeded(): Promise<boolean> {
  const missed = await runSeeded(await platform('Live'), STATE, console.log);
  const all = Object.keys(BUGS).length;
  console.log(`${all - missed} of ${all} rules that were broken on purpose were found`);
  return missed === 0;
}

async function faults({ cells, onlyExpected }: Options): Promise<boolean> {
  console.log(expectations().join('\n'));
  if (onlyExpected) return true;
  console.log(`\n${describeMachine()}`);
  const results = await byPlace(cells);
  console.log(`\n${[...matrix(results), '', ...complaints(results), summary(results)].join('\n')}`);
  return results.every(({ problems }) => problems.length === 0);
}

const options = asked('faults', readOptions);
if (options) {
  const run = options.seeded ? seeded() : options.rollBacks > 0 ? rollBacks(options.rollBacks) : faults(options);
  run.then(
    (isRight) => ending.with(isRight ? 0 : 1),
    (error: unknown) => {
      if (ending.hasBegun) return undefined;
      console.error(error);
      return ending.with(1);
    },
  );
}
