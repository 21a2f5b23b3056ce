import { alarmsRaised, type Call, type Recorded } from '../../rehearsal/figures/calls';

export interface CallCount {
  /** For example `elasticloadbalancing:ModifyRule`. */
  readonly action: string;
  readonly calls: number;
}

/**
 * The calls that taking an environment back took: those of the function that hears of the alarm, of the function that moves traffic, and of the
 * environment's roles it acts as, from the alarm to the end. What the CLI asks meanwhile is no part of it.
 *
 * @param alarm name; it starts with the names of the path and the environment
 */
export function callsOfRollBack(recorded: readonly Recorded[], alarm: string): CallCount[] {
  const weights = recorded.filter((entry) => entry.event === 'Call' && entry.action === 'elasticloadbalancing:ModifyRule').at(-1)?.at ?? 0;
  const raised = alarmsRaised(recorded, 0, weights).filter((entry) => entry.alarm === alarm);
  const from = raised.at(-1)?.at;
  if (from === undefined) return [];
  const [path, environment] = alarm.split('-');
  const callers = [`/${path}-hub-alarm-raised`, `/${path}-hub-traffic/`, `/${path}-${environment}-operator/`, `/${path}-${environment}-observer/`];
  const calls = recorded.filter((entry): entry is Call => entry.event === 'Call' && entry.at >= from && isBy(entry, callers));
  const counts = new Map<string, number>();
  for (const { action } of calls) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts].map(([action, count]) => ({ action, calls: count })).sort((a, b) => b.calls - a.calls || a.action.localeCompare(b.action));
}

function isBy({ principal }: Call, callers: readonly string[]): boolean {
  return callers.some((caller) => principal?.includes(caller));
}
