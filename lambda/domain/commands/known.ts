import { didYouMean, type EnvironmentPlan } from '../../contract';
import { Refused } from '../errors';
import type { EnvironmentState, Release } from '../model';
import type { Ports } from '../ports';

/** The release of this version. @throws Refused `UnknownRelease` */
export async function knownRelease(ports: Ports, version: string): Promise<Release> {
  const release = await ports.ledger.release(version);
  if (release) return release;
  throw new Refused(
    'UnknownRelease',
    `no release has the version ${JSON.stringify(version)}; submit it with ptl release, or see the versions there are with ptl status`,
    404,
  );
}

/** The environments that a release goes through, in the order of its path. */
export function environmentsOf({ ledger }: Pick<Ports, 'ledger'>, { plan }: Pick<Release, 'plan'>): Promise<EnvironmentState[]> {
  return Promise.all(plan.map(({ environment }) => ledger.environment(environment)));
}

/** The plan of this environment, out of a release's frozen plan or the deployed one. @throws Refused `UnknownEnvironment` */
export function knownEnvironment(plan: readonly EnvironmentPlan[], environment: string): EnvironmentPlan {
  const known = plan.find((each) => each.environment === environment);
  if (known) return known;
  const names = plan.map((each) => each.environment);
  const message = `the path has no environment ${JSON.stringify(environment)}${didYouMean(environment, names)}; it has ${names.join(', ') || 'none yet: run cdk deploy'}`;
  throw new Refused('UnknownEnvironment', message, 404);
}
