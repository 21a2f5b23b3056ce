import type { EnvironmentView, RollBackView } from '../../lambda/contract';
import type { HubApi } from '../hub/hub-api';
import type { Surroundings } from '../surroundings';
import { UserError } from '../user-error';

/** Longer than the writer of the live rule may take, and than its lease is held by one that died. */
const LOOK_MS = 120_000;
const PAUSE_MS = 3_000;

/**
 * Asks for a roll back. An API waits 30 seconds at most, and a roll back that takes longer goes on without it: then this looks what becomes of it, and
 * does not ask once more, which means something else for a release in flight.
 *
 * @throws UserError `NoAnswer` when it is not to be seen that it is done
 */
export async function rollBackAndLook(hub: HubApi, environment: string, reason: string, { say, now, sleep }: Surroundings): Promise<RollBackView> {
  try {
    return await hub.rollBack(environment, { reason });
  } catch (error) {
    if (!(error instanceof UserError) || !['NoAnswer', 'Busy'].includes(error.code)) throw error;
    say(`There is no answer yet (${error.message}). The roll back may be going on; looking what becomes of it.`);
    const end = now() + LOOK_MS;
    while (now() < end) {
      await sleep(PAUSE_MS);
      const view = await look(hub, environment);
      if (view && isDone(view)) return { outcome: 'rolledBack', environment: view };
    }
    const message = `it is not known whether ${environment} is rolled back: the hub gave no answer, and ${LOOK_MS / 1000} s later nothing shows it. It may still be going on: ptl status says what is live. To ask once more does no harm: what is done is not done twice`;
    throw new UserError('NoAnswer', message, { cause: error });
  }
}

/** One look that fails is followed by the next. */
async function look(hub: HubApi, environment: string): Promise<EnvironmentView | undefined> {
  return hub.status().then(
    ({ environments }) => environments.find((each) => each.environment === environment),
    () => undefined,
  );
}

/** What had been rolled back before it was asked for would have been answered at once. */
function isDone({ previous, lockedBy, rollingBack }: EnvironmentView): boolean {
  return previous?.rolledBack === true && lockedBy === undefined && rollingBack === undefined;
}
