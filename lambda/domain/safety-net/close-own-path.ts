import { MOST_RELEASES } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import type { Release } from '../model';
import type { Ports } from '../ports';
import { finished } from '../steps/finishing';
import { closePath } from './close-path';
import type { ExecutionStatusChange } from './ended-execution';
import { diedWith, endOfOwnPath } from './ended-path';
import { recordsOf } from './path-records';

/**
 * Ends the release that came by this execution of the team's own machine, which has ended, too.
 *
 * @returns the version that ended with it; undefined when there was nothing to end
 */
export async function closeOwnPath(ports: Ports, detail: ExecutionStatusChange): Promise<string | undefined> {
  const { ledger, clock } = ports;
  return decideAgain(clock, async () => {
    const release = await takenBy(ports, detail.executionArn);
    if (!release) return undefined;
    const closing = await recordsOf(ports, release, diedWith(detail));
    const { gates, audit, now, states } = closing;
    const input = endOfOwnPath(release, detail);
    const [state] = states;
    if (!state) return undefined;
    const change = input ? finished({ input, release, state, gates, audit, ticket: undefined, now }) : closePath(closing);
    if (change) await ledger.commit(change);
    return change && release.version;
  });
}

/** What the machine was started with is the team's: the release is known by the execution that it came by. */
async function takenBy({ ledger }: Ports, execution: string): Promise<Release | undefined> {
  const listed = [...(await ledger.releasesInFlight()), ...(await ledger.latestReleases(MOST_RELEASES))].find((each) => each.execution === execution);
  const release = listed && (await ledger.release(listed.version));
  return release?.execution === execution ? release : undefined;
}
