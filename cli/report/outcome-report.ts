import type { EventName, Failure, ReleaseView } from '../../lambda/contract';
import type { ExitCode } from '../exit-codes';
import type { Ending } from '../follow/ending';
import { lastAttempt } from '../follow/last-attempt';
import { comeBack, keepOut, undoesInWords } from './emergency';
import { fields, hanging } from './table';
import { elapsed, instant } from './time';
import { askedInWords, waitingAt } from './waiting';

/** How `ptl release` ended. */
export interface ReleaseOutcome {
  readonly ending: Ending;
  readonly exitCode: ExitCode;
  readonly path: string;
  /** When `ptl` was started and when it ended, in milliseconds since 1970. */
  readonly started: number;
  readonly ended: number;
  readonly release: ReleaseView;
  /** Why the hub did not take it this time: it ended before, and nobody said that it is meant to go once more. */
  readonly notSubmitted?: string;
}

/** What `ptl release --json` prints. Part of the interface: fields are added, never renamed. */
export function outcomeDocument({ ending, exitCode, path, started, ended, release, notSubmitted }: ReleaseOutcome): object {
  const { version, digest, now, gates } = release;
  const seconds = Math.round((ended - started) / 1000);
  return { version, path, digest, outcome: ending, exitCode, seconds, now, failure: failureOf(release), notSubmitted, waitingFor: waitingAt(gates), release };
}

/** The same for people: what became of it, why, and what they can do; of an emergency also who comes back behind it. */
export function outcomeReport(outcome: ReleaseOutcome, columns: number): string[] {
  const { release } = outcome;
  const back = comeBack(release);
  const commands = keepOut(release).map((command) => `  $ ${command}`);
  return [...became(outcome, columns), ...(back === undefined ? [] : [...hanging('', `${back}.`, columns), ...commands])];
}

function became({ ending, release, started, ended, notSubmitted }: ReleaseOutcome, columns: number): string[] {
  const { version, now, environments } = release;
  const took = `(${elapsed(started, ended)})`;
  const look = `ptl status ${version}`;
  switch (ending) {
    case 'submitted':
      return [`${version} is submitted ${took}. See how it goes with: ${look}`];
    case 'shadow':
      return [`${version} is in the shadow of ${environments.at(-1)?.environment ?? 'its last environment'}, tested ${took}.`, ...waiting(release)];
    case 'live':
      return [`${version} is ${now} ${took}.`];
    case 'stopped':
    case 'rolledBack':
      return [`${version} ${now} ${took}.`, ...evidence(release, columns), ...untried(notSubmitted, columns)];
    case 'waitingForPeople':
      return [`${version} waits for people ${took}.`, ...why(release, columns), ...waiting(release), 'Run the same command again to go on following it.'];
    case 'timedOut':
      return [`${version} was followed until the timeout ${took}, and goes on by itself; now: ${now}. Look again with: ${look}`];
  }
}

/** What is told to whoever is asked. */
function why(release: ReleaseView, columns: number): string[] {
  const told = { 'an emergency': release.emergency, 'a fix-forward': release.fixForward, undoes: undoesInWords(release) };
  return Object.entries(told).flatMap(([what, reason]) => (reason === undefined ? [] : hanging(`  ${what}: `, reason, columns)));
}

function waiting({ gates }: ReleaseView): string[] {
  return waitingAt(gates).flatMap((each) => [`  ${each.at} asks ${askedInWords(each)}, until ${instant(each.expiresAt)}`, `  $ ${each.command}`]);
}

function evidence(release: ReleaseView, columns: number): string[] {
  const failure = failureOf(release);
  if (failure === undefined) return [];
  const { step, subject, expected, actual, logs, ticket } = failure;
  return fields(Object.entries({ where: step, what: subject, expected, actual, logs, ticket }), columns);
}

function untried(why: string | undefined, columns: number): string[] {
  return why === undefined ? [] : hanging('Not submitted once more: ', why, columns);
}

/** Why the last attempt ended, as the events of its end carry it. */
function failureOf({ audit }: ReleaseView): (Failure & { readonly ticket: string }) | undefined {
  const events = lastAttempt(audit);
  const failure = events.find(({ what, detail }) => ENDS.includes(what) && detail.failure !== undefined)?.detail.failure as Failure | undefined;
  const raised = events.filter(({ what }) => what === 'TicketRaised').at(-1);
  return failure === undefined ? undefined : { ...failure, ticket: String(raised?.detail.ticket ?? 'none') };
}

const ENDS: readonly EventName[] = ['ReleaseStopped', 'ReleaseRolledBack', 'ReleaseFinished'];
