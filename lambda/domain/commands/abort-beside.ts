import type { EnvironmentState, Release } from '../model';
import type { Ports } from '../ports';
import { toldToStop } from './stop-waiting';

/**
 * Stops the release that is in the shadow of an environment, or on its way there, before what is live is rolled back: people have agreed to it after another
 * version than it would follow, and an incident is no time for it to go live by itself. Asked again, it is told already.
 *
 * The environment goes along unchanged: of this and a first shift at the same instant one sees the other.
 */
export async function abortBeside({ ledger, log }: Ports, state: EnvironmentState, asked: NonNullable<Release['aborted']>): Promise<void> {
  const { lock, live, environment } = state;
  const release = lock && (await ledger.release(lock.release));
  if (!release || release.aborted) return;
  const { by: who, at } = asked;
  const reason = `${live?.version} is rolled back in ${environment}, while it was in the shadow: ${asked.reason}`;
  const told = toldToStop(release, { by: who, at, reason }, await ledger.gates(release.version), []);
  await ledger.commit({
    ...told,
    put: [...told.put, state],
    audit: [{ at, what: 'ReleaseAborted', release: release.version, environment, who, why: reason, detail: { digest: release.digest } }],
  });
  log.info('release aborted', { release: release.version, environment, who });
}
