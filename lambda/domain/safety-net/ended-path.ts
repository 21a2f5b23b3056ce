import type { FinishInput } from '../../contract';
import type { Release } from '../model';
import { type EndedExecution, type ExecutionStatusChange, endedExecution } from './ended-execution';

/**
 * How a release has ended with the team's own machine that took it along its path: as an environment says that it ended there; live, when the machine has
 * succeeded and left it live wherever it has been. Which environments that are, and in what order, is the machine's.
 *
 * @returns undefined when the machine died with it, or left it half way
 */
export function endOfOwnPath(release: Release, { status }: ExecutionStatusChange): FinishInput | undefined {
  const reached = Object.values(release.reached);
  const isLive = status === 'SUCCEEDED' && reached.length > 0 && reached.every((each) => each === 'live');
  const outcome = release.status === 'submitted' ? (isLive ? 'live' : undefined) : release.status;
  if (outcome === undefined) return undefined;
  const ended = release.plan.filter(({ environment }) => release.reached[environment] === outcome);
  return { release: release.version, execution: release.execution, outcome, environment: (ended.at(-1) ?? release.plan.at(-1))?.environment ?? '' };
}

/** How the machine died, or what it has left. */
export function diedWith(detail: ExecutionStatusChange): EndedExecution {
  const { executionArn: execution, status } = detail;
  return endedExecution(detail) ?? { execution, how: `${status}, and the release is live in no environment, or is left in one` };
}
