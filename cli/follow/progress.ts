import type { ReleaseView } from '../../lambda/contract';
import { elapsed } from '../report/time';
import { eventSentence } from './event-sentence';
import { lastAttempt } from './last-attempt';

/** Pipelines end a job that is silent for ten minutes or so; a release that bakes or waits is not stuck. */
const SILENCE_MS = 4 * 60_000;

/** Tells what is new about a release, a line an event, with the time since it was submitted. */
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
    if (since !== this.since) this.told = 0;
    this.since = since;
    for (const event of events.slice(this.told)) this.line(Date.parse(event.at), eventSentence(event, release.version));
    this.told = events.length;
    if (this.now() - this.lastLine > SILENCE_MS) this.line(this.now(), `still: ${release.now}`);
  }

  private line(at: number, sentence: string): void {
    this.say(`${elapsed(this.since, at).padStart(8)}  ${sentence}`);
    this.lastLine = this.now();
  }
}
