/**
 * A lane of the integration tests: a local AWS of its own, to which it deploys one case after the other, as they are given to it.
 *
 * Usage, by `run.ts` only: `lane.ts <folder for what it leaves behind> <python>`
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator } from '../../rehearsal/emulator/emulator';
import { ACCOUNT, REGION } from '../../rehearsal/emulator/environment';
import { CASES } from './cases';
import { IMAGES } from './cases/fargate-service';
import { Integ } from './integ';

/** What a lane tells who gives it cases: that it wants one, and at the end what it counted. */
export type Said = 'next' | { readonly passed: number; readonly failed: number };
/** The name of a case, or that there are no more. */
export type Given = { readonly run: string } | 'end';

async function main([state = '', python = '']: readonly string[]): Promise<void> {
  const root = join(__dirname, '..', '..');
  mkdirSync(state, { recursive: true });
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
    for (let given = await next(); given !== 'end'; given = await next()) {
      const [started, run] = [Date.now(), CASES[given.run]];
      await run?.(integ);
      console.log(`        ${given.run}: ${Math.round((Date.now() - started) / 1000)} s`);
    }
  } finally {
    await emulator.stop();
  }
  process.send?.({ passed: integ.passed, failed: integ.failed } satisfies Said);
  process.disconnect?.();
}

function next(): Promise<Given> {
  return new Promise((resolve) => {
    process.once('message', resolve);
    process.send?.('next' satisfies Said);
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
