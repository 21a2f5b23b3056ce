import type { EnvironmentPlan, SlotTaskInput } from '../../contract';
import { eventOf } from '../audit';
import { filled } from '../environment';
import type { Change, EnvironmentState, Release, SlotState } from '../model';
import type { AlarmsFound, Ports } from '../ports';
import type { Firing } from './firing';

/**
 * What of the alarms that fire counts against the release in a slot: of a declared fix-forward, none that has been firing since before it, without a break. One that
 * has been quiet since and fires again counts, and so does one of which CloudWatch does not say since when.
 */
export function firingAnew(slot: Pick<SlotState, 'firedBefore'> | undefined, firing: readonly Firing[]): readonly Firing[] {
  const before = slot?.firedBefore ?? [];
  return firing.filter(({ alarm, since }) => since === undefined || !before.some((each) => each.alarm === alarm && each.since === since));
}

/** The alarms of a slot, with {@link firingAnew} of those that fire. Without a slot there are none, and nothing is asked. */
export async function slotAlarms({ alarms }: Pick<Ports, 'alarms'>, plan: EnvironmentPlan, slot: WatchedSlot | undefined): Promise<AlarmsFound> {
  const { firing, missing } = await alarms.read(plan, slot?.alarms ?? []);
  return { firing: firingAnew(slot, firing), missing };
}

export type WatchedSlot = Pick<SlotState, 'alarms' | 'firedBefore'>;

/**
 * What fires in the slot of a fix-forward right after its deployment, recorded once.
 * @returns undefined when it is no fix-forward, or was recorded before
 */
export function firedBefore(input: SlotTaskInput, release: Release, state: EnvironmentState, firing: readonly Firing[], now: string): Change | undefined {
  const slot = state.slots[input.colour];
  if (release.fixForward === undefined || !slot || slot.firedBefore) return undefined;
  const alarms = firing.flatMap(({ alarm, reason, since }) => (since === undefined ? [] : [{ alarm, reason, since }]));
  const event = eventOf(input, now, 'AlarmsFiredBefore', { colour: input.colour, alarms }, release.fixForward);
  return { put: [filled(state, input.colour, { ...slot, firedBefore: alarms })], audit: alarms.length > 0 ? [event] : [] };
}

/** For who decides: that it is a fix-forward, why, and what has been firing since before it. @returns undefined when it is none */
export function fixForwardInWords({ fixForward }: Release, slot: Pick<SlotState, 'firedBefore'> | undefined): string | undefined {
  if (fixForward === undefined) return undefined;
  const alarms = (slot?.firedBefore ?? []).map(({ alarm, since, reason }) => `${alarm} since ${since} (${reason})`);
  return alarms.length === 0 ? fixForward : `${fixForward}; fires since before it, and does not count: ${alarms.join('; ')}`;
}
