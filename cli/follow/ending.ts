import type { ReleaseView } from '../../lambda/contract';
import { EXIT, type ExitCode } from '../exit-codes';
import { lastAttempt } from './last-attempt';

/** How far `ptl release` follows. */
export const UNTIL = ['submitted', 'shadow', 'live'] as const;
export type Until = (typeof UNTIL)[number];

export type Ending = Until | 'stopped' | 'rolledBack' | 'waitingForPeople' | 'timedOut';

export const EXIT_OF: Readonly<Record<Ending, ExitCode>> = {
  submitted: EXIT.reached,
  shadow: EXIT.reached,
  live: EXIT.reached,
  stopped: EXIT.stopped,
  rolledBack: EXIT.rolledBack,
  waitingForPeople: EXIT.waitingForPeople,
  timedOut: EXIT.timedOut,
};

export interface EndingOptions {
  readonly until: Until;
  /** Whether to go on following while the release waits for a decision. */
  readonly waitForPeople: boolean;
}

/** Whether there is nothing more to follow; undefined: look again. */
export function endingOf(release: ReleaseView, { until, waitForPeople }: EndingOptions): Ending | undefined {
  if (until === 'submitted') return 'submitted';
  if (release.status !== 'submitted') return release.status;
  if (until === 'shadow' && testedInLastShadow(release)) return 'shadow';
  if (release.activity === 'waitingForPeople' && !waitForPeople) return 'waitingForPeople';
  return undefined;
}

/** In the last environment's shadow, with nothing left to do there but what people or live traffic decide. */
function testedInLastShadow({ environments, gates, audit, submittedAt }: ReleaseView): boolean {
  const last = environments.at(-1);
  if (last === undefined) return false;
  if (last.state === 'shifting' || last.state === 'live') return true;
  const since = lastAttempt(audit)[0]?.at ?? submittedAt;
  return last.state === 'shadow' && gates.some(({ environment, gate, openedAt }) => environment === last.environment && gate === 'goNoGo' && openedAt >= since);
}
