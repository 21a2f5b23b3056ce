import { decideAgain } from '../commands/decide-again';
import type { Ports } from '../ports';
import { fingerprintOf } from '../ticket';
import { closePath, pathFailure } from './close-path';
import type { EndedExecution } from './ended-execution';
import { whereItWas } from './where-it-was';

/** Closes the release whose path machine this execution was. @returns whether there was anything to close */
export async function closeItsPath(ports: Ports, ended: EndedExecution): Promise<boolean> {
  const { ledger, clock, log } = ports;
  return decideAgain(clock, async () => {
    const release = ended.release === undefined ? undefined : await ledger.release(ended.release);
    if (release?.execution !== ended.execution) return false;
    const gates = await ledger.gates(release.version);
    const where = whereItWas(release, gates);
    const [audit, ticket, ...states] = await Promise.all([
      ledger.audit(release.version),
      ledger.ticket(fingerprintOf(where, pathFailure(ended, where))),
      ...release.plan.map((plan) => ledger.environment(plan.environment)),
    ]);
    const change = closePath({ ended, release, states, gates, audit, ticket, now: clock.now() });
    if (change) await ledger.commit(change);
    log.info(change ? 'safety net closed the path' : 'the release had ended before', { release: release.version, actual: ended.how });
    return change !== undefined;
  });
}
