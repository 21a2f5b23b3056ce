import { setTimeout as wait } from 'node:timers/promises';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Platform } from './world';

const LOOK_EVERY_MS = 250;
/** Whatever a safety net waits for is over by then; what is not at rest then never will be. */
const PATIENCE_MS = 60_000;

/** Why it is not at rest yet; undefined: nothing moves any more, and nobody holds anything. */
export async function notAtRest({ ledger, emulator, place: { path, environment } }: Platform, version: string): Promise<string | undefined> {
  const release = await ledger.release(version);
  if (release?.status === 'submitted') return `the release is ${release.reached[environment] ?? 'on its way'}`;
  const state = await ledger.environment();
  if (state?.lock) return `release ${state.lock.release} holds the lock`;
  if (state?.lease && state.lease.expiresAt !== '') return `a writer holds the live rule until ${state.lease.expiresAt}`;
  const sfn = new SFNClient(emulator.client);
  for (const machine of [`${path}-path`, `${path}-${environment}`]) {
    const stateMachineArn = `arn:aws:states:${emulator.region}:${emulator.account}:stateMachine:${machine}`;
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }));
    if (executions[0]) return `an execution of ${machine} runs`;
  }
  return undefined;
}

/** @returns why it did not come to rest; undefined when it did */
export async function rest(platform: Platform, version: string): Promise<string | undefined> {
  for (const begun = Date.now(); ; await wait(LOOK_EVERY_MS)) {
    const why = await notAtRest(platform, version);
    if (why === undefined || Date.now() - begun > PATIENCE_MS) return why;
  }
}
