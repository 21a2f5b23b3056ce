import type { SubmitBody } from '../../contract';
import { sinceSubmitted } from '../audit';
import { Refused } from '../errors';
import type { AuditEvent, EnvironmentState, Release } from '../model';
import { versionInWords } from '../traffic/original';
import { isLiveIn } from './release';

/**
 * Whether a release that went live starts on its path once more: where that is asked for, and it was replaced somewhere.
 * @throws Refused when it was replaced where the users are and nobody asks for that: a job of long ago that is run again must not bring it back, and
 * must not be told that it is live
 */
export function goesOnceMore(registered: Release, states: readonly EnvironmentState[], body: SubmitBody): boolean {
  if (body.again) return states.some((state) => !isLiveIn(state, registered));
  const users = states.at(-1);
  if (!users || isLiveIn(users, registered)) return false;
  const { version } = registered;
  const message = `release ${version} went live in ${users.environment} before, and ${versionInWords(users.live)} is live there now; if ${version} is meant to go through its path once more, ${sayIt(version)}`;
  throw new Refused('Replaced', message);
}

/**
 * The same of a release that comes by a team's own machine, wherever that took it: what has been replaced since is brought back only where that is asked for.
 *
 * @param states of the environments, by the order in which the hub lists them
 */
export function checkBroughtBack(registered: Release, states: readonly EnvironmentState[], body: SubmitBody): void {
  goesOnceMore(
    registered,
    states.filter(({ environment }) => registered.reached[environment] === 'live'),
    body,
  );
}

/**
 * Refuses another attempt of a release that live traffic or a person has said no to, where nobody asks for it: a job that is run again must not undo
 * that. One that only stopped, by a deployment, a test or because nobody decided in time, may be tried again just so.
 *
 * @param audit of the release, oldest first
 * @throws Refused `NeedsAgain`, which says how the last attempt ended
 */
export function checkTriedAgain(release: Release, audit: readonly AuditEvent[], body: SubmitBody): void {
  const no = body.again ? undefined : saidNo(release, audit);
  if (no === undefined) return;
  const { version } = release;
  const message = `release ${version} ${no}; what was rolled back, refused or aborted is tried once more only where that is asked for: if ${version} is meant to be, ${sayIt(version)}`;
  throw new Refused('NeedsAgain', message);
}

/** How live traffic or a person has said no to the last attempt of a release; undefined where none has. @param audit of the release, oldest first */
export function saidNo({ status }: Pick<Release, 'status'>, audit: readonly AuditEvent[]): string | undefined {
  const attempt = sinceSubmitted(audit);
  const said = (what: AuditEvent['what']) => attempt.filter((event) => event.what === what && event.detail.currentAttempt !== false).at(-1);
  // Rolled back in an environment behind it while it waited further on, it was only stopped where it was.
  const back = said('ReleaseRolledBack');
  if (status === 'rolledBack' || back) return noOf('was rolled back', back);
  return noBy('refused', said('GateRefused')) ?? noBy('aborted', said('ReleaseAborted'));
}

const sayIt = (version: string) => `say so: ptl release ${version} --again, or "again": true in what is submitted`;

function noBy(done: string, event: AuditEvent | undefined): string | undefined {
  return event && noOf(`was ${done} by ${event.who}`, event);
}

function noOf(what: string, event: AuditEvent | undefined): string {
  if (event === undefined) return what;
  const { environment, at, why, detail } = event;
  const where = environment === undefined ? '' : ` in ${environment}`;
  const ticket = typeof detail.ticket === 'string' ? `, ticket ${detail.ticket}` : '';
  return `${what}${where} at ${at}${ticket}${why ? ` (${why})` : ''}`;
}
