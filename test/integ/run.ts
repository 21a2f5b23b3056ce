/**
 * Deploys the integration tests to the local AWS, one case after the other, and judges what is seen there. Arguments are names of cases:
 * `npm run integ -- trafficSwitch` runs just that one.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator } from '../../rehearsal/emulator/emulator';
import { ACCOUNT, REGION } from '../../rehearsal/emulator/environment';
import { preparePython } from '../../rehearsal/emulator/python';
import { adopt } from './cases/adopt';
import { contract } from './cases/contract';
import { fargateService, IMAGES } from './cases/fargate-service';
import { ledger } from './cases/ledger';
import { messes } from './cases/messes';
import { onlyTheFirebreak } from './cases/only-the-firebreak';
import { onlyTheSwitch } from './cases/only-the-switch';
import { outage } from './cases/outage';
import { ownPathMachine } from './cases/own-path-machine';
import { ownStack } from './cases/own-stack';
import { pipelines } from './cases/pipelines';
import { trafficSwitch } from './cases/traffic-switch';
import { wholeRelease } from './cases/whole-release';
import { type Case, Integ } from './integ';

const CASES: Readonly<Record<string, Case>> = {
  ledger,
  trafficSwitch,
  wholeRelease,
  contract,
  outage,
  pipelines,
  adopt,
  messes,
  ownStack,
  fargateService,
  onlyTheSwitch,
  onlyTheFirebreak,
  ownPathMachine,
};

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.find((name) => CASES[name] === undefined);
  if (unknown !== undefined) throw new Error(`there is no case ${JSON.stringify(unknown)}; there are ${Object.keys(CASES).join(', ')}`);
  const root = join(__dirname, '..', '..');
  const state = join(root, '.rehearsal', 'integ');
  mkdirSync(state, { recursive: true });
  const python = await preparePython({ venv: join(root, '.venv'), requirements: join(root, 'rehearsal', 'requirements.txt'), say: console.log });
  const images = Object.fromEntries(Object.entries(IMAGES).map(([image, folder]) => [image, join(root, folder)]));
  const emulator = await startEmulator({ root, state, python, images });
  // This process was started before there was a local AWS: its own requests are to reach it by AWS's names, too.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  process.env.GATEWAY_PORT = String(emulator.port);
  require('../../rehearsal/local_aws/names.cjs');
  const integ = new Integ(emulator, state);
  try {
    const bootstrapped = await integ.cdk(['bootstrap', `aws://${ACCOUNT}/${REGION}`], state);
    integ.judge('the account is bootstrapped', bootstrapped.status === 0, bootstrapped.said);
    for (const [name, run] of Object.entries(CASES)) {
      if (wanted.length === 0 || wanted.includes(name)) await run(integ);
    }
  } finally {
    await emulator.stop();
  }
  console.log(`${integ.passed} passed, ${integ.failed} failed`);
  process.exitCode = integ.failed === 0 ? 0 : 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
