import type { AuditView, EnvironmentPlan, EnvironmentView, FrontDoor, GateView, HiddenUrl, NoWayBack, OutageView, TicketView } from '../../contract';
import { runningFreeze } from '../freezes/freeze';
import { isOneOf } from '../gates/gate-caller';
import type { AuditEvent, EnvironmentState, Gate, SlotState, Ticket } from '../model';
import { isOut, takenBackBy } from '../outage/outage';
import { isOriginal, withOriginal } from '../traffic/original';
import { wayBack } from '../traffic/way-back';
import { contractView } from './views-contract';
import { turnsOf } from './views-turn';

/** A gate as people see it: whom it asks, and what they said. The token stays behind. */
export function gateView(gate: Gate): GateView {
  const { release, digest, environment, gate: kind, status, openedAt, expiresAt } = gate;
  const parties = gate.parties.map(({ name }) => {
    const said = gate.decisions.find((decision) => decision.party === name);
    return said ? { name, decision: said.decision, by: said.by, reason: said.reason, at: said.at } : { name };
  });
  const runs = gate.runs && { runs: gate.runs.map(({ name }) => name) };
  const { percent, about } = gate;
  const watched = { ...(percent !== undefined && { percent }), ...(about !== undefined && { about }) };
  const outage = gate.outage && { outage: gate.outage };
  return { release, digest, environment, gate: kind, status, openedAt, expiresAt, ...runs, ...outage, ...watched, parties };
}

/** The same of one that waits, for who looks at it. */
export function openGateView(gate: Gate, caller: string): GateView {
  const unsaid = gate.parties.filter(({ name }) => gate.decisions.every(({ party }) => party !== name));
  return { ...gateView(gate), ...(unsaid.some(({ members }) => isOneOf(caller, members)) && { asksYou: true }) };
}

/** An audit event of a release, without the release it is read with. */
export function auditView({ at, what, who, environment, why, detail }: AuditEvent): AuditView {
  return { at, what, who, environment, why, detail };
}

/** A ticket without what only the ledger needs. */
export function ticketView({ kind: _kind, revision: _revision, ...ticket }: Ticket): TicketView {
  return ticket;
}

const UNKNOWN_URL: HiddenUrl = { url: '', headers: {}, secretHeaders: {}, access: 'unknown: the front door could not be read just now' };

/** An environment as people see it. @param frontDoor undefined when it could not be read just now */
export function environmentView(plan: EnvironmentPlan, stored: EnvironmentState, frontDoor: FrontDoor | undefined, now: string): EnvironmentView {
  const state = withOriginal(stored, frontDoor?.original);
  const colour = shadowOf(plan, state);
  const version = colour && state.slots[colour]?.version;
  const { live, previous, weights, lock, rollBackRequested: asked = state.goingBack, retirement } = state;
  return {
    environment: plan.environment,
    ...(plan.wave && { wave: { of: plan.wave.of, number: plan.wave.place + 1 } }),
    account: plan.account,
    region: plan.region,
    url: frontDoor?.url ?? '',
    live: live && { colour: live.colour, version: live.version },
    previous: previous && {
      colour: previous.colour,
      version: previous.version,
      ...loweredOf(state.slots[previous.colour]),
      ...(previous.rolledBack && { rolledBack: true }),
    },
    rollingBack: asked && !lock ? { by: asked.by, at: asked.at } : undefined,
    frozen: runningFreeze(state, now),
    retiring: retirement && { by: retirement.by, at: retirement.at },
    retiredAt: state.retiredAt,
    contract: contractView(state, now),
    outage: outageView(state),
    noWayBack: noWayBack(state),
    shadow: colour && version ? { colour, version, hiddenUrl: frontDoor?.hiddenUrls[colour] ?? UNKNOWN_URL } : undefined,
    weights,
    lockedBy: lock?.release,
    waiting: turnsOf(state),
  };
}

/** Whether a slot runs nothing, and how long starting it took before. */
function loweredOf(slot: SlotState | undefined): Pick<NonNullable<EnvironmentView['previous']>, 'lowered' | 'startSeconds'> {
  if (slot?.loweredFrom === undefined) return {};
  return { lowered: true, ...(slot.startSeconds !== undefined && { startSeconds: slot.startSeconds }) };
}

/** The slot that serves nobody and holds a version; of several, the one the release in flight was deployed to. */
function shadowOf(plan: EnvironmentPlan, state: EnvironmentState): string | undefined {
  const idle = plan.slots.map(({ colour }) => colour).filter((colour) => state.slots[colour] && !state.weights[colour] && colour !== state.live?.colour);
  return idle.find((colour) => colour === state.lock?.colour) ?? idle[0];
}

/** Where users have no version, why, and whether anything ends that. */
function outageView(state: EnvironmentState): OutageView | undefined {
  if (!isOut(state)) return undefined;
  const { lock, live, outage } = state;
  const { release, beganAt: since, says, until, against } = outage;
  const not = against && live && { notUnderstoodBy: { version: live.version, migration: against.name } };
  const ends = lock?.execution === outage.execution;
  const back = ends ? undefined : takenBackBy(state, outage);
  return { release, since, says, ...(ends && { until }), ...not, ...(back !== undefined && { takenBackBy: back }) };
}

/** So that it is known before it is needed. */
function noWayBack(state: EnvironmentState): NoWayBack | undefined {
  if (!state.live || isOriginal(state.live) || state.lock?.shifted || state.retirement || isOut(state)) return undefined;
  const back = wayBack(state);
  return back.kind === 'none' ? { why: back.why, instead: back.instead, commands: back.commands } : undefined;
}
