import { CHANGES, didYouMean, type EnvironmentPlan, type SubmitBody } from '../../contract';
import { Refused } from '../errors';
import type { Release } from '../model';

/** Refuses a declared change that no firebreak of the path knows: it would switch none on, and the release go past the one that was meant. */
export function checkChanges(plan: readonly EnvironmentPlan[], body: SubmitBody): void {
  const known = knownChanges(plan);
  const unknown = [...new Set(body.changes)].filter((change) => !known.includes(change));
  if (unknown.length === 0) return;
  const named = unknown.map((change) => `${JSON.stringify(change)}${didYouMean(change, known)}`).join(', ');
  const fix = 'declare one of those, or have a firebreak know it by .when(Change.named(…)) and run cdk deploy for the platform first';
  throw new Refused('UnknownChange', `no firebreak of the path knows the change ${named}; known are ${known.join(', ')}; ${fix}`, 400);
}

/** Refuses to declare more of a release that is on its way: the firebreaks behind it were not told. */
export function checkSameChanges(registered: Release, body: SubmitBody): void {
  const more = (body.changes ?? []).filter((change) => !registered.changes.includes(change));
  if (more.length === 0) return;
  const { version, status } = registered;
  const message = `release ${version} is ${status} and did not declare ${more.join(', ')}; ${status === 'live' ? '' : `abort it and submit it with --again, or `}submit it as a new version`;
  throw new Refused('UndeclaredChange', message);
}

/** What a release may declare: the changes every path knows, and those that firebreaks of this one are for. */
export function knownChanges(plan: readonly EnvironmentPlan[]): string[] {
  return [...new Set([...Object.values(CHANGES), ...plan.flatMap(({ firebreak }) => firebreak?.when ?? [])])];
}
