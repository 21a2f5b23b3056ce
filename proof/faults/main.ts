/** `npm run faults`: see options.ts for how to run it. */
import '../../test/setup';
import { join } from 'node:path';
import { describeMachine } from '../../bench/machine';
import { endEveryRun } from '../../rehearsal/emulator/run';
import { Ending } from '../../rehearsal/ending';
import { makeBundles } from '../bundles';
import { asked } from '../options';
import { type Options, readOptions } from './options';
import { complaints, expectations, matrix, summary } from './report';
import { runMatrix } from './run/matrix';
import { deployPlatform, startLocalAws } from './run/platform';
import { rollBackFigures, runRollBacks } from './run/roll-backs';
import type { Platform } from './run/world';
import { BUGS } from './seeded/bugs';
import { runSeeded } from './seeded/run-seeded';

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

async function platform(): Promise<Platform> {
  makeBundles();
  const emulator = await startLocalAws(STATE, console.log);
  stop = () => emulator.stop();
  const deployed = await deployPlatform(emulator, STATE);
  stop = () => Promise.all([deployed.traffic.stop(), emulator.stop()]);
  return deployed;
}

async function rollBacks(count: number): Promise<boolean> {
  console.log(describeMachine());
  const all = await runRollBacks(await platform(), count, console.log);
  console.log(rollBackFigures(all).join('\n'));
  return all.every(({ problems }) => problems.length === 0);
}

async function seeded(): Promise<boolean> {
  const missed = await runSeeded(await platform(), STATE, console.log);
  const all = Object.keys(BUGS).length;
  console.log(`${all - missed} of ${all} rules that were broken on purpose were found`);
  return missed === 0;
}

async function faults({ cells, onlyExpected }: Options): Promise<boolean> {
  console.log(expectations().join('\n'));
  if (onlyExpected) return true;
  console.log(`\n${describeMachine()}`);
  const results = await runMatrix(await platform(), cells, console.log);
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
