import type { EnvironmentPlan } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { lowered } from '../environment';
import type { AuditEvent, EnvironmentState } from '../model';
import type { Ports } from '../ports';
import { isLeased } from '../traffic/lease';
import { aheadIn } from '../waves/held';
import { hasMoved } from '../waves/moved';
import { isScalable } from './raise';

/** Who lowers, in the audit trail: nobody asked for it but the environment's own rule. */
const WHO = 'the schedule of the hub';

/**
 * Slots that have served nobody for so long that they need not run any more. Never one with weight, never the live one, none while a release is in
 * the environment, somebody may be writing its live rule, or a roll back or its end is under way.
 *
 * @param warmSince a slot that nobody was served from since then, or longer
 */
export function toLower(state: EnvironmentState, warmSince: string, now: string): string[] {
  if (state.lock || state.rollBackRequested || state.goingBack || state.retirement || isLeased(state, now)) return [];
  return Object.entries(state.slots)
    .filter(([colour, slot]) => isScalable(slot) && !state.weights[colour] && state.live?.colour !== colour)
    .filter(([, { idleSince }]) => idleSince !== undefined && idleSince <= warmSince)
    .map(([colour]) => colour);
}

/**
 * Lowers every slot of an environment that was warm for long enough to nothing. The ledger says so first: a slot that is taken for lowered and
 * still runs costs money until the next look, one that is taken for warm and does not would fail a roll back.
 */
export async function lowerIdle(ports: Ports, plan: EnvironmentPlan): Promise<void> {
  if (plan.warmForSeconds === undefined) return;
  const { ledger, clock } = ports;
  const warmSince = clock.later(-plan.warmForSeconds);
  const state = await ledger.environment(plan.environment);
  const colours = toLower(state, warmSince, clock.now());
  if (colours.length === 0) return;
  // What is live in a wave may have to go back until it has come through all of them: in one call, so what it goes back to runs. That it is a wave is for its own plan
  // to say, and not for that of today.
  const ahead = await aheadIn(ports, state);
  if (ahead && hasMoved(ahead, plan.environment)) return;
  for (const colour of colours) await lower(ports, plan, colour, warmSince);
}

async function lower(ports: Ports, plan: EnvironmentPlan, colour: string, warmSince: string): Promise<void> {
  const { ledger, clock, capacity, targets, log } = ports;
  const about = { environment: plan.environment, slot: colour };
  const target = await decideAgain(clock, async () => {
    const state = await ledger.environment(plan.environment);
    const slot = state.slots[colour];
    if (!isScalable(slot) || !toLower(state, warmSince, clock.now()).includes(colour)) return undefined;
    const { desired } = await capacity.read(plan, slot.capacity);
    if (desired === 0 && slot.loweredFrom !== undefined) return undefined;
    if (await targets.serve(plan, slot.targetGroupArn)) {
      log.error('not lowered: the live rule sends traffic there, and the ledger does not know of it', about);
      return undefined;
    }
    if (slot.loweredFrom === undefined) {
      const event: AuditEvent = { at: clock.now(), what: 'CapacityLowered', release: slot.version, environment: plan.environment, who: WHO, detail: {} };
      const detail = { colour, from: desired, to: 0, idleSince: slot.idleSince };
      await ledger.commit({ put: [lowered(state, colour, desired)], audit: [{ ...event, detail }] });
    }
    return slot.capacity;
  });
  if (!target) return;
  await capacity.set(plan, target, 0);
  log.info('slot lowered', { ...about, expected: 0 });
}
