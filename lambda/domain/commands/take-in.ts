import type { SubmitBody } from '../../contract';
import type { Release } from '../model';
import type { Ports } from '../ports';
import { checkChanges, checkSameChanges } from '../release/declared-changes';
import { checkTriedAgain, goesOnceMore } from '../release/once-more';
import { checkBody, checkOutside, checkSameDigest } from '../release/submission';
import { decideAgain } from './decide-again';
import { environmentsOf } from './known';
import { newAttempt } from './new-attempt';
import { startOnPath } from './start';

/**
 * Registers a release and starts it on its path. Submitting the same content again finds the release that is in flight or live, and starts a new
 * attempt of one that a machine stopped; of one that was rolled back, refused, aborted, or live and has been replaced, where that is said.
 *
 * The ledger knows the execution before it starts: after a crash in between, submitting again starts it.
 */
export async function takeIn(ports: Ports, caller: string, body: SubmitBody): Promise<Release> {
  checkBody(body);
  const release = await decideAgain(ports.clock, () => registered(ports, caller, body));
  if (release.status === 'submitted') await startOnPath(ports, release);
  return release;
}

async function registered(ports: Ports, author: string, body: SubmitBody): Promise<Release> {
  const stored = await ports.ledger.release(body.version);
  if (stored) {
    checkSameDigest(stored, body);
    const states = await environmentsOf(ports, stored);
    if (stored.status === 'submitted' || (stored.status === 'live' && !goesOnceMore(stored, states, body))) {
      checkChanges(stored.plan, body);
      checkSameChanges(stored, body);
      return stored;
    }
    checkTriedAgain(stored, await ports.ledger.audit(stored.version), body);
    checkOutside(stored, states);
  }
  return newAttempt(ports, { author, body, stored, executionArn: (name) => ports.machines.executionArn(name) });
}
