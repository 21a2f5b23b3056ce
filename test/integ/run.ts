/**
 * Deploys the integration tests to the local AWS and judges what is seen there. Arguments are names of cases: `npm run integ -- trafficSwitch` runs just
 * that one. Several run in two lanes beside each other, each with a local AWS of its own: they wait about as much as they compute.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { preparePython } from '../../rehearsal/emulator/python';
import { claim } from '../../rehearsal/sole-run';
import { CASES } from './cases';
import { compile, compiled } from './compiled';
import type { Given, Said } from './lane';
import { takeNext } from './take-next';

const ROOT = join(__dirname, '..', '..');
const LANES = 2;

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.find((name) => CASES[name] === undefined);
  if (unknown !== undefined) throw new Error(`there is no case ${JSON.stringify(unknown)}; there are ${Object.keys(CASES).join(', ')}`);
  claim(join(ROOT, '.rehearsal', 'integ'), 'npm run integ');
  const prepared = preparePython({ venv: join(ROOT, '.venv'), requirements: join(ROOT, 'rehearsal', 'requirements.txt'), say: console.log });
  const [python] = await Promise.all([prepared, compile()]);
  const waiting = Object.keys(CASES).filter((name) => wanted.length === 0 || wanted.includes(name));
  const lanes = Array.from({ length: Math.min(LANES, waiting.length) }, (_, index) => {
    const had: string[] = [];
    return follow(join(ROOT, '.rehearsal', `integ-${index + 1}`), python, () => {
      const name = takeNext(waiting, had);
      if (name === undefined) return 'end';
      had.push(name);
      return { run: name };
    });
  });
  const counts = await Promise.all(lanes);
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0) + waiting.length;
  for (const name of waiting) console.log(`FAILED  ${name} did not run`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** Gives cases to a lane until there are no more. One that ends early has failed once. */
function follow(state: string, python: string, give: () => Given): Promise<Exclude<Said, 'next'>> {
  const lane = fork(join(ROOT, compiled('test/integ/lane.ts')), [state, python], { execArgv: [] });
  return new Promise((resolve) => {
    let counted = { passed: 0, failed: 1 };
    lane.on('message', (said: Said) => {
      if (said === 'next') lane.send(give());
      else counted = said;
    });
    lane.once('close', (code) => {
      if (code !== 0) console.log(`FAILED  a lane ended with ${code}`);
      resolve(code === 0 ? counted : { ...counted, failed: Math.max(1, counted.failed) });
    });
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
