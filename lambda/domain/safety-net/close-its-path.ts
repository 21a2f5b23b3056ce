import { decideAgain } from '../commands/decide-again';
import type { Ports } from '../ports';
import { closePath } from './close-path';
import type { EndedExecution } from './ended-execution';
import { recordsOf } from './path-records';

/** Closes the release whose path machine this execution was. @returns whether there was anything to close */
export async function closeItsPath(ports: Ports, ended: EndedExecution): Promise<boolean> {
  const { ledger, clock, log } = ports;
  return decideAgain(clock, async () => {
    const release = ended.release === undefined ? undefined : await ledger.release(ended.release);
    if (release?.execution !== ended.execution) return false;
    const change = closePath(await recordsOf(ports, release, ended));
    if (change) await ledger.commit(change);
    log.info(change ? 'safety net closed the path' : 'the release had ended before', { release: release.version, actual: ended.how });
    return change !== undefined;
  });
}
