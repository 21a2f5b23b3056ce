import type { HubMetadata } from '../../lambda/contract';
import type { Surroundings } from '../surroundings';
import { UserError } from '../user-error';
import { type HubHint, hubOfAssembly } from './assembly-hint';
import { awsProblem, type Identity } from './aws';
import { notAllowedToRead } from './refused';

/** Where a hub's API is, and the region its requests are signed for. */
export interface HubAddress {
  readonly url: string;
  readonly region: string;
  /** Id of the path to live; absent where only the API's URL was given. */
  readonly path?: string;
}

/** What was said about which hub is meant. */
export interface WantedHub {
  /** Id of the path to live; else `PTL_PATH`, else the only one in the project's `cdk.out`. */
  readonly path?: string;
  /** The only region to look in. */
  readonly region?: string;
  /** The hub of an assembly that was made or named for this very command. */
  readonly known?: HubMetadata;
}

/**
 * Finds the hub's API: `PTL_API_URL`, else the parameter the hub publishes it in. What was said explicitly comes first; then the caller's own
 * region, where they are at work now; and last the region that the project's `cdk.out` names, which may be of long ago.
 *
 * @throws UserError saying where it was looked for
 */
export async function findHub(surroundings: Surroundings, identity: Identity, wanted: WantedHub): Promise<HubAddress> {
  const named = wanted.path ?? (surroundings.env.PTL_PATH || undefined);
  const given = surroundings.env.PTL_API_URL;
  if (given) return { url: validUrl(given), region: regionOf(given) ?? wanted.region ?? (await identity.region()), path: named };
  const hint = wanted.known ?? (named === undefined ? await hubOfAssembly(surroundings, named) : undefined);
  const path = hint?.path ?? named ?? '';
  const looked: string[] = [];
  let refusal: UserError | undefined;
  for await (const region of regions(surroundings, identity, { ...wanted, path, hint })) {
    looked.push(region);
    const found = await readParameter(path, region, identity);
    if (typeof found === 'string') return { url: found, region: regionOf(found) ?? region, path };
    refusal ??= found;
  }
  throw refusal ?? noHub(path, looked, hint ?? (await hintOf(surroundings, path)));
}

/** Each region once, and none before it is needed: reading an assembly takes a moment, and a stale one need not be readable. */
async function* regions(surroundings: Surroundings, identity: Identity, wanted: WantedHub & { path: string; hint?: HubHint }): AsyncGenerator<string> {
  const only = wanted.region ?? wanted.known?.region;
  if (only !== undefined) {
    yield only;
    return;
  }
  let own: string | undefined;
  let without: unknown;
  try {
    own = await identity.region();
  } catch (error) {
    without = error;
  }
  if (own !== undefined) yield own;
  const hint = wanted.hint ?? (await hintOf(surroundings, wanted.path));
  if (hint?.region !== undefined && hint.region !== own) yield hint.region;
  else if (own === undefined) throw without;
}

/** The last thing to go by, and only that: one that cannot be read is of no use, and no problem either. */
function hintOf(surroundings: Surroundings, path: string): Promise<HubHint | undefined> {
  return hubOfAssembly(surroundings, path).catch(() => undefined);
}

/** @returns undefined when there is no such parameter, the refusal when it may not be read there: policies name the one region it is in */
async function readParameter(path: string, region: string, identity: Identity): Promise<string | UserError | undefined> {
  const { SSMClient, GetParameterCommand } = await import('@aws-sdk/client-ssm');
  const name = parameterOf(path);
  try {
    const { Parameter } = await new SSMClient({ region, credentials: () => identity.credentials() }).send(new GetParameterCommand({ Name: name }));
    return validUrl(Parameter?.Value ?? '', `the parameter ${name}`);
  } catch (error) {
    if ((error as Error).name === 'ParameterNotFound') return undefined;
    if (/^AccessDenied/.test((error as Error).name)) return notAllowedToRead(name, region, path, error as Error);
    throw awsProblem(error, `reading the parameter ${name} in ${region}`) ?? error;
  }
}

function parameterOf(path: string): string {
  return `/path-to-live/${path}/api-url`;
}

function noHub(path: string, looked: readonly string[], hint: HubHint | undefined): UserError {
  const there = hint?.account === undefined ? '' : ` It belongs to account ${hint.account}: are these credentials for it?`;
  return new UserError(
    'NoHub',
    `there is no hub here: the parameter ${parameterOf(path)} does not exist in ${looked.join(' or ')}.${there} Deploy the platform first (cdk deploy --all), or say where the hub is: --region or AWS_REGION, AWS_PROFILE, or PTL_API_URL for its API`,
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
