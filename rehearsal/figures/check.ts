import type { Promises } from '../promises';
import { VERSIONS } from '../services';
import type { Figures } from './figures';
import { bothUsedIt, hasRead, tableInWords } from './shared-table';

/** A release that goes straight through takes fewer. */
export const MOST_TRANSITIONS = 100;

/** The promises that only the figures can show. */
export function checkFigures({ traffic, releases, rollBack, refusedCalls, sharedTable, sharedTableAfterwards }: Figures, promises: Promises): void {
  const failed = traffic.lost + traffic.failedByOtherVersions;
  promises.check(
    `no request fails but by ${VERSIONS.bad} itself`,
    traffic.sent > 0 && failed === 0,
    [`${failed} of ${traffic.sent}`, ...(traffic.reasons ?? [])].join('; '),
  );
  promises.check(
    `${VERSIONS.first} and ${VERSIONS.second} use one table at once, each reading what the other wrote`,
    bothUsedIt(sharedTable),
    tableInWords(sharedTable, [
      [VERSIONS.first, VERSIONS.second],
      [VERSIONS.second, VERSIONS.first],
    ]),
  );
  const left = rollBack !== undefined && hasRead(sharedTableAfterwards, VERSIONS.second, VERSIONS.bad);
  promises.check(
    `after the roll back ${VERSIONS.second} goes on with the table as ${VERSIONS.bad} left it`,
    left && sharedTableAfterwards.failed === 0,
    rollBack === undefined
      ? 'no roll back by an alarm was seen, so nothing is known to have come after it'
      : tableInWords(sharedTableAfterwards, [[VERSIONS.second, VERSIONS.bad]]),
  );
  const bad = releases.find(({ version }) => version === VERSIONS.bad);
  promises.check(
    'the alarm is raised by what users got',
    rollBack !== undefined && (bad?.failed ?? 0) > 0,
    rollBack?.alarm ?? 'no alarm, or no weights after it',
  );
  promises.check('a roll back is one call to the load balancer', rollBack?.loadBalancerWrites === 1, String(rollBack?.loadBalancerWrites ?? 'none'));
  const straight = releases.find(({ version }) => version === VERSIONS.first)?.transitions ?? Number.NaN;
  promises.check(`a release straight through takes fewer than ${MOST_TRANSITIONS} transitions`, straight > 0 && straight < MOST_TRANSITIONS, String(straight));
  promises.check(
    'the product has every permission it uses',
    refusedCalls.length === 0,
    refusedCalls.length === 0 ? 'no call was refused' : refusedCalls.join('; '),
  );
}
