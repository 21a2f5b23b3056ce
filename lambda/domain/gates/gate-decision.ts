import { Refused } from '../errors';
import type { Decision, Gate } from '../model';
import { gateName, waits } from './gate';
import { isOneOf } from './gate-caller';

/** What somebody says at a gate. `caller` comes from the authorizer. */
export interface DecisionRequest {
  readonly caller: string;
  readonly decision: 'accept' | 'refuse';
  readonly reason: string;
  /** The digest the caller saw. */
  readonly digest: string;
  readonly party?: string;
}

/**
 * Records one party's decision. One member decides for the party, once. A refusal by any party refuses the gate; when all have
 * accepted, the gate has passed, or waits to be resumed, as the environment says.
 */
export function decide(gate: Gate, request: DecisionRequest, now: string): Gate | Refused {
  const party = partyOf(gate, request);
  const earlier = gate.decisions.find((decision) => decision.party === party);
  const closed = notWaiting(gate, now);
  if (closed) return earlier ? alreadyDecided(gate, request, earlier, closed.message) : closed;
  const refused = notAboutThis(gate, request);
  if (refused) return refused;
  if (party instanceof Refused) return party;
  if (earlier) return alreadyDecided(gate, request, earlier, stillWaits(gate));
  const { caller: by, decision, digest } = request;
  const decided = { ...gate, decisions: [...gate.decisions, { party, decision, by, reason: request.reason.trim(), at: now, digest }] };
  if (decision === 'refuse') return { ...decided, status: 'refused' };
  if (!acceptedByAll(decided)) return decided;
  return { ...decided, status: gate.resumes === 'automatically' ? 'passed' : 'accepted' };
}

/** Sends a release on from a gate that every party has accepted. */
export function resume(gate: Gate, caller: string, now: string): Gate | Refused {
  if (gate.status === 'passed') return new Refused('AlreadyResumed', `${release(gate)} has passed ${gateName(gate)} already; there is nothing to resume`);
  const refused = notWaiting(gate, now);
  if (refused) return refused;
  if (gate.releaseManagers.length > 0 && !isOneOf(caller, gate.releaseManagers)) {
    const message = `${caller} is no release manager of ${gateName(gate)}; ask one of ${gate.releaseManagers.join(', ')}`;
    return new Refused('NotReleaseManager', message, 403);
  }
  if (acceptedByAll(gate)) return { ...gate, status: 'passed' };
  return new Refused('NotAllAccepted', `${gateName(gate)} still waits for ${missing(gate).join(', ')}; resume ${release(gate)} when they have accepted`);
}

/** Whether every party has accepted the digest that the gate is bound to. */
export function acceptedByAll(gate: Gate): boolean {
  return missing(gate).length === 0;
}

/** Names of the parties that have not accepted yet. */
export function missing(gate: Gate): string[] {
  const accepted = gate.decisions.filter((decision) => decision.decision === 'accept' && decision.digest === gate.digest).map((decision) => decision.party);
  return gate.parties.map((party) => party.name).filter((name) => !accepted.includes(name));
}

const release = (gate: Gate) => `release ${gate.release}`;

function notWaiting(gate: Gate, now: string): Refused | undefined {
  const name = gateName(gate);
  if (gate.status === 'expired' || (waits(gate) && now >= gate.expiresAt)) {
    return new Refused('Expired', `${name} waited for ${release(gate)} until ${gate.expiresAt} and no longer; submit the release again to be asked again`);
  }
  if (waits(gate)) return undefined;
  return new Refused('NotOpen', `${name} is not open for ${release(gate)}: it is ${gate.status}; ptl status says what it waits for`);
}

function notAboutThis(gate: Gate, request: DecisionRequest): Refused | undefined {
  if (request.reason.trim() === '') {
    return new Refused('NoReason', `a decision needs a reason, got: ${JSON.stringify(request.reason)}; say in a sentence why you ${request.decision} it`, 400);
  }
  if (request.digest === gate.digest) return undefined;
  const message = `${gateName(gate)} asks about ${release(gate)} with digest ${gate.digest}, got: ${JSON.stringify(request.digest)}; look at the release again and decide on what is there`;
  return new Refused('OtherDigest', message);
}

function partyOf(gate: Gate, request: DecisionRequest): string | Refused {
  const mine = gate.parties.filter((party) => isOneOf(request.caller, party.members)).map((party) => party.name);
  const all = gate.parties.map((party) => JSON.stringify(party.name)).join(', ');
  if (mine.length === 0) {
    const [asks, none] = gate.parties.length === 1 ? ['party', 'not in it'] : ['parties', 'in none of them'];
    return new Refused('NotInParty', `${gateName(gate)} asks the ${asks} ${all}, and ${request.caller} is ${none}; ask a member to decide`, 403);
  }
  if (request.party !== undefined) {
    if (mine.includes(request.party)) return request.party;
    const isAsked = gate.parties.some(({ name }) => name === request.party);
    const not = `${isAsked ? `${request.caller} is not in the party` : `${gateName(gate)} does not ask a party`} ${JSON.stringify(request.party)}`;
    const message = `${not}; it asks ${all}, and you decide for ${mine.map((name) => JSON.stringify(name)).join(' or ')}`;
    return new Refused('NotInParty', message, 403);
  }
  const [only, ...others] = mine;
  if (only !== undefined && others.length === 0) return only;
  return new Refused(
    'WhichParty',
    `${request.caller} is in more than one party of ${gateName(gate)}; say for which you decide: --party ${mine.join(' or ')}`,
    400,
  );
}

/** @param standing what is to be said of the gate as it is */
function alreadyDecided(gate: Gate, { caller, decision }: DecisionRequest, earlier: Decision, standing: string): Refused {
  const { party, by, at, reason } = earlier;
  const what = earlier.decision === 'accept' ? 'accepted' : 'refused';
  const who = by === caller ? `you, ${by}` : by;
  const otherwise = decision === 'refuse' && earlier.decision === 'accept' ? `; to stop it all the same, use ptl abort ${gate.release}` : '';
  const message = `${JSON.stringify(party)} has ${what} ${release(gate)} at ${gateName(gate)} already: ${who}, at ${at}: ${reason}; a party decides once, and nothing has changed: ${standing}${otherwise}`;
  return new Refused('AlreadyDecided', message);
}

function stillWaits(gate: Gate): string {
  if (!acceptedByAll(gate)) return `${gateName(gate)} waits for ${missing(gate).join(', ')}`;
  return `every party has accepted, and ${gateName(gate)} waits for a release manager: ptl resume ${gate.environment}`;
}
