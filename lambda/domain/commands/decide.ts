import type { DecisionBody, EnvironmentPlan, GateKind, GateView, ReleaseView } from '../../contract';
import { sinceSubmitted } from '../audit';
import { Refused } from '../errors';
import { checkNotHeld } from '../freezes/check-not-held';
import { answerOf, boundTo, gateName, isWatched, waits } from '../gates/gate';
import { decide as decideAt } from '../gates/gate-decision';
import { toToken } from '../gates/gate-opening';
import { withBakeRead } from '../health/bake';
import type { AuditEvent, EnvironmentState, Gate, Release } from '../model';
import type { Ports } from '../ports';
import { decideAgain } from './decide-again';
import { knownEnvironment, namedRelease } from './known';
import { viewRelease } from './read';

/** Records one party's acceptance or refusal at the gate where the release waits, and tells the machine when that settles it. */
export async function decide(ports: Ports, caller: string, version: string, body: DecisionBody): Promise<ReleaseView> {
  await decideAgain(ports.clock, async () => {
    const { release, gate } = await waitingGate(ports, version, body.environment, body.gate);
    checkStep(gate, body);
    const now = ports.clock.now();
    const decided = decideAt(gate, { ...body, caller }, now);
    if (decided instanceof Refused) throw decided;
    await checkMeant(ports, gate, body, caller);
    checkBound(gate, release);
    if (decided.status === 'passed') await checkNotHeld(ports, release, gate, now);
    const answer = answerOf(decided);
    await ports.ledger.commit({
      put: [decided, ...(answer && isWatched(gate) ? notWatchedAnyMore(await ports.ledger.environment(body.environment), gate, now) : [])],
      audit: decisionAudit(decided, now),
      deliver: answer ? [toToken(decided.token, answer)] : [],
    });
    ports.log.info('decision recorded', {
      release: version,
      environment: body.environment,
      gate: gate.gate,
      decision: body.decision,
      who: caller,
      status: decided.status,
    });
  });
  return viewRelease(ports, version);
}

/**
 * The gate of a release in an environment that somebody can speak to; the last one when none waits, whose state then says why not.
 *
 * @param kind the one that is meant; undefined: whichever waits, where no other does
 */
export async function waitingGate(ports: Ports, version: string, environment: string, kind?: GateKind): Promise<{ release: Release; gate: Gate }> {
  const release = await namedRelease(ports, version);
  const plan = knownEnvironment(release.plan, environment);
  const gates = (await ports.ledger.gates(version)).filter((gate) => gate.environment === environment && (kind === undefined || gate.gate === kind));
  const waiting = gates.filter(waits);
  if (waiting.length > 1) throw whichGate(version, waiting);
  const gate = waiting[0] ?? gates.sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1))[0];
  if (gate) return { release, gate };
  throw new Refused('NotOpen', `${notThere(version, plan, kind)}; ptl status ${version} says where it is`);
}

function notThere(version: string, { environment, firebreak }: EnvironmentPlan, kind: GateKind | undefined): string {
  if (kind === undefined) return `release ${version} waits for nobody in ${environment}, nor in front of it`;
  if (kind === 'firebreak' && !firebreak) return `there is no firebreak in front of ${environment}, so release ${version} does not wait at one`;
  return `release ${version} does not wait at ${gateName({ gate: kind, environment })}`;
}

/** What was said at one step, and is sent once more because its answer was lost, is not said about the next one. */
function checkStep(gate: Gate, { percent }: DecisionBody): void {
  if (percent === undefined || percent === gate.percent) return;
  const message = `release ${gate.release} has come to ${gateName(gate)}, and this is about its step at ${percent} percent: look at it again, and decide on what is there`;
  throw new Refused('OtherStep', message);
}

/**
 * Who has answered another question about this attempt here, and does not say which one is meant now, may have sent the first answer once more: it is not taken
 * for an answer to this one. A contract is asked about when its release has been through all others.
 */
async function checkMeant({ ledger }: Pick<Ports, 'ledger'>, gate: Gate, { gate: kind, percent }: DecisionBody, caller: string): Promise<void> {
  if (gate.gate === 'contract' || (kind !== undefined && percent === gate.percent)) return;
  const { release, environment, openedAt } = gate;
  const isOther = ({ what, who, environment: where, at, detail }: AuditEvent) =>
    what === 'DecisionRecorded' && who === caller && where === environment && (detail.gate !== gate.gate || (gate.percent !== undefined && at <= openedAt));
  if (!sinceSubmitted(await ledger.audit(release)).some(isOther)) return;
  const at = gate.percent === undefined ? '' : `, "percent": ${gate.percent}`;
  const message = `release ${release} waits at ${gateName(gate)}, and you have answered another question about it in ${environment} before: say which one you mean, "gate": "${gate.gate}"${at}; ptl accept and ptl refuse say so by themselves`;
  throw new Refused('WhichGate', message, 400);
}

/** A version that is live, whose contract is asked about, may be on its way once more: what is meant for one is not taken for the other. */
function whichGate(version: string, waiting: readonly Gate[]): Refused {
  const kinds = waiting.map(({ gate }) => gate).join(' or ');
  const message = `release ${version} waits at ${waiting.map(gateName).join(' and at ')}; say which of them you mean: --gate ${kinds}, the API's field "gate"`;
  return new Refused('WhichGate', message, 400);
}

/** Refuses when the evidence has changed under an open gate: what was accepted so far is void. */
export function checkBound(gate: Gate, release: Release): void {
  if (boundTo(gate, release)) return;
  const message = `the bundle or the evidence of release ${release.version} changed since ${gateName(gate)} opened, its acceptances are void; abort the release and submit it with --again`;
  throw new Refused('OtherDigest', message);
}

/** An alarm that is told of in the same instant, or a roll back that is asked for, finds that people have decided, or is found. */
function notWatchedAnyMore(state: EnvironmentState, { token }: Gate, now: string): EnvironmentState[] {
  const { bake } = state;
  return bake?.token === token ? [withBakeRead({ ...state, bake }, now)] : [state];
}

function decisionAudit(gate: Gate, at: string): AuditEvent[] {
  const last = gate.decisions[gate.decisions.length - 1];
  const about = { at, release: gate.release, environment: gate.environment, who: last?.by ?? gate.execution, why: last?.reason };
  const detail = { gate: gate.gate, party: last?.party, decision: last?.decision, digest: gate.digest, evidenceDigest: gate.evidenceDigest };
  const recorded: AuditEvent = { ...about, what: 'DecisionRecorded', detail };
  if (gate.status === 'refused') return [recorded, { ...about, what: 'GateRefused', detail }];
  return gate.status === 'passed' ? [recorded, passed(gate, about)] : [recorded];
}

const PASSED = {
  firebreak: 'FirebreakPassed',
  goNoGo: 'GoNoGoPassed',
  contract: 'ContractGatePassed',
  rollBackTarget: 'TargetGatePassed',
  pause: 'PausePassed',
  inconclusive: 'PausePassed',
} as const;

/** Who let it pass, and all who accepted it. */
export function passed(gate: Gate, by: Pick<AuditEvent, 'at' | 'who' | 'why'>): AuditEvent {
  const accepted: GateView['parties'] = gate.decisions.map(({ party: name, decision, by: who, reason, at }) => ({ name, decision, by: who, reason, at }));
  const { release, environment, digest, evidenceDigest } = gate;
  const at = gate.percent === undefined ? {} : { percent: gate.percent };
  const detail = { gate: gate.gate, ...at, digest, evidenceDigest, parties: accepted };
  return { at: by.at, who: by.who, why: by.why, what: PASSED[gate.gate], release, environment, detail };
}
