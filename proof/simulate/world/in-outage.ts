import { GOOD, type Plot, type PlotKind } from './plot';
import type { World } from './world';

/** What goes wrong when something has been migrated. */
const AFTERWARDS: readonly PlotKind[] = [
  'fails to migrate',
  'fails to migrate, and to take that back',
  'takes too long to migrate',
  'fails a test',
  'raises an alarm while it is tested',
  'raises an alarm under traffic',
  'raises anew an alarm of before',
  'makes worse what fired before',
  'gets too few requests',
];

/** What becomes of a story where the release needs an outage: it goes back where all is taken back, and users stay out where it is not. */
export function inOutage({ path, brought, migrations, records }: World, plot: Plot, version: string): Plot {
  const plan = path.plans.find(({ environment }) => environment === plot.environment);
  if (plan?.plannedOutage === undefined) return plot;
  const { breaking, migration } = brought;
  const { live, outage } = records.environment(plan.environment);
  const isLeft = outage !== undefined && AFTERWARDS.includes(plot.kind);
  if (breaking === undefined || !brought.isBroughtBy(version) || migrations.of(plan.environment, breaking) === 'all') {
    if (/the firebreak$|to migrate/.test(plot.kind)) return GOOD(path.plans);
    // It goes on with an outage that another has left, unless a person ends that before.
    return isLeft ? { ...plot, ends: undefined } : plot;
  }
  if (!AFTERWARDS.includes(plot.kind)) return plot;
  const isTakenBack = migration?.undoable === true && plot.kind !== 'fails to migrate, and to take that back';
  const hasNobodyBefore = live === undefined;
  return { ...plot, ends: isTakenBack || hasNobodyBefore ? 'rolledBack' : 'stopped' };
}
