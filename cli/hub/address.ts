import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HubMetadata } from '../../lambda/contract';
import { choosePath } from '../assembly/choose-release';
import { type PathAssembly, readAssembly } from '../assembly/read-assembly';
import type { Surroundings } from '../surroundings';
import { UserError } from '../user-error';
import { awsProblem, type Identity } from './aws';

/** Where a hub's API is, and the region its requests are signed for. */
export interface HubAddress {
  readonly url: string;
  readonly region: string;
}

/** Where to look for the address of a hub. */
interface HubPlace {
  readonly apiParameter: string;
  /** The hub's as an assembly says it, then the caller's own: an old `cdk.out` may be about another account. */
  readonly regions: readonly string[];
  /** Known from an assembly only. */
  readonly account?: string;
}

/**
 * Finds the hub's API: `PTL_API_URL`, else the parameter the hub publishes it in. The path to live is the one named (`--path`, `PTL_PATH`) or
 * the only one in the project's `cdk.out`.
 *
 * @param known the hub of an assembly that was read already
 */
export async function findHub(surroundings: Surroundings, identity: Identity, wanted: string | undefined, known?: HubMetadata): Promise<HubAddress> {
  const given = surroundings.env.PTL_API_URL;
  if (given !== undefined && given !== '') return { url: validUrl(given), region: regionOf(given) ?? (await identity.region()) };
  const place = known === undefined ? await placeOf(surroundings, identity, wanted) : { ...known, regions: [known.region] };
  for (const region of place.regions) {
    const url = await readParameter(place.apiParameter, region, identity);
    if (url !== undefined) return { url, region: regionOf(url) ?? region };
  }
  throw noHub(place);
}

async function placeOf(surroundings: Surroundings, identity: Identity, wanted: string | undefined): Promise<HubPlace> {
  const path = wanted ?? surroundings.env.PTL_PATH;
  const assembly = join(surroundings.directory, 'cdk.out');
  const paths = existsSync(join(assembly, 'manifest.json')) ? await readAssembly(assembly) : [];
  if (path === undefined && paths.length === 0) {
    throw new UserError(
      'NoPath',
      'ptl does not know which path to live you mean; name it with --path <name> or the environment variable PTL_PATH, or run ptl where the CDK app and its cdk.out are',
    );
  }
  // A path that is named need not be in the directory's own assembly.
  const elsewhere = path !== undefined && !paths.some((one) => one.path === path);
  const chosen: Omit<PathAssembly, 'slots'> = elsewhere ? { path } : choosePath(paths, path);
  const { hub } = chosen;
  if (hub === undefined) return { apiParameter: `/path-to-live/${chosen.path}/api-url`, regions: [await identity.region()] };
  const own = await identity.region().catch(() => hub.region);
  return { ...hub, regions: [...new Set([hub.region, own])] };
}

/** @returns undefined when there is no such parameter */
async function readParameter(name: string, region: string, identity: Identity): Promise<string | undefined> {
  const { SSMClient, GetParameterCommand } = await import('@aws-sdk/client-ssm');
  try {
    const { Parameter } = await new SSMClient({ region, credentials: () => identity.credentials() }).send(new GetParameterCommand({ Name: name }));
    return validUrl(Parameter?.Value ?? '', `the parameter ${name}`);
  } catch (error) {
    if ((error as Error).name === 'ParameterNotFound') return undefined;
    throw awsProblem(error, `reading the parameter ${name} in ${region}`) ?? error;
  }
}

function noHub({ apiParameter, regions, account }: HubPlace): UserError {
  const there = account === undefined ? '' : ` It belongs to account ${account}: are these credentials for it?`;
  return new UserError(
    'NoHub',
    `there is no hub here: the parameter ${apiParameter} does not exist in ${regions.join(' or ')}.${there} Deploy the platform first (cdk deploy --all), or set AWS_REGION and AWS_PROFILE to where the hub is, or PTL_API_URL to its API`,
  );
}

function validUrl(url: string, source = 'PTL_API_URL'): string {
  if (/^https?:\/\/[^/]+/.test(url) && URL.canParse(url)) return url.replace(/\/+$/, '');
  throw new UserError(
    'ApiUrl',
    `${source} is ${JSON.stringify(url)}, which is no URL; it must be the address of the hub's API, for example https://a1b2c3.execute-api.eu-west-2.amazonaws.com`,
  );
}

/** AWS's own names of APIs say their region; a domain of one's own does not. */
function regionOf(url: string): string | undefined {
  return /\.execute-api\.([a-z0-9-]+)\.amazonaws\./.exec(url)?.[1];
}
