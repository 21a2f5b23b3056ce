import type { Failure, ShiftInput, ShiftOutput, SlotTaskInput } from '../../contract';
import { eventOf } from '../audit';
import { decideAgain } from '../commands/decide-again';
import { knownRelease } from '../commands/known';
import { aboutToShift, ownsLock, shifted } from '../environment';
import { Conflict } from '../errors';
import { slotAlarms } from '../health/fired-before';
import type { AuditEvent, EnvironmentState, Lease } from '../model';
import { outageEnded } from '../outage/outage';
import type { Ports, RuleHeld } from '../ports';
import { planOf, withReached } from '../release/release';
import { lostLock } from '../steps/recheck';
import { stepOf } from '../steps/step';
import { firingEarlier } from '../waves/earlier-alarms';
import { decideShift, type ShiftDecision, type ShiftView } from './decide-shift';
import { assertHeld, giveBack, withLease } from './lease';
import { moveTogether } from './live-rule';
import { targetsOf } from './weights';

/**
 * Gives the shadow its share of live traffic. Asked again, it finds its own work and does nothing.
 *
 * The order is what makes a crash harmless: first the ledger says that traffic may have moved and to what, then the live rule is
 * written and read back, then the ledger says that it has.
 */
export async function shift(ports: Ports, input: ShiftInput): Promise<ShiftOutput> {
  const write = async (lease: Lease): Promise<ShiftOutput> => {
    const { view, decision } = await decideAgain(ports.clock, () => prepare(ports, input));
    if (decision.kind === 'refused') return refuse(ports, view, decision, lease);
    if (decision.kind === 'write') await move(ports, view, decision.targets);
    if (decision.kind !== 'done') {
      await record(ports, input, lease, (state, now) => ({
        state: shifted(state, decision.weights),
        audit: [trafficShifted(view, decision, now), ...outageEnded(input, view.state, now, 'the release has the users')],
      }));
    }
    ports.log.info('traffic shifted', { ...about(input), how: decision.kind, was: view.actual });
    return { outcome: 'shifted' };
  };
  return withLease(ports, input.environment, write, async (state) => {
    const failure = lostLock(stepOf(state).shift(input.environment, input.percent), input, state);
    return failure && refused(ports, input, failure);
  });
}

/** What it finds may be half of an earlier try; back means to what the ledger has. */
async function move(ports: Ports, { input, release, state, actual: held }: ShiftView, targets: RuleHeld): Promise<void> {
  const { slots, weights, outage } = state;
  const before = { targets: targetsOf(weights, slots), says: outage?.says };
  await moveTogether(ports, planOf(release, input.environment), { held, wanted: { targets }, before, slots });
}

async function prepare(ports: Ports, input: ShiftInput): Promise<{ readonly view: ShiftView; readonly decision: ShiftDecision }> {
  const view = await look(ports, input);
  const decision = decideShift(view);
  if (decision.kind === 'write') {
    await ports.ledger.commit({ put: [aboutToShift(view.state, decision.weights), withReached(view.release, input.environment, 'shifting')], audit: [] });
  }
  return { view, decision };
}

/** Everything as it is right before a write. */
export async function look(ports: Ports, input: ShiftInput): Promise<ShiftView> {
  const { ledger, targets, liveRule, clock } = ports;
  const [release, state, gates] = await Promise.all([knownRelease(ports, input.release), ledger.environment(input.environment), ledger.gates(input.release)]);
  const plan = planOf(release, input.environment);
  const slot = state.slots[input.colour];
  const [own, earlier, healthyTargets, actual] = await Promise.all([
    slotAlarms(ports, plan, slot),
    firingEarlier(ports, release),
    slot ? targets.healthy(plan, slot.targetGroupArn) : 0,
    liveRule.read(plan),
  ]);
  const alarms = { ...own, firing: [...own.firing, ...earlier] };
  return { input, release, state, gates, alarms, healthyTargets, actual, now: clock.now() };
}

function trafficShifted(view: ShiftView, decision: Extract<ShiftDecision, { kind: 'write' | 'record' }>, now: string): AuditEvent {
  const { input, state, actual } = view;
  const { weights, targets } = decision;
  const atOnce = !state.live && input.percent < 100 ? { atOnce: `nothing was live, so this step is 0 -> 100 instead of ${input.percent} percent` } : {};
  const detail = { colour: input.colour, percent: weights[input.colour], weights, was: state.weights, rule: targets, ruleWas: actual, ...atOnce };
  return eventOf(input, now, 'TrafficShifted', detail);
}

async function refuse(ports: Ports, view: ShiftView, decision: Extract<ShiftDecision, { kind: 'refused' }>, lease: Lease): Promise<ShiftOutput> {
  const { input, release, state } = view;
  const { failure, mismatch } = decision;
  if (mismatch)
    await record(ports, input, lease, (stored, now) => ({
      state: stored,
      audit: [eventOf(input, now, 'MismatchFound', { ...mismatch, colour: input.colour })],
    }));
  const answer = refused(ports, input, failure);
  const isFirst = planOf(release, input.environment).steps[0]?.percent === input.percent;
  // The machine takes a refused first step for "nothing was shifted" and stops; when an earlier try has written, only a roll back is right.
  if (isFirst && !state.outage && ownsLock(state, input) && state.lock.shifted) {
    const { step, subject, expected, actual } = failure;
    throw new Conflict(`${step}: an earlier try may have moved traffic, and now: ${subject}: expected ${expected}, found ${actual}`);
  }
  return answer;
}

function refused({ log }: Ports, input: ShiftInput, failure: Failure): ShiftOutput {
  const { subject, expected, actual } = failure;
  log.info('shift refused', { ...about(input), subject, expected, actual });
  return { outcome: 'refused', failure };
}

/** The last transaction: gives the lease back, on top of whatever else was written to the environment meanwhile. */
export async function record(
  ports: Ports,
  input: SlotTaskInput,
  lease: Lease,
  decide: (state: EnvironmentState, now: string) => { readonly state: EnvironmentState; readonly audit: readonly AuditEvent[] },
): Promise<void> {
  await decideAgain(ports.clock, async () => {
    const stored = await ports.ledger.environment(input.environment);
    assertHeld(stored, lease);
    const { state, audit } = decide(stored, ports.clock.now());
    await ports.ledger.commit({ put: [giveBack(state, lease)], audit });
  });
}

function about({ release, environment, colour, percent }: ShiftInput): Readonly<Record<string, unknown>> {
  return { release, environment, slot: colour, percent };
}
