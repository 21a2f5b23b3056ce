import type { ReleaseView } from '../../lambda/contract';
import type { Surroundings } from '../surroundings';
import { UserError } from '../user-error';
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
    release = await patiently(look, release, surroundings, started + options.timeoutSeconds * 1000);
  }
}

/** A deployment, or a network, is back by then. */
const PATIENCE_MS = 120_000;
const LOOK_AGAIN_MS = 5_000;
/** Of looks that may succeed a moment later, each tried several times by then. */
const PASSING: readonly string[] = ['NoAnswer', 'Unreachable', 'Busy', 'HubFailed', 'Unexpected'];

/** One look that fails is followed by the next: what is followed for hours is not given up for seconds. @returns the release as it was, when time is up */
async function patiently(look: () => Promise<ReleaseView>, release: ReleaseView, { say, now, sleep }: Surroundings, until: number): Promise<ReleaseView> {
  const end = now() + PATIENCE_MS;
  for (let looks = 1; ; looks++) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof UserError) || !PASSING.includes(error.code)) throw error;
      if (now() >= until) return release;
      const goesOn = `release ${release.version} goes on whether or not it is followed`;
      if (now() >= end) throw new UserError(error.code, `${error.message}; ${goesOn}: run the same command again to follow it`, { cause: error });
      if (looks === 1) say(`There is no answer (${error.message}). ${goesOn[0]?.toUpperCase()}${goesOn.slice(1)}; looking again.`);
      await sleep(Math.min(LOOK_AGAIN_MS, until - now()));
    }
  }
}
