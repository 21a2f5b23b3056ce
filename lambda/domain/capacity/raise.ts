import type { EnvironmentPlan } from '../../contract';
import type { SlotState } from '../model';
import type { CapacityReading, Ports } from '../ports';

/** Between two looks. Tasks and instances take longer than this to start; nobody waits for the last one by the second. */
const PAUSE_MS = 5_000;

/** A slot with a capacity to set. */
export type ScalableSlot = SlotState & { readonly capacity: NonNullable<SlotState['capacity']> };

export function isScalable(slot: SlotState | undefined): slot is ScalableSlot {
  return slot?.capacity !== undefined;
}

/** What a slot must have before it gets traffic: what its own template asks for, and no less than there is to be where the users are. */
export function capacityFor(slot: ScalableSlot, live: CapacityReading | undefined): number {
  return Math.max(slot.capacity.least, live?.desired ?? 0);
}

/** What became of raising a slot. */
export interface Raised {
  /** `short`: not all of it ran and was healthy in time; `left`: nobody wants it any more. */
  readonly state: 'running' | 'short' | 'left';
  readonly count: number;
  /** How many there were to be before; less than `count` when it had to be raised. */
  readonly from: number;
  /** From asking for them until all of them were healthy; when none was asked for, how long the latest deployment took, if that is known. */
  readonly seconds?: number;
  /** In words, what was seen last. */
  readonly found: string;
}

export interface RaiseOptions {
  readonly count: number;
  /** How long to follow it. */
  readonly seconds: number;
  /** Asked after every look: whether somebody still wants it. */
  readonly wanted: () => Promise<boolean>;
}

/**
 * Asks for `count` tasks or instances where there are to be fewer, and follows them until so many run and are healthy in the slot's own target
 * group. A slot that has more keeps them. Asked again, it goes on following.
 */
export async function raise(ports: Ports, plan: EnvironmentPlan, slot: ScalableSlot, { count, seconds, wanted }: RaiseOptions): Promise<Raised> {
  const { capacity, targets, clock } = ports;
  const before = await capacity.read(plan, slot.capacity);
  const about = { count, from: before.desired };
  const until = clock.later(seconds);
  if (before.desired < count) await capacity.set(plan, slot.capacity, count);
  for (let pauses = 0; ; pauses++) {
    const [reading, healthy] = await Promise.all([capacity.read(plan, slot.capacity), targets.healthy(plan, slot.targetGroupArn)]);
    const found = `${reading.running} of ${count} run, ${healthy} of them healthy${reading.said ? `; the service said last: ${reading.said}` : ''}`;
    if (reading.running >= count && healthy >= count) {
      const took = before.desired < count ? Math.round((pauses * PAUSE_MS) / 1000) : reading.startSeconds;
      return { state: 'running', ...about, ...(took !== undefined && { seconds: took }), found };
    }
    if (!(await wanted())) return { state: 'left', ...about, found };
    if (clock.now() >= until) return { state: 'short', ...about, found };
    await clock.sleep(PAUSE_MS);
  }
}
