import type { RollBackView } from '../../contract';
import type { EnvironmentState } from '../model';
import type { Ports } from '../ports';

/**
 * The roll back that what is live comes from, when nothing has entered since: asked for once more, perhaps because its answer was lost, that is the
 * answer. To go back again would put the bad version live.
 */
export async function rolledBackBefore({ ledger }: Ports, state: EnvironmentState): Promise<RollBackView['before']> {
  const { environment, live, previous, lock, retirement } = state;
  if (lock || retirement || !live || !previous?.rolledBack) return undefined;
  const { version } = previous;
  const event = (await ledger.audit(version)).filter((each) => each.what === 'ReleaseRolledBack' && each.environment === environment).at(-1);
  return event && { version, by: event.who, at: event.at, reason: event.why };
}
