import type { EnvironmentPlan } from '../../contract';
import { type AlarmNotice, isAlarmOf } from '../health/alarm';
import { waitingBake } from '../health/bake';
import { slotAlarms, type WatchedSlot } from '../health/fired-before';
import { type Firing, namesOf } from '../health/firing';
import { ofAlarms, type Reading } from '../health/verdict';
import type { EnvironmentState, Release } from '../model';
import type { Ports } from '../ports';
import { isLiveIn, planOf } from '../release/release';
import { toRollBack } from './moved';

/** Alarms of the waves that the release has come through, which are a failure of the whole. */
export async function firingEarlier(ports: Ports, release: Release): Promise<Firing[]> {
  const found = await Promise.all(
    (await earlierSlots(ports, release)).map(async ({ plan, slot }) => {
      const { firing } = await slotAlarms(ports, plan, slot);
      return firing.map(({ alarm, reason }) => ({ alarm, reason: ofEarlier(plan.environment, reason) }));
    }),
  );
  return found.flat();
}

/** Everything that fires against a release in a slot: the slot's own alarms, and those of earlier waves. */
export async function firingAgainst(ports: Ports, release: Release, environment: string, slot: WatchedSlot | undefined): Promise<Firing[]> {
  const { firing } = await slotAlarms(ports, planOf(release, environment), slot);
  return [...firing, ...(await firingEarlier(ports, release))];
}

/** The same as what a health gate finds, once a bake is over: a notice of one may have been late, or lost. */
export async function ofEarlierWaves(ports: Ports, release: Release): Promise<Reading[]> {
  const firing = await firingEarlier(ports, release);
  return firing.length === 0 ? [] : [{ logs: namesOf(firing), ...ofAlarms([], { firing, missing: [] }, { seen: 0, minimum: 0 }) }];
}

/**
 * The alarm that ends a bake although it watches another wave: one that the release has come through.
 * @returns undefined when it is about something else
 */
export async function endsLaterBake(ports: Ports, notice: AlarmNotice, plan: EnvironmentPlan, state: EnvironmentState): Promise<Firing | undefined> {
  const bake = (plan.wave?.place ?? 0) > 0 ? waitingBake(state) : undefined;
  const release = bake && (await ports.ledger.release(bake.release));
  if (!release) return undefined;
  const found = (await earlierSlots(ports, release)).find((each) => isAlarmOf(notice, each.plan, each.slot));
  return found && { alarm: notice.name, reason: ofEarlier(found.plan.environment, notice.reason) };
}

const ofEarlier = (environment: string, reason: string) => `it watches ${environment}, an earlier wave: ${reason}`;

async function earlierSlots({ ledger }: Ports, release: Release): Promise<{ readonly plan: EnvironmentPlan; readonly slot: WatchedSlot }[]> {
  const waves = toRollBack(release);
  const plans = release.plan.filter(({ environment }) => waves.includes(environment));
  const states = await Promise.all(plans.map(({ environment }) => ledger.environment(environment)));
  return plans.flatMap((plan, index) => {
    const state = states[index];
    const slot = state?.live && isLiveIn(state, release) ? state.slots[state.live.colour] : undefined;
    return slot ? [{ plan, slot }] : [];
  });
}
