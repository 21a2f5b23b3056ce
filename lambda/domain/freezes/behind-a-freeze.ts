import type { EnvironmentPlan, Failure, TaskInput } from '../../contract';
import { Refused } from '../errors';
import { gateName, isWatched } from '../gates/gate';
import type { EnvironmentState, Freeze, Gate } from '../model';
import { targetIn } from '../traffic/roll-back-target';
import { freezeInWords, frozenFailure, frozenNow, unfreezeCommand } from './freeze';

/**
 * Why a release is not let into a frozen environment: there it may be deployed to the shadow, tested and looked at, as long as that takes nothing from what
 * can be rolled back to, and there is a go/no-go at which it waits for the end of the freeze.
 *
 * @param colour the slot that it would be given
 */
export function frozenOut(at: string, task: TaskInput, plan: EnvironmentPlan, state: EnvironmentState, colour: string, now: string): Failure | undefined {
  const freeze = frozenNow(state, now);
  if (!freeze) return undefined;
  const taken = frozenSlot(at, task, state, colour, now);
  if (taken || plan.goNoGo) return taken;
  return { ...frozenFailure(at, task, freeze), expected: 'none, or a go/no-go at which a release waits for its end' };
}

/** The same, right before the slot is overwritten: of the freeze of somebody who was quicker. */
export function frozenSlot(at: string, task: TaskInput, state: EnvironmentState, colour: string, now: string): Failure | undefined {
  const freeze = frozenNow(state, now);
  const taken = targetIn(state, colour);
  if (!freeze || taken === undefined) return undefined;
  return { ...frozenFailure(at, task, freeze), expected: `none, or a slot that is not needed to roll back to: ${colour} holds ${taken}` };
}

/**
 * Refuses what would send a release on that waits: it would only be stopped, or go back, and what people have said with it. It waits on, for as long as it is asked about.
 *
 * @param plan of the environment
 * @param colour the slot that a release which enters now would be given; undefined: none
 */
export function heldByFreeze(gate: Gate, plan: EnvironmentPlan, state: EnvironmentState, colour: string | undefined, now: string): Refused | undefined {
  const { release, environment, execution, expiresAt } = gate;
  const task = { release, environment, execution };
  const freeze = frozenNow(state, now);
  if (!freeze) return undefined;
  // With all of the users it is accepted: nothing moves any more, and with its time up all of them would go back.
  if (isWatched(gate) && state.lock?.execution === execution && state.weights[state.lock.colour] === 100) return undefined;
  // Where it would be let in all the same, it waits at the go/no-go.
  if (gate.gate === 'firebreak' && (state.lock || colour === undefined || !frozenOut('', task, plan, state, colour, now))) return undefined;
  return new Refused('Frozen', frozenAt(gate, freeze, expiresAt));
}

function frozenAt(gate: Gate, freeze: Freeze, expiresAt: string): string {
  const { release, environment } = gate;
  return `${environment} is ${freezeInWords(freeze)}, and nothing goes live there under a freeze; ${release} waits on at ${gateName(gate)}, until ${expiresAt} at most: say this again when the freeze is over, or end it with ${unfreezeCommand(environment)}`;
}
