import { addSeconds } from 'date-fns/addSeconds';
import type { EnvironmentPlan, Failure, TaskInput } from '../../contract';
import { type GateRequest, gateName, gateStep, stillHolds } from '../gates/gate';
import type { EnvironmentState, Gate, Release } from '../model';
import { wayBack } from './way-back';

/** The version that what is live can be rolled back to, where it is in that slot. */
export function targetIn(state: EnvironmentState, colour: string): string | undefined {
  const back = wayBack(state);
  return back.kind === 'slot' && back.to.colour === colour ? back.to.version : undefined;
}

/**
 * Why a release may not take the slot of what can be rolled back to, where the environment keeps that for a while.
 *
 * @param colour the slot that it would be given
 */
export function keptTarget(
  at: string,
  { environment, execution }: TaskInput,
  {
    plan,
    release,
    state,
    colour,
    now,
  }: { readonly plan: EnvironmentPlan; readonly release: Release; readonly state: EnvironmentState; readonly colour: string; readonly now: string },
): Failure | undefined {
  const kept = targetIn(state, colour);
  const since = state.slots[colour]?.idleSince;
  if (kept === undefined || since === undefined || plan.rollBackTarget?.kind !== 'refuse' || release.replaceTarget !== undefined) return undefined;
  const until = addSeconds(since, plan.rollBackTarget.keepSeconds).toISOString();
  if (now >= until) return undefined;
  const { version } = release;
  const fix = `submit ${version} again then, or now with --replace-target "<why>", where going forward is safer than a way back; a third colour keeps both`;
  return {
    step: at,
    subject: `the roll-back target of ${environment}`,
    expected: `kept until ${until}`,
    actual: `${version} would take slot ${colour}, which holds ${kept}: ${state.live?.version} has been live since ${since} and can be rolled back to it: ${fix}`,
    logs: execution,
  };
}

/** Whether the party is to be asked: the slot that the release has holds what can be rolled back to. */
export function asksAboutTarget({ plan, release }: Pick<GateRequest, 'plan' | 'release'>, state: EnvironmentState, execution: string): boolean {
  const { lock } = state;
  return plan.rollBackTarget?.kind === 'ask' && lock?.execution === execution && lock.release === release.version && targetIn(state, lock.colour) !== undefined;
}

/** Asked again right before the slot is overwritten: has the party agreed to it, in this very execution? */
export function targetNotGiven(plan: EnvironmentPlan, release: Release, state: EnvironmentState, gates: readonly Gate[]): Failure | undefined {
  const execution = state.lock?.execution ?? '';
  if (!asksAboutTarget({ plan, release }, state, execution)) return undefined;
  const asked = { gate: 'rollBackTarget', environment: plan.environment } as const;
  const gate = gates.find((each) => each.gate === asked.gate && each.environment === asked.environment && each.execution === execution);
  if (gate) return stillHolds(gate, release);
  return { step: gateStep(asked), subject: gateName(asked), expected: 'given, for this bundle', actual: 'never asked', logs: execution };
}
