import { addSeconds } from 'date-fns/addSeconds';
import { type EnvironmentPlan, type Failure, RAISE_SECONDS } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { raised } from '../environment';
import type { AuditEvent, EnvironmentState, HeldVersion } from '../model';
import type { Ports } from '../ports';
import { step } from '../steps/step';
import { fingerprintOf, raise as raiseTicket } from '../ticket';
import { wayBack } from '../traffic/way-back';
import { isScalable, raise, type ScalableSlot } from './raise';

/** Longer than the one call that lowers a slot may take, with its tries. */
const LOWERING_SECONDS = 60;
const PAUSE_MS = 5_000;

type Requested = NonNullable<EnvironmentState['rollBackRequested']>;

/** A roll back that waits for its slot to run again. */
export interface PendingRollBack {
  readonly requested: Requested;
  readonly live: HeldVersion;
  readonly to: HeldVersion;
  readonly slot: ScalableSlot;
}

/** @returns undefined when none waits: there was none, it is done, or a release has entered since */
export function pendingRollBack(state: EnvironmentState): PendingRollBack | undefined {
  const { rollBackRequested: requested, live } = state;
  const target = scalableTarget(state);
  return requested && live && target ? { requested, live, ...target } : undefined;
}

/** Whether a roll back would go to a slot that runs nothing, which must be started first. */
export function needsRaising(state: EnvironmentState): boolean {
  return scalableTarget(state)?.slot.loweredFrom !== undefined || pendingRollBack(state) !== undefined;
}

function scalableTarget(state: EnvironmentState): { readonly to: HeldVersion; readonly slot: ScalableSlot } | undefined {
  if (state.lock || !state.live) return undefined;
  const back = wayBack(state);
  const slot = back.kind === 'slot' ? state.slots[back.to.colour] : undefined;
  return back.kind === 'slot' && isScalable(slot) ? { to: back.to, slot } : undefined;
}

/**
 * Starts the slot that an environment goes back to, and rolls back as soon as all of it is healthy. When it does not come up the roll back ends
 * with a ticket, and traffic stays where it is. Called twice, the second finds the roll back done.
 */
export async function raiseAndRollBack(ports: Ports, plan: EnvironmentPlan): Promise<void> {
  const { environment } = plan;
  const state = await ports.ledger.environment(environment);
  const pending = pendingRollBack(state);
  if (!pending) return ports.log.info('no roll back waits', { environment });
  const { slot, to, requested } = pending;
  await letLoweringEnd(ports, plan, pending);
  const wanted = async () => pendingRollBack(await ports.ledger.environment(environment))?.requested.at === requested.at;
  const found = await raise(ports, plan, slot, { count: Math.max(slot.loweredFrom ?? 0, slot.capacity.least), seconds: RAISE_SECONDS, wanted });
  ports.log.info('raised for a roll back', { environment, slot: to.colour, state: found.state, expected: found.count, actual: found.found });
  if (found.state === 'left') return;
  if (found.state === 'short') return giveUp(ports, pending, environment, `not started within ${RAISE_SECONDS / 60} minutes: ${found.found}`);
  await recordRaised(ports, environment, pending, found);
  const answer = await ports.machines.rollBack({ environment, who: requested.by, reason: requested.reason });
  if (answer.outcome !== 'rolledBack') await giveUp(ports, pending, environment, answer.failure?.actual ?? 'refused');
}

/**
 * A slot that the ledger has as lowered, and that runs, may be lowered any moment: that was under way when the roll back was asked for, and would take
 * from it what it just went back to. From then on nobody begins to lower it.
 */
async function letLoweringEnd({ capacity, clock }: Ports, plan: EnvironmentPlan, { requested, slot }: PendingRollBack): Promise<void> {
  if (slot.loweredFrom === undefined) return;
  const ended = addSeconds(requested.at, LOWERING_SECONDS).toISOString();
  while (clock.now() < ended && (await capacity.read(plan, slot.capacity)).desired > 0) await clock.sleep(PAUSE_MS);
}

async function recordRaised(
  ports: Ports,
  environment: string,
  pending: PendingRollBack,
  found: { from: number; count: number; seconds?: number },
): Promise<void> {
  const { ledger, clock } = ports;
  await decideAgain(clock, async () => {
    const state = await ledger.environment(environment);
    if (!pendingRollBack(state)) return;
    const { to, requested } = pending;
    const { from, count, seconds } = found;
    const detail = { colour: to.colour, from, to: count, ...(seconds !== undefined && { seconds }) };
    const event: AuditEvent = { at: clock.now(), what: 'CapacityRaised', release: to.version, environment, who: requested.by, detail };
    await ledger.commit({ put: [raised(state, to.colour, seconds)], audit: [event] });
  });
}

/** Traffic stays; one ticket says why. */
async function giveUp({ ledger, clock, log }: Ports, { live, to, requested }: PendingRollBack, environment: string, found: string): Promise<void> {
  const failure: Failure = {
    step: step.rollBack(environment),
    subject: 'the roll back target',
    expected: 'runs again, and is healthy',
    actual: `${to.version} in slot ${to.colour}, which had been lowered: ${found}; traffic stays on ${live.version}, and ${requested.by} wanted it back: ${requested.reason}`,
    logs: `slot ${to.colour}`,
  };
  await decideAgain(clock, async () => {
    const [state, known] = await Promise.all([ledger.environment(environment), ledger.ticket(fingerprintOf(environment, failure))]);
    if (state.lock || state.rollBackRequested?.at !== requested.at) return;
    const { rollBackRequested: _done, ...free } = state;
    const { ticket, event } = raiseTicket(known, { failure, environment, release: live.version, outcome: 'stopped', now: clock.now(), who: requested.by });
    await ledger.commit({ put: [free, ticket], audit: [event] });
  });
  log.error('not rolled back', { environment, expected: failure.expected, actual: failure.actual });
}
