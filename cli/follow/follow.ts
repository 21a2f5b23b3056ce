import type { ReleaseView } from '../../lambda/contract';
import type { Surroundings } from '../surroundings';
import { type Ending, type EndingOptions, endingOf } from './ending';
import type { Progress } from './progress';

export interface FollowOptions extends EndingOptions {
  readonly timeoutSeconds: number;
}

/** Often while it is young, so that a release of a minute is seen as it happens; seldom when it takes hours. */
const PAUSES = [
  { upToSeconds: 120, milliseconds: 1_000 },
  { upToSeconds: Number.POSITIVE_INFINITY, milliseconds: 5_000 },
] as const;

/**
 * Follows a release until it has reached what is asked for, ended otherwise, waits for people, or time is up. Only looks: a release
 * goes on whether or not somebody follows it.
 */
export async function follow(
  submitted: ReleaseView,
  look: () => Promise<ReleaseView>,
  options: FollowOptions,
  surroundings: Surroundings,
  progress: Progress,
): Promise<{ readonly ending: Ending; readonly release: ReleaseView }> {
  const started = surroundings.now();
  let release = submitted;
  for (;;) {
    progress.report(release);
    const ending = endingOf(release, options);
    if (ending !== undefined) return { ending, release };
    const seconds = (surroundings.now() - started) / 1000;
    if (seconds >= options.timeoutSeconds) return { ending: 'timedOut', release };
    const pause = PAUSES.find(({ upToSeconds }) => seconds < upToSeconds)?.milliseconds ?? 0;
    await surroundings.sleep(Math.min(pause, (options.timeoutSeconds - seconds) * 1000));
    release = await look();
  }
}
