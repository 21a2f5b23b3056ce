import type { EnvironmentPlan, Outcome } from '../../../lambda/contract';
import type { Chance } from '../chance';

/** What a release is like, and what people do about it. */
export type PlotKind =
  | 'good'
  | 'fails a test'
  | 'fails a test beside a bake'
  | 'fails to deploy'
  | 'hangs while it is deployed'
  | 'raises an alarm while it is tested'
  | 'raises an alarm under traffic'
  | 'raises anew an alarm of before'
  | 'makes worse what fired before'
  | 'fails to migrate'
  | 'fails to migrate, and to take that back'
  | 'takes too long to migrate'
  | 'fails a health gate'
  | 'gets too few requests'
  | 'has no healthy target'
  | 'has a file that changes'
  | 'is refused at the firebreak'
  | 'waits in vain at the firebreak'
  | 'is refused at the go/no-go'
  | 'waits in vain at the go/no-go'
  | 'is refused at the pause'
  | 'waits in vain at the pause'
  | 'is aborted'
  | 'is rolled back by a person';

export interface Plot {
  readonly kind: PlotKind;
  /** Where. */
  readonly environment: string;
  /** How it ends when nothing else goes wrong; undefined where that depends on when somebody asks. */
  readonly ends: Outcome | undefined;
  /** Whether it must never be what is live in that environment, whatever happens. */
  readonly isBad: boolean;
}

interface Kind {
  readonly kind: PlotKind;
  readonly weight: number;
  readonly ends: Outcome | undefined;
  readonly isBad?: true;
  readonly where?: (plan: EnvironmentPlan) => boolean;
}

const KINDS: readonly Kind[] = [
  { kind: 'good', weight: 40, ends: 'live' },
  { kind: 'fails a test', weight: 5, ends: 'stopped', isBad: true },
  { kind: 'fails a test beside a bake', weight: 4, ends: 'rolledBack', isBad: true, where: testsBeside },
  { kind: 'fails to deploy', weight: 4, ends: 'stopped', isBad: true },
  { kind: 'hangs while it is deployed', weight: 1, ends: 'stopped' },
  { kind: 'raises an alarm while it is tested', weight: 3, ends: 'stopped', isBad: true },
  { kind: 'raises an alarm under traffic', weight: 12, ends: 'rolledBack', isBad: true },
  { kind: 'fails a health gate', weight: 4, ends: 'rolledBack', isBad: true, where: ({ gates }) => gates.some(({ kind }) => kind === 'http') },
  { kind: 'gets too few requests', weight: 4, ends: 'rolledBack', isBad: true },
  { kind: 'has no healthy target', weight: 4, ends: 'stopped', isBad: true },
  { kind: 'fails to migrate', weight: 6, ends: 'stopped', where: breaks },
  { kind: 'fails to migrate, and to take that back', weight: 6, ends: 'stopped', where: breaks },
  { kind: 'takes too long to migrate', weight: 8, ends: 'stopped', where: breaks },
  { kind: 'has a file that changes', weight: 2, ends: 'stopped', isBad: true },
  { kind: 'is refused at the firebreak', weight: 5, ends: 'stopped', isBad: true, where: hasFirebreak },
  { kind: 'waits in vain at the firebreak', weight: 3, ends: 'stopped', isBad: true, where: hasFirebreak },
  { kind: 'is refused at the go/no-go', weight: 5, ends: 'stopped', isBad: true, where: ({ goNoGo }) => goNoGo !== undefined },
  { kind: 'waits in vain at the go/no-go', weight: 3, ends: 'stopped', isBad: true, where: ({ goNoGo }) => goNoGo !== undefined },
  { kind: 'is refused at the pause', weight: 5, ends: 'rolledBack', isBad: true, where: pauses },
  { kind: 'waits in vain at the pause', weight: 3, ends: 'rolledBack', isBad: true, where: pauses },
  { kind: 'is aborted', weight: 7, ends: undefined },
  { kind: 'is rolled back by a person', weight: 9, ends: undefined },
];

/** What goes wrong only where a migration is to run, and breaks the live version. */
function breaks({ plannedOutage }: EnvironmentPlan): boolean {
  return plannedOutage !== undefined;
}

function pauses({ steps }: EnvironmentPlan): boolean {
  return steps.some(({ pause }) => pause !== undefined);
}

function testsBeside({ steps }: EnvironmentPlan): boolean {
  return steps.some(({ tests }) => tests !== undefined);
}

function hasFirebreak({ firebreak }: EnvironmentPlan): boolean {
  return firebreak !== undefined;
}

export function plotOf(chance: Chance, plans: readonly EnvironmentPlan[]): Plot {
  const possible = plans.flatMap((plan) =>
    KINDS.filter(({ where }) => where === undefined || where(plan)).map((kind) => [kind.weight, { kind, plan }] as const),
  );
  const { kind, plan } = chance.weighted(possible);
  return { kind: kind.kind, environment: plan.environment, ends: kind.ends, isBad: kind.isBad === true };
}

export const GOOD = (plans: readonly EnvironmentPlan[]): Plot => ({ kind: 'good', environment: plans[0]?.environment ?? '', ends: 'live', isBad: false });
