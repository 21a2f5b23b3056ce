import type { ReasonBody, ReleaseView } from '../../contract';
import { isOnItsWayIn } from '../environment';
import { Refused } from '../errors';
import type { EnvironmentState, Release } from '../model';
import { isSurelyOut } from '../outage/outage';
import type { Ports } from '../ports';
import { statusInWords } from '../release/release';
import { decideAgain } from './decide-again';
import { environmentsOf, namedRelease } from './known';
import { viewRelease } from './read';
import { stopWaiting, toldToStop } from './stop-waiting';

/**
 * Stops a release before it has any traffic of the environment it is in, in an outage, too. What waits for people is told at once, everything else at
 * its next step. Environments it went live in stay as they are. One that an emergency has evicted does not come back, whether it has stopped by then or not.
 */
export async function abort(ports: Ports, caller: string, version: string, body: ReasonBody): Promise<ReleaseView> {
  await decideAgain(ports.clock, async () => {
    const release = await namedRelease(ports, version);
    if (release.status !== 'submitted' && !isToComeBack(release)) {
      throw new Refused(
        'ReleaseFinished',
        `release ${version} is ${statusInWords(release)} already, there is nothing to abort; to take it out of an environment use ptl roll-back`,
      );
    }
    if (release.aborted && !isToComeBack(release)) return stopWaiting(ports, version);
    const states = await environmentsOf(ports, release);
    const held = checkNothingShifted(release, states);
    const now = ports.clock.now();
    const aborted = { by: caller, reason: body.reason.trim(), at: now };
    await ports.ledger.commit({
      ...toldToStop(release, aborted, await ports.ledger.gates(version), states),
      audit: [{ at: now, what: 'ReleaseAborted', release: version, environment: held, who: caller, why: aborted.reason, detail: { digest: release.digest } }],
    });
    ports.log.info('release aborted', { release: version, environment: held, who: caller });
  });
  return viewRelease(ports, version);
}

/** It was evicted, and the hub has not submitted it anew yet. */
function isToComeBack({ aborted }: Release): boolean {
  return aborted?.evicted === true;
}

/** @returns the environment the release holds, if any */
function checkNothingShifted(release: Release, states: readonly EnvironmentState[]): string | undefined {
  const held = states.find((state) => isOnItsWayIn(state, release.version));
  // In an outage nobody has the release yet: it goes back as where it fails, and what was migrated is taken back.
  if (!held?.lock?.shifted || isSurelyOut(held)) return held?.environment;
  const message = `release ${release.version} has live traffic in ${held.environment}, it can no longer be aborted; use ptl roll-back ${held.environment}`;
  throw new Refused('AlreadyShifted', message);
}
