import { addSeconds } from 'date-fns/addSeconds';
import {
  CHANGES,
  type DeclaredMigration,
  type EnvironmentPlan,
  type Failure,
  type GateKind,
  type GateOutage,
  type GateOutput,
  type PartyPlan,
  type TokenTurn,
  WATCHED_GATES,
} from '../../contract';
import type { EnvironmentState, Gate, Release } from '../model';
import { step } from '../steps/step';
import { turnOf } from '../token-turn';
import { evidenceDigest } from './evidence-digest';

/** A release that arrives at a firebreak or a go/no-go. */
export interface GateRequest extends TokenTurn {
  /** Of the environment the gate is in front of (firebreak) or in (go/no-go), from the release's frozen plan. */
  readonly plan: EnvironmentPlan;
  readonly release: Release;
  readonly gate: GateKind;
  readonly now: string;
  /** What the machine waits on. */
  readonly token: string;
  readonly execution: string;
  /** Of a `contract`, and of a go/no-go with an outage: what would run. */
  readonly runs?: readonly DeclaredMigration[];
  /** Of a watched gate: at which step. */
  readonly percent?: number;
  /** What was inconclusive, or is in the slot, in words. */
  readonly about?: string;
  readonly outage?: GateOutage;
}

/** The gate as it is when nobody has decided yet; `notNeeded` when this environment, or this release, does not ask for it. */
export function openGate(request: GateRequest): Gate | 'notNeeded' {
  const { plan, release, gate, now, percent, about } = request;
  const rules = rulesOf(request);
  if (!rules) return 'notNeeded';
  return {
    kind: 'gate',
    revision: 0,
    release: release.version,
    environment: plan.environment,
    gate,
    parties: rules.parties,
    decisions: [],
    status: 'open',
    resumes: rules.resumes,
    releaseManagers: rules.releaseManagers,
    digest: release.digest,
    evidenceDigest: evidenceOf(request),
    ...(request.runs && { runs: request.runs }),
    ...(percent !== undefined && { percent }),
    ...(about !== undefined && { about }),
    ...(request.outage && { outage: request.outage }),
    openedAt: now,
    expiresAt: addSeconds(now, rules.timeoutSeconds - headStart(rules.timeoutSeconds)).toISOString(),
    execution: request.execution,
    token: request.token,
    ...turnOf(request),
  };
}

/** Seconds a machine may have waited before its token was stored. A decision that still counts must reach a machine that still waits. */
const HEAD_START_SECONDS = 5;
const headStart = (timeoutSeconds: number) => Math.min(HEAD_START_SECONDS, Math.floor(timeoutSeconds / 10));

interface GateRules extends Pick<Gate, 'resumes' | 'releaseManagers'> {
  readonly parties: readonly PartyPlan[];
  readonly timeoutSeconds: number;
}

function rulesOf({ plan, release, gate, percent }: GateRequest): GateRules | undefined {
  if (gate === 'firebreak') return appliesTo(plan, release.changes) ? plan.firebreak : undefined;
  const asked = {
    pause: plan.steps.find((step) => step.percent === percent)?.pause,
    inconclusive: plan.inconclusive,
    goNoGo: plan.goNoGo,
    contract: plan.goNoGo,
    rollBackTarget: plan.rollBackTarget?.kind === 'ask' ? plan.rollBackTarget : undefined,
  };
  const rules = asked[gate];
  return rules && { timeoutSeconds: rules.timeoutSeconds, parties: [rules.party], resumes: 'automatically', releaseManagers: [] };
}

/** Whether the firebreak in front of this environment is on for a release with these declared changes: always for one that needs an outage. */
export function appliesTo(plan: EnvironmentPlan, changes: readonly string[]): boolean {
  if (!plan.firebreak) return false;
  const { when } = plan.firebreak;
  return when.length === 0 || [...when, CHANGES.plannedOutage].some((change) => changes.includes(change));
}

/** The gates a release must have passed before any traffic of this environment moves to it. */
export function neededGates(plan: EnvironmentPlan, changes: readonly string[]): GateKind[] {
  return [...(appliesTo(plan, changes) ? (['firebreak'] as const) : []), ...(plan.goNoGo ? (['goNoGo'] as const) : [])];
}

type Named = Pick<Gate, 'gate' | 'environment' | 'percent'>;

/** In words: `the firebreak in front of Production`, `the go/no-go in Production`, `the pause of Production at 10 percent`. */
export function gateName({ gate, environment, percent }: Named): string {
  switch (gate) {
    case 'firebreak':
      return `the firebreak in front of ${environment}`;
    case 'goNoGo':
      return `the go/no-go in ${environment}`;
    case 'contract':
      return `the contract in ${environment}`;
    case 'rollBackTarget':
      return `the question about the roll-back target of ${environment}`;
    case 'pause':
      return `the pause of ${environment} at ${percent} percent`;
    case 'inconclusive':
      return `the question about ${environment}, inconclusive at ${percent} percent`;
  }
}

/** The state of the machine that waits at it. */
export function gateStep({ gate, environment, percent = 0 }: Named): string {
  switch (gate) {
    case 'firebreak':
      return `Wait at the firebreak in front of ${environment}`;
    case 'goNoGo':
      return `Ask for go/no-go in ${environment}`;
    case 'contract':
      return `Ask for the contract in ${environment}`;
    case 'rollBackTarget':
      return step.askAboutTarget(environment);
    case 'pause':
      return step.pause(environment, percent);
    case 'inconclusive':
      return step.inconclusive(environment, percent);
  }
}

/** Whether what was accepted is still what would go live: same bundle, same evidence. */
export function boundTo(gate: Gate, release: Release): boolean {
  return gate.digest === release.digest && gate.evidenceDigest === evidenceOf({ ...gate, plan: gate, release });
}

/** The tests of an environment come after the go for an outage, which then rests on what a firebreak does. */
function evidenceOf({
  plan,
  release,
  gate,
  outage,
}: Pick<GateRequest, 'release' | 'gate' | 'outage'> & { readonly plan: { readonly environment: string } }): string {
  return evidenceDigest(release, plan.environment, outage ? 'firebreak' : gate);
}

/** Asked again right before traffic moves. @returns why the gate's acceptances do not count, undefined when they do */
export function stillHolds(gate: Gate, release: Release): Failure | undefined {
  const bound = gate.gate === 'contract' ? 'what would run' : 'the bundle and the evidence that go live';
  const about = { step: gateStep(gate), subject: gateName(gate), expected: `passed, for ${bound}`, logs: gate.execution };
  if (gate.status !== 'passed') return { ...about, actual: gate.status };
  if (boundTo(gate, release)) return undefined;
  const accepted = `digest ${gate.digest} and evidence ${gate.evidenceDigest}`;
  const present = `digest ${release.digest} and evidence ${evidenceOf({ ...gate, plan: gate, release })}`;
  return { ...about, actual: `accepted for ${accepted}, now ${present}: the acceptances are void` };
}

/** {@link stillHolds} for all gates this environment needs; one that was never opened does not hold. */
export function approvalsHold(plan: EnvironmentPlan, release: Release, gates: readonly Gate[]): Failure | undefined {
  for (const kind of neededGates(plan, release.changes)) {
    const gate = gates.find((each) => each.gate === kind && each.environment === plan.environment && each.release === release.version);
    const asked = { gate: kind, environment: plan.environment };
    const failure = gate
      ? stillHolds(gate, release)
      : {
          step: gateStep(asked),
          subject: gateName(asked),
          expected: 'passed, for the bundle and the evidence that go live',
          actual: 'never opened',
          logs: release.execution,
        };
    if (failure) return failure;
  }
  return undefined;
}

/** Whether a gate is asked while the release has traffic: what ends a bake ends the wait at it. */
export function isWatched({ gate }: Pick<Gate, 'gate'>): boolean {
  return WATCHED_GATES.includes(gate);
}

/**
 * {@link stillHolds} for what must have been decided once a release has come past a step: its pause, and what was inconclusive there.
 *
 * @param percent of the step
 */
export function decisionsHold(plan: EnvironmentPlan, percent: number, { release, state, gates }: OnTheWay): Failure | undefined {
  const { environment } = plan;
  const at = gates.filter((gate) => gate.environment === environment && gate.percent === percent && gate.execution === state.lock?.execution);
  const isInconclusive = state.bake?.percent === percent && state.bake.verdict !== undefined;
  const needed = [
    ...(isInconclusive ? ['inconclusive' as const] : []),
    // In an outage there is no step but the last, and nobody is asked there.
    ...(!state.outage && plan.steps.find((each) => each.percent === percent)?.pause ? ['pause' as const] : []),
  ];
  for (const gate of needed) {
    const asked = { gate, environment, percent };
    const expected = 'passed, for the bundle and the evidence that go live';
    if (!at.some((each) => each.gate === gate))
      return { step: gateStep(asked), subject: gateName(asked), expected, actual: 'never opened', logs: release.execution };
  }
  return at.filter(isWatched).flatMap((gate) => stillHolds(gate, release) ?? [])[0];
}

/** A release that has traffic, and what was decided about it. */
interface OnTheWay {
  readonly release: Release;
  readonly state: EnvironmentState;
  readonly gates: readonly Gate[];
}

/** Nobody waits at it any more because its time is up; unchanged when it was decided before. */
export function expire(gate: Gate): Gate {
  return waits(gate) ? { ...gate, status: 'expired' } : gate;
}

/** Nobody waits at it any more because the release ended otherwise; unchanged when it was decided before. */
export function voidGate(gate: Gate): Gate {
  return waits(gate) ? { ...gate, status: 'void' } : gate;
}

/** However its release ended: {@link expire} when its time is up, {@link voidGate} otherwise. */
export function closeGate(gate: Gate, now: string): Gate {
  return now >= gate.expiresAt ? expire(gate) : voidGate(gate);
}

/** Whether it waits for somebody: a decision, or to be resumed. */
export function waits(gate: Gate): boolean {
  return gate.status === 'open' || gate.status === 'accepted';
}

/** The same of a gate that a release comes to on its way; a contract is asked about when it is live, and goes on whatever becomes of the way. */
export function waitsOnTheWay(gate: Gate): boolean {
  return waits(gate) && gate.gate !== 'contract';
}

/** What the machine that waits is told, once there is something to tell. */
export function answerOf(gate: Gate): GateOutput | undefined {
  if (gate.status === 'passed') return { outcome: 'passed' };
  const refusal = gate.decisions.find((decision) => decision.decision === 'refuse');
  if (gate.status !== 'refused' || !refusal) return undefined;
  const actual = `refused by ${refusal.by}: ${refusal.reason}`;
  return { outcome: 'refused', failure: { step: gateStep(gate), subject: `party ${refusal.party}`, expected: 'accepted', actual, logs: gate.execution } };
}
