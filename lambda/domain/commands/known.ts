import { didYouMean, type EnvironmentPlan, MOST_RELEASES, VERSION_PATTERN } from '../../contract';
import { Refused } from '../errors';
import type { EnvironmentState, Release } from '../model';
import type { Ports } from '../ports';

/** The release of this version. @throws Refused `UnknownRelease` */
export async function knownRelease({ ledger }: Ports, version: string): Promise<Release> {
  const release = await ledger.release(version);
  if (release) return release;
  throw unknownRelease(version);
}

/** The same of a version that somebody has typed. @throws Refused `UnknownRelease`, which says what may be meant */
export async function namedRelease({ ledger }: Ports, version: string): Promise<Release> {
  // A key of the ledger has its longest: asked for more, it fails.
  const release = VERSION_PATTERN.test(version) ? await ledger.release(version) : undefined;
  if (release) return release;
  const longer = (await ledger.latestReleases(MOST_RELEASES)).map((each) => each.version).filter((each) => isLonger(each, version));
  throw unknownRelease(version, longer.slice(0, MOST_MEANT));
}

const MOST_MEANT = 3;
const LONGEST_SHOWN = 100;

/** The same number, with more of it: `1.3.0` of `1.3`, or with another letter in front. One digit is enough to be another version. */
function isLonger(known: string, version: string): boolean {
  const [whole, part] = [known, version].map((each) => each.toLowerCase().replace(/^v(?=\d)/, '')) as [string, string];
  return whole === part || ['.', '-', '_'].some((separator) => whole.startsWith(part + separator));
}

function unknownRelease(version: string, meant: readonly string[] = []): Refused {
  const question = meant.length === 0 ? '' : ` (did you mean ${meant.map((each) => JSON.stringify(each)).join(' or ')}?)`;
  const message = `no release has the version ${JSON.stringify(version.slice(0, LONGEST_SHOWN))}${question}; submit it with ptl release, or see the versions there are with ptl status`;
  return new Refused('UnknownRelease', message, 404);
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
