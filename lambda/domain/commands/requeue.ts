import type { RequeueBody, SubmitBody } from '../../contract';
import type { Release } from '../model';
import type { Ports } from '../ports';
import { checkTriedAgain } from '../release/once-more';
import { checkOutside } from '../release/submission';
import { decideAgain } from './decide-again';
import { environmentsOf, knownRelease } from './known';
import { newAttempt } from './new-attempt';
import { startOnPath } from './start';

/**
 * Takes a release through its path once more whose place an emergency took, once both have ended: as its author submitted it, with nothing reached and everybody
 * asked anew. Where one of them is still on its way its end asks again; where somebody has submitted it meanwhile there is nothing to do.
 *
 * @throws Refused when it is no release, not what the path takes any more, or when people, or live traffic, have said no to it meanwhile
 */
export async function requeue(ports: Ports, { release: version, after }: RequeueBody['requeue']): Promise<Release> {
  const release = await decideAgain(ports.clock, () => registered(ports, version, after));
  if (release.requeuedAfter === after && release.status === 'submitted') await startOnPath(ports, release);
  return release;
}

async function registered(ports: Ports, version: string, after: string): Promise<Release> {
  const [stored, emergency] = await Promise.all([knownRelease(ports, version), knownRelease(ports, after)]);
  const isEvicted = stored.aborted?.evicted === true && stored.aborted.superseded === after;
  if (!isEvicted || stored.status === 'submitted' || emergency.status === 'submitted') return stored;
  const body = bodyOf(stored, emergency);
  checkTriedAgain(stored, await ports.ledger.audit(version), body);
  checkOutside(stored, await environmentsOf(ports, stored));
  ports.log.info('release submitted anew', { release: version, after });
  return newAttempt(ports, { author: stored.author, body, stored, executionArn: (name) => ports.machines.executionArn(name), after });
}

/**
 * Why it may take the slot of what can be rolled back to, or go forward though an alarm fires, was said about what was live then, where it was not live yet itself:
 * nobody has said it about the emergency.
 */
function bodyOf({ version, digest, origin, changeClass, changes, replaceTarget, fixForward, bundle, reached }: Release, emergency: Release): SubmitBody {
  const isOther = Object.entries(emergency.reached).some(([environment, came]) => came === 'live' && reached[environment] !== 'live');
  return { version, digest, origin, changeClass, changes, bundle, ...(!isOther && { replaceTarget, fixForward }) };
}
