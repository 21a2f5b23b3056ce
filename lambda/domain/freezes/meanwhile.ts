import type { EnvironmentState } from '../model';
import { isOut } from '../outage/outage';

/** What a freeze means for what is under way in the environment, for who asks for it. @returns undefined when nothing is */
export function meanwhile(state: EnvironmentState): string | undefined {
  const { lock, retirement, weights, environment } = state;
  if (retirement)
    return `${environment} is being retired, ${retirement.by} asked for it at ${retirement.at}, and that goes on: its users go back to what served before any release`;
  if (!lock) return undefined;
  const { release, colour } = lock;
  if (lock.contract) return `the contract of ${release} is under way: what of it has started goes on to its end, and nothing else of it starts`;
  if (isOut(state))
    return `release ${release} has taken users out, and goes on: no freeze keeps them without a version; ptl roll-back ${environment} takes it back`;
  const percent = weights[colour] ?? 0;
  if (percent === 100) return `release ${release} has all users already: nothing more moves, and it is accepted when its last step has gone well`;
  if (lock.shifted)
    return `release ${release} has ${percent} percent of the users: its next shift is refused and takes it back, unless the freeze is over by then; where it is paused it stays`;
  return `release ${release} has no users, and gets none: at its go/no-go it waits for the end of the freeze, without one it is stopped at its first shift`;
}
