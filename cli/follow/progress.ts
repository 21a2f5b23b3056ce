import type { AuditView, ReleaseView } from '../../lambda/contract';
import { shortLine } from '../report/in-short';
import { elapsed, instant } from '../report/time';
import { eventSentence } from './event-sentence';
import { lastAttempt } from './last-attempt';

/** Pipelines end a job that is silent for ten minutes or so; a release that bakes or waits is not stuck. */
const SILENCE_MS = 4 * 60_000;

/**
 * Tells what is new about a release, a line an event, with the time since it was submitted. What had happened before the first look is one line:
 * whoever runs the same command again follows on, and must not take old events for new ones.
 */
export class Progress {
  /** When the attempt that is told of was submitted. */
  private since = 0;
  private told = 0;
  private lastLine: number;

  constructor(
    private readonly say: (line: string) => void,
    private readonly now: () => number,
  ) {
    this.lastLine = now();
  }

  report(release: ReleaseView): void {
    const events = lastAttempt(release.audit);
    const since = Date.parse(events[0]?.at ?? release.submittedAt);
    if (this.since === 0) this.told = this.soFar(release, events);
    else if (since !== this.since) this.told = 0;
    this.since = since;
    for (const event of events.slice(this.told)) this.line(Date.parse(event.at), eventSentence(event, release.version));
    this.told = events.length;
    if (this.now() - this.lastLine > SILENCE_MS) this.line(this.now(), `still: ${shortLine(release.now)}`);
  }

  /** @returns how many events there is nothing more to say of: none where there is only the submission, which was just now */
  private soFar({ version, now, activity }: ReleaseView, events: readonly AuditView[]): number {
    const [first, last] = [events[0], events.at(-1)];
    if (first === undefined || last === undefined || first === last) return 0;
    const when = `since ${instant(first.at)}, ${events.length} events, the last at ${instant(last.at)}`;
    this.say(`So far (${when}): ${eventSentence(last, version)}. All of them: ptl status ${version}`);
    if (activity !== 'finished') this.say(`Now following: ${shortLine(now)}`);
    this.lastLine = this.now();
    return events.length;
  }

  private line(at: number, sentence: string): void {
    this.say(`${elapsed(this.since, at).padStart(8)}  ${sentence}`);
    this.lastLine = this.now();
  }
}
