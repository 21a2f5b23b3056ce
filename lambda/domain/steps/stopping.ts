import type { EndInput } from '../../contract';
import { abandoned, mayBeFreed, ownsLock } from '../environment';
import { Conflict, Retry } from '../errors';
import type { EnvironmentState, Gate, Release, Ticket } from '../model';
import { withoutAbandoned } from '../traffic/lease';
import { withoutWaiting } from '../turns/waiting';
import { ended } from './ending';

/**
 * Ends a release before anything was shifted: frees the environment if it is this release's, closes its gates, raises the ticket.
 *
 * @throws Conflict when traffic was, or may have been, moved: only a roll back is right then
 * @throws Retry while somebody may be moving it
 */
export function stopped(
  input: EndInput,
  found: { readonly release: Release | undefined; readonly state: EnvironmentState; readonly gates: readonly Gate[]; readonly ticket: Ticket | undefined },
  now: string,
): ReturnType<typeof ended> {
  const { state, ...rest } = found;
  if (!ownsLock(state, input)) {
    const waited = state.waiting?.some(({ execution }) => execution === input.execution);
    return ended({ input, outcome: 'stopped', ...rest, now, detail: { freed: false }, ...(waited && { left: withoutWaiting(state, [input.release]) }) });
  }
  const freed = mayBeFreed(state, now);
  if (freed === 'shifted') {
    throw new Conflict(`release ${input.release} has moved traffic in ${input.environment}, or may have: it cannot be stopped, only rolled back`);
  }
  if (freed === 'leased') throw new Retry(`somebody may be moving traffic in ${input.environment} until ${state.lease?.expiresAt}; try again then`);
  // Nothing was written under this lock: a writer that died here has left nothing but its lease; unless it rolled back what is live beside it.
  const known = state.goingBack ? state : withoutAbandoned(state, now);
  return ended({ input, outcome: 'stopped', ...rest, state: abandoned(known, now), now, detail: { freed: true } });
}
