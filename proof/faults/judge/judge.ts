import type { Response } from '../../../rehearsal/traffic/response';
import type { Expected, Kind } from '../table/cell';
import type { Seen } from './seen';

/** What is not as it must be once a cell is over, a sentence each; none: the cell is as expected. */
export function judge(expected: Expected, kind: Kind, seen: Seen): string[] {
  return [
    ...(seen.happened ? [] : ['what was to go wrong did not: the release never came there']),
    ...(seen.restless === undefined ? [] : [`it did not come to rest: ${seen.restless}`]),
    ...outcome(expected, seen),
    ...lock(seen),
    ...outage(expected, seen),
    ...weights(expected, seen),
    ...ticket(expected, seen),
    ...requests(expected, kind, seen),
  ];
}

function outcome({ outcome }: Expected, { version, liveBefore, release, environment }: Seen): string[] {
  const isLive = outcome === 'live' ? version : liveBefore;
  const live = environment?.live?.version;
  return [
    ...(release?.status === outcome ? [] : [`the release is ${release?.status ?? 'not there'}, expected: ${outcome}`]),
    ...(live === isLive ? [] : [`${live ?? 'nothing'} is live, expected: ${isLive ?? 'nothing'}`]),
  ];
}

function lock({ environment }: Seen): string[] {
  const { lock, lease } = environment ?? {};
  return [
    ...(lock ? [`release ${lock.release} holds the lock`] : []),
    ...(lease && lease.expiresAt !== '' ? [`the lease on the live rule was not given back, it lasts until ${lease.expiresAt}`] : []),
  ];
}

/** None is left, but where nobody gives users back what may not understand the shared state. */
function outage({ out }: Expected, { environment }: Seen): string[] {
  const { outage: left } = environment ?? {};
  if (out && left === undefined) return ['no outage is left, expected: users stay without a version'];
  return left && !out ? [`the outage of ${left.release} has not ended`] : [];
}

/** All traffic is on what is live, in the ledger and in the live rule; on nothing, where users stay without a version. */
function weights({ out }: Expected, { environment, weights }: Seen): string[] {
  const { live, slots = {}, weights: recorded = {} } = environment ?? {};
  const inLedger = Object.fromEntries(Object.entries(recorded).map(([colour, percent]) => [slots[colour]?.targetGroupArn ?? colour, percent]));
  const wanted = live && !out ? { [slots[live.colour]?.targetGroupArn ?? live.colour]: 100 } : {};
  return [
    ...(same(inLedger, weights) ? [] : [`the ledger has ${JSON.stringify(inLedger)}, the live rule ${JSON.stringify(weights)}`]),
    ...(same(weights, wanted)
      ? []
      : [
          `the live rule has ${JSON.stringify(weights)}, and ${out ? 'users were to stay without a version' : `live is ${live?.version ?? 'nothing'} in ${live?.colour ?? 'no slot'}`}`,
        ]),
  ];
}

function same(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): boolean {
  const sorted = (weights: Readonly<Record<string, number>>) => JSON.stringify(Object.entries(weights).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}

/** One, that says why and where to look; none for what went live. */
function ticket({ outcome, cause }: Expected, { tickets }: Seen): string[] {
  const words = tickets.map(({ step, subject, actual }) => `${step}: ${subject}: ${actual}`);
  if (tickets.length !== (outcome === 'live' ? 0 : 1)) return [`${tickets.length} tickets: ${words.join('; ') || 'none'}`];
  const [only] = tickets;
  if (only === undefined || cause === undefined) return [];
  return [
    ...(only.step === cause.step && cause.says.test(`${only.subject}: ${only.actual}`)
      ? []
      : [`the ticket says ${words[0]}, expected: ${cause.step}, ${cause.says}`]),
    ...(only.outcome === outcome ? [] : [`the ticket says ${only.outcome}`]),
    ...(only.logs === '' ? ['the ticket does not say where to look'] : []),
  ];
}

/** No request fails but those that the bad version answers itself, and those that are told of an outage. */
function requests(expected: Expected, kind: Kind, { version, responses }: Seen): string[] {
  if (expected.told && !responses.some(isTold)) return ['nobody was told of the outage'];
  const failed = failedRequests(expected, kind, version, responses);
  if (failed.length === 0) return [];
  const [first] = failed;
  return [`${failed.length} of ${responses.length} requests failed, the first with ${first?.error ?? first?.status} from ${first?.version ?? 'no release'}`];
}

/** Those that nobody can blame on the release. */
export function failedRequests({ told }: Pick<Expected, 'told'>, kind: Kind, version: string, responses: readonly Response[]): Response[] {
  const isItsOwn = (response: Response) => kind === 'bad' && response.version === version;
  return responses.filter((response) => (response.status === 0 || response.status >= 400) && !isItsOwn(response) && !(told && isTold(response)));
}

/** By the live rule itself. */
function isTold({ status, version }: Response): boolean {
  return status === 503 && version === undefined;
}
