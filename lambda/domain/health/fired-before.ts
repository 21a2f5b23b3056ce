import { addSeconds } from 'date-fns/addSeconds';
import type { EnvironmentPlan, SlotTaskInput } from '../../contract';
import { eventOf } from '../audit';
import { filled } from '../environment';
import type { Change, EnvironmentState, FiredBefore, Release, SlotState } from '../model';
import type { Alarms, AlarmsFound, Ports } from '../ports';
import { baselineOf, isOther, isWorse, latestLevel, worseInWords } from './baseline';
import type { Firing } from './firing';
import { shown } from './measured';

/** What of a slot's alarms counts against the release in it. */
export interface AlarmsJudged extends AlarmsFound {
  /** Have been firing since before a fix-forward, and have no value now to be held against what it was then. */
  readonly unmeasured: readonly Firing[];
}

export type WatchedSlot = Pick<SlotState, 'alarms' | 'firedBefore'>;

/** The alarms of a slot, with {@link counting} of those that fire. Without a slot there are none, and nothing is asked. */
export async function slotAlarms({ alarms }: Pick<Ports, 'alarms'>, plan: EnvironmentPlan, slot: WatchedSlot | undefined): Promise<AlarmsJudged> {
  const { firing, missing } = await alarms.read(plan, slot?.alarms ?? []);
  return { ...(await counting(alarms, plan, slot, firing)), missing };
}

/**
 * What of the alarms that fire counts against the release in a slot. Of a declared fix-forward, one that has been firing since before it, without a break, counts
 * only where what it measures is worse than it was then; where nothing was measured then, not at all. One that has been quiet since and fires again counts, and so
 * does one of which CloudWatch does not say since when.
 */
export async function counting(
  alarms: Pick<Alarms, 'values'>,
  plan: EnvironmentPlan,
  slot: Pick<SlotState, 'firedBefore'> | undefined,
  firing: readonly Firing[],
): Promise<Pick<AlarmsJudged, 'firing' | 'unmeasured'>> {
  const judged = await Promise.all(firing.map(async (each) => ({ each, is: await judge(alarms, plan, each, slot?.firedBefore ?? []) })));
  return {
    firing: judged.flatMap(({ each, is }) => (is === 'anew' ? each : said(each, is, 'worse'))),
    unmeasured: judged.flatMap(({ each, is }) => said(each, is, 'unmeasured')),
  };
}

/** An alarm that is judged so, with why. */
function said(each: Firing, is: Judged, so: 'worse' | 'unmeasured'): readonly Firing[] {
  const why = typeof is === 'object' ? (is as Partial<Record<typeof so, string>>)[so] : undefined;
  return why === undefined ? [] : [{ ...each, reason: `${why} (${each.reason})` }];
}

/** From one change of an alarm to the next it takes a period, ten seconds at least; a notice and a reading of the same one may differ by a fraction. */
const SAME_SECONDS = 2;

/**
 * What is recorded of an alarm that has been firing since then, as a reading or a notice of it says.
 * @returns undefined for one that has not fired since before the fix-forward, without a break
 */
export function ofBefore(before: readonly FiredBefore[], alarm: string, since: string | undefined): FiredBefore | undefined {
  if (since === undefined) return undefined;
  return before.find((each) => each.alarm === alarm && since < addSeconds(each.since, SAME_SECONDS).toISOString());
}

type Judged = 'anew' | 'asBefore' | { readonly worse: string } | { readonly unmeasured: string };

async function judge(alarms: Pick<Alarms, 'values'>, plan: EnvironmentPlan, { alarm, since }: Firing, before: readonly FiredBefore[]): Promise<Judged> {
  const known = ofBefore(before, alarm, since);
  if (!known) return 'anew';
  if (!known.baseline) return 'asBefore';
  const measured = await alarms.values(plan, alarm);
  if ('unknown' in measured) return { unmeasured: measured.unknown };
  if (isOther(known.baseline, measured)) return { unmeasured: 'it measures something else than before the fix-forward' };
  const level = latestLevel(measured);
  if (level === undefined) return { unmeasured: 'none in its latest periods' };
  return isWorse(known.baseline, level, measured) ? { worse: worseInWords(known.baseline, level, measured) } : 'asBefore';
}

/** What fires right after a fix-forward has been deployed, with what it measures. One of which nobody knows since when is left out: it counts as ever. */
export async function withBaselines(alarms: Pick<Alarms, 'values'>, plan: EnvironmentPlan, firing: readonly Firing[]): Promise<FiredBefore[]> {
  const found = firing.map(async ({ alarm, reason, since }): Promise<FiredBefore[]> => {
    if (since === undefined) return [];
    const measured = await alarms.values(plan, alarm);
    const baseline = 'unknown' in measured ? undefined : baselineOf(measured);
    const byState = 'unknown' in measured ? measured.unknown : 'it has measured nothing lately';
    return [{ alarm, reason, since, ...(baseline ? { baseline } : { byState }) }];
  });
  return (await Promise.all(found)).flat();
}

/** Whether what fires is to be recorded: in the slot of a fix-forward right after its deployment, once. */
export function isToBeRecorded(release: Release, slot: SlotState | undefined): slot is SlotState {
  return release.fixForward !== undefined && slot !== undefined && slot.firedBefore === undefined;
}

export function firedBefore(
  input: SlotTaskInput,
  release: Release,
  state: EnvironmentState,
  slot: SlotState,
  alarms: readonly FiredBefore[],
  now: string,
): Change {
  const event = eventOf(input, now, 'AlarmsFiredBefore', { colour: input.colour, alarms }, release.fixForward);
  return { put: [filled(state, input.colour, { ...slot, firedBefore: alarms })], audit: alarms.length > 0 ? [event] : [] };
}

/** For who decides: that it is a fix-forward, why, and what has been firing since before it. @returns undefined when it is none */
export function fixForwardInWords({ fixForward }: Release, slot: Pick<SlotState, 'firedBefore'> | undefined): string | undefined {
  if (fixForward === undefined) return undefined;
  const before = slot?.firedBefore ?? [];
  return before.length === 0 ? fixForward : `${fixForward}; fires since before it, and does not count: ${before.map(inWords).join('; ')}`;
}

function inWords({ alarm, since, reason, baseline }: FiredBefore): string {
  const unless = baseline === undefined ? '' : `, unless it gets worse than ${shown(baseline.allowed)}; it was ${shown(baseline.was)}`;
  return `${alarm} since ${since} (${reason})${unless}`;
}
