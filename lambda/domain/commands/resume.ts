import type { ReleaseView, ResumeBody } from '../../contract';
import { Refused } from '../errors';
import { checkNotHeld } from '../freezes/check-not-held';
import { answerOf } from '../gates/gate';
import { resume as resumeAt } from '../gates/gate-decision';
import { toToken } from '../gates/gate-opening';
import type { Ports } from '../ports';
import { checkBound, passed, waitingGate } from './decide';
import { decideAgain } from './decide-again';
import { viewRelease } from './read';

/** Sends a release on from a firebreak that every party has accepted. */
export async function resume(ports: Ports, caller: string, version: string, body: ResumeBody): Promise<ReleaseView> {
  await decideAgain(ports.clock, async () => {
    const { release, gate } = await waitingGate(ports, version, body.environment, 'firebreak');
    const now = ports.clock.now();
    const resumed = resumeAt(gate, caller, now);
    if (resumed instanceof Refused) throw resumed;
    checkBound(gate, release);
    await checkNotHeld(ports, release, gate, now);
    const answer = answerOf(resumed);
    await ports.ledger.commit({
      put: [resumed],
      audit: [passed(resumed, { at: now, who: caller, why: body.reason })],
      deliver: answer ? [toToken(resumed.token, answer)] : [],
    });
    ports.log.info('release resumed', { release: version, environment: body.environment, gate: gate.gate, who: caller });
  });
  return viewRelease(ports, version);
}
