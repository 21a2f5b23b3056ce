import { type Failure, ORIGINAL_503, type RetireInput } from '../../contract';
import type { AuditEvent, EnvironmentState, Retirement } from '../model';
import { heldOriginal } from '../traffic/original';

/** An environment under this execution's retirement. */
export type Retiring = EnvironmentState & { readonly retirement: Retirement };

/** Whether the environment is being retired, and by this execution: a later one may have taken over, or it is done. */
export function isRetiredBy(state: EnvironmentState, { execution }: Pick<RetireInput, 'execution'>): state is Retiring {
  return state.retirement?.execution === execution;
}

/** Users get what they got before any release; the versions are in their slots, and nothing goes back to them. */
export function restored(state: Retiring): EnvironmentState {
  const { live: _live, previous: _previous, previousTaken: _taken, ...rest } = state;
  const { original } = state.retirement;
  return { ...rest, ...(original === ORIGINAL_503 ? { weights: {} } : heldOriginal(state.slots, original)) };
}

/** Whether {@link restored} would change nothing. */
export function isRestored(state: Retiring): boolean {
  return JSON.stringify(asCompared(restored(state))) === JSON.stringify(asCompared(state));
}

function asCompared({ live, previous, previousTaken, weights }: EnvironmentState): unknown[] {
  return [live ?? null, previous ?? null, previousTaken ?? null, weights];
}

/** What a slot holds is about to be removed: nobody may send traffic there. */
export function withoutSlot(state: EnvironmentState, colour: string): EnvironmentState {
  const { [colour]: _held, ...slots } = state.slots;
  return { ...state, slots };
}

/** Free for a release again, as an environment is that none has been through. */
export function freed(state: EnvironmentState): EnvironmentState {
  const { retirement: _done, freeze: _over, ...rest } = state;
  return rest;
}

/** Recorded under the version that was live, with who asked for it. */
export function retirementEvent(state: Retiring, at: string, what: AuditEvent['what'], detail: AuditEvent['detail']): AuditEvent {
  const { by: who, reason: why, release, execution } = state.retirement;
  return { at, what, release, environment: state.environment, who, why, detail: { execution, ...detail } };
}

/** Why an environment cannot be retired. */
export function retireFailure(step: string, { execution }: RetireInput, about: Pick<Failure, 'subject' | 'expected' | 'actual'>, logs = execution): Failure {
  return { step, ...about, logs };
}
