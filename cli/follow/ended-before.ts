import type { EventName, Failure, ReleaseView } from '../../lambda/contract';
import { shortLine } from '../report/in-short';
import { instant } from '../report/time';
import { lastAttempt } from './last-attempt';

const ENDS: readonly EventName[] = ['ReleaseStopped', 'ReleaseRolledBack', 'ReleaseFinished'];

/**
 * How the attempt of a release ended that is the last one in this view of it, for whoever starts another: where, when, its ticket and why.
 *
 * @returns undefined for one that is under way, or went live
 */
export function endedBefore({ version, status, audit }: ReleaseView): string | undefined {
  if (status !== 'stopped' && status !== 'rolledBack') return undefined;
  const events = lastAttempt(audit);
  const end = events.find(({ what, detail }) => ENDS.includes(what) && detail.currentAttempt !== false);
  const ticket = events.filter(({ what }) => what === 'TicketRaised').at(-1)?.detail.ticket;
  const failure = end?.detail.failure as Failure | undefined;
  const why = failure === undefined ? end?.why : `${failure.subject}: ${failure.actual}`;
  return shortLine(
    [
      `attempt ${events[0]?.detail.attempt ?? 1} of ${version} ${status === 'stopped' ? 'stopped' : 'was rolled back'}`,
      end?.environment === undefined ? '' : ` in ${end.environment}`,
      end === undefined ? '' : ` at ${instant(end.at)}`,
      ticket === undefined ? '' : `, ticket ${ticket}`,
      why === undefined || why === '' ? '' : `: ${why}`,
    ].join(''),
  );
}
