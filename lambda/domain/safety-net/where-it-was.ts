import type { Release } from '../model';

/** The first environment a release is not live in; the last one when there is none. */
export function whereItWas(release: Release): string {
  const ahead = release.plan.find(({ environment }) => release.reached[environment] !== 'live') ?? release.plan.at(-1);
  return ahead?.environment ?? 'its first environment';
}
