import { sinceSubmitted } from '../audit';
import type { AuditEvent, Release } from '../model';
import type { Ports } from '../ports';
import { toRollBack } from '../waves/moved';
import { type EndedExecution, endOf } from './ended-execution';
import { whereItWas } from './where-it-was';

/**
 * Rolls back the waves in which a release is live whose path machine died before it was through them, or in the middle of rolling them back: newest first. The
 * release is closed by then, so that nothing of it goes live behind them any more.
 *
 * @returns whether there was any
 * @throws Retry when the writer could not act: whoever called tries again, and those that are done are found done
 */
export async function rollBackWaves(ports: Ports, ended: EndedExecution): Promise<boolean> {
  const release = ended.release === undefined ? undefined : await ports.ledger.release(ended.release);
  if (release?.execution !== ended.execution) return false;
  const waves = toRollBack(release);
  const failedIn = failedWave(release, await ports.ledger.audit(release.version));
  for (const environment of waves) {
    const { outcome } = await ports.machines.rollBack({ ...endOf(ended, environment, release.version), failedIn });
    ports.log.info('safety net acted', { release: release.version, environment, outcome, actual: ended.how });
  }
  return waves.length > 0;
}

/** Where it failed: of one that some waves have gone back for already, as that was recorded. */
function failedWave(release: Release, audit: readonly AuditEvent[]): string {
  const before = sinceSubmitted(audit).find(({ what, detail }) => what === 'ReleaseRolledBack' && typeof detail.failedIn === 'string');
  return before ? String(before.detail.failedIn) : whereItWas(release);
}
