import { listed } from '../../contract';
import { isOnItsWayIn } from '../environment';
import type { EnvironmentState, Release } from '../model';
import type { Ports } from '../ports';
import { whereItWas } from '../safety-net/where-it-was';
import { toRollBack } from '../waves/moved';
import type { Finding } from './finding';
import type { EndedLook } from './look';

/** The sweep looks every minute; what it could not deliver by then has something in the way. */
const UNDELIVERED_SECONDS = 300;

/** A release in flight whose machine has ended. */
export interface DeadRelease {
  readonly release: Release;
  readonly ended: EndedLook;
}

/** Releases in flight whose path machine has ended, and that hold no environment: there is nothing to take back, and nobody closes them. */
export async function deadReleases({ ledger, machines }: Ports, states: readonly EnvironmentState[]): Promise<DeadRelease[]> {
  const inFlight = (await ledger.releasesInFlight()).filter(({ version }) => !states.some((state) => isOnItsWayIn(state, version)));
  const looked = await Promise.all(inFlight.map(async (release) => ({ release, ended: await machines.ended(release.execution) })));
  return looked.flatMap(({ release, ended }) => (ended ? [{ release, ended }] : []));
}

export function deadReleaseFinding({ release, ended }: DeadRelease): Finding {
  const waves = toRollBack(release);
  const back = waves.length > 0 ? `, and roll it back in ${listed(waves)}` : '';
  return {
    kind: 'deadRelease',
    environment: whereItWas(release),
    subject: `release ${release.version}, which is in flight`,
    expected: 'its machine runs',
    actual: `${release.execution} has ended: ${ended.how}`,
    ...(ended.at !== undefined && { since: ended.at }),
    by: 'recover',
    remedy: `close it${back}, by the rules of the safety net`,
  };
}

/** What was committed and is not delivered. */
export async function outboxFindings({ ledger, clock }: Ports): Promise<Finding[]> {
  const before = clock.later(-UNDELIVERED_SECONDS);
  const late = (await ledger.outbox()).filter(({ since }) => since <= before);
  const [oldest] = late;
  if (!oldest) return [];
  const tokens = late.filter(({ delivery }) => delivery.to === 'token').length;
  const actual = leftInWords(late.length, tokens);
  const about = { subject: 'the outbox of the hub', expected: 'every delivery leaves within a minute', actual, since: oldest.since };
  return [{ kind: 'outbox', ...about, by: 'recover', remedy: late.length === 1 ? 'deliver it' : 'deliver them' }];
}

function leftInWords(all: number, tokens: number): string {
  if (all === 1) return tokens === 1 ? '1 is left, an answer that a machine may wait for' : '1 is left, and no machine waits for it';
  return `${all} are left, ${tokens} of them ${tokens === 1 ? 'an answer' : 'answers'} that a machine may wait for`;
}
