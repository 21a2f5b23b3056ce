import type { EnvironmentPlan, ReleaseStatus } from '../../contract';
import type { Release } from '../model';

/** The release has gone live in this environment, by its present attempt. Behind the last of its waves there is nothing to take back any more. */
export function movedTo(release: Release, environment: string): Release {
  const plan = wavePlan(release, environment);
  if (!plan?.wave) return release;
  if (isLast(plan)) return withMoved(release, []);
  return withMoved(release, [...(release.movedWaves ?? []), environment]);
}

/** It came by where it was live before: that is not taken back. */
export function passedBy(release: Release, environment: string): Release {
  const plan = wavePlan(release, environment);
  return plan?.wave && isLast(plan) ? withMoved(release, []) : release;
}

/** Nothing of this attempt is to be taken back there any more. */
export function notMoved(release: Release, environment: string): Release {
  return withMoved(
    release,
    (release.movedWaves ?? []).filter((each) => each !== environment),
  );
}

/** Whether a failure in a later wave takes the release back here. */
export function hasMoved(release: Pick<Release, 'movedWaves'>, environment: string): boolean {
  return release.movedWaves?.includes(environment) ?? false;
}

/** Waves that a failure takes back, newest first. */
export function toRollBack({ plan, movedWaves = [] }: Release): string[] {
  return plan.flatMap(({ environment }) => (movedWaves.includes(environment) ? [environment] : [])).reverse();
}

/**
 * How a release has ended that ended so in an environment, or in front of it: rolled back where it was in an earlier wave, whoever did that and however it stopped
 * here. Its users had it.
 */
export function endedAs<Ended extends ReleaseStatus>(release: Release, environment: string, ended: Ended): Ended | 'rolledBack' {
  const isBack = release.plan.some((wave) => isSameWaves(release, environment, wave.environment) && release.reached[wave.environment] === 'rolledBack');
  return isBack ? 'rolledBack' : ended;
}

/** Whether both are waves of the same. */
export function isSameWaves(release: Release, one: string, other: string): boolean {
  const of = wavePlan(release, one)?.wave?.of;
  return of !== undefined && wavePlan(release, other)?.wave?.of === of;
}

const wavePlan = ({ plan }: Release, environment: string) => plan.find((each) => each.environment === environment);

const isLast = ({ wave }: EnvironmentPlan) => wave !== undefined && wave.place === wave.waves - 1;

function withMoved({ movedWaves: _before, ...release }: Release, moved: readonly string[]): Release {
  return moved.length === 0 ? release : { ...release, movedWaves: [...new Set(moved)] };
}
