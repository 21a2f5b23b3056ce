import { addSeconds } from 'date-fns/addSeconds';
import type { EnvironmentPlan, Failure, SlotTaskInput } from '../../contract';
import { eventOf } from '../audit';
import { accepted } from '../environment';
import { Retry } from '../errors';
import { decisionsHold, isWatched } from '../gates/gate';
import { type Firing, firingInWords, namesOf } from '../health/firing';
import type { Change, EnvironmentState, Gate, Release } from '../model';
import type { RuleTargets } from '../ports';
import { planOf, withReached } from '../release/release';
import { isLeased, withoutAbandoned } from '../traffic/lease';
import { inWords, sameTargets, targetsOf } from '../traffic/weights';
import { movedTo } from '../waves/moved';
import { mayGoOn } from './recheck';
import { stepOf } from './step';

/** A release that has all of the traffic. */
export interface Accepting {
  readonly input: SlotTaskInput;
  readonly release: Release;
  readonly state: EnvironmentState;
  /** Where people were asked whether it goes on. */
  readonly gates: readonly Gate[];
  /** What the live rule holds. */
  readonly actual: RuleTargets;
  /** Alarms that fire against it, where people were asked behind its last bake: nothing has looked at them since. */
  readonly firing: readonly Firing[];
  readonly now: string;
}

/** The release is live: or why it is not, when ledger or live rule do not have all traffic on it. */
export function decideAccept({ input, release, state, gates, actual, firing, now }: Accepting): Failure | Change {
  const { environment, colour, execution } = input;
  const at = stepOf(state).accept(environment);
  const plan = planOf(release, environment);
  const failure = mayGoOn(at, input, release, state) ?? decisionsHold(plan, lastStep(plan), { release, state, gates }) ?? alarmed(at, firing);
  if (failure) return failure;
  if (isLeased(state, now)) throw new Retry(`somebody may be moving traffic in ${environment} until ${state.lease?.expiresAt}; try again then`);
  const wanted = targetsOf({ [colour]: 100 }, state.slots);
  const recorded = targetsOf(state.weights, state.slots);
  if (state.lock?.colour !== colour || !sameTargets(recorded, wanted) || !sameTargets(actual, wanted)) {
    const found = `the ledger has ${inWords(recorded, state.slots)}, the live rule ${inWords(actual, state.slots)}`;
    return { step: at, subject: `the live rule of ${environment}`, expected: `all traffic on ${colour}`, actual: found, logs: execution };
  }
  const { earlyLifeSupportSeconds: seconds } = plan;
  const until = seconds === undefined ? undefined : addSeconds(now, seconds).toISOString();
  // The live rule holds what the ledger says: whatever a writer that died was at, it is done.
  const after = accepted(withoutAbandoned(state, now), release.digest, now, until);
  const support = until !== undefined && { earlyLifeSupportUntil: until };
  const detail = { colour, digest: release.digest, previous: after.previous?.version ?? null, ...support };
  return { put: [after, movedTo(withReached(release, environment, 'live'), environment)], audit: [eventOf(input, now, 'ReleaseLive', detail)] };
}

/** Whether people were asked, behind the last step's bake, while the alarms could only end that by a notice. */
export function wasAsked(plan: EnvironmentPlan, { lock }: EnvironmentState, gates: readonly Gate[]): boolean {
  return gates.some(
    (gate) => gate.environment === plan.environment && isWatched(gate) && gate.percent === lastStep(plan) && gate.execution === lock?.execution,
  );
}

function lastStep({ steps }: EnvironmentPlan): number {
  return steps.at(-1)?.percent ?? 100;
}

function alarmed(at: string, firing: readonly Firing[]): Failure | undefined {
  if (firing.length === 0) return undefined;
  const logs = namesOf(firing);
  return { step: at, subject: `alarm ${logs}`, expected: 'not in ALARM when people have decided', actual: `in ALARM: ${firingInWords(firing)}`, logs };
}
