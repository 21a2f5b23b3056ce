import type { RollBackWaveInput, RollBackWaveOutput } from '../../contract';
import { eventOf } from '../audit';
import { decideAgain } from '../commands/decide-again';
import { knownRelease } from '../commands/known';
import { isOnItsWayIn, swappedBack } from '../environment';
import { closeGate, waitsOnTheWay } from '../gates/gate';
import type { AuditEvent, Lease, Release } from '../model';
import type { Ports } from '../ports';
import { planOf, withReached } from '../release/release';
import { fingerprintOf, raise } from '../ticket';
import { recordIntent } from '../traffic/going-back';
import { assertHeld, giveBack, withLease } from '../traffic/lease';
import { writeAndVerify } from '../traffic/live-rule';
import { versionInWords } from '../traffic/original';
import { present } from '../traffic/rules';
import { mismatchOf } from '../traffic/swap-back';
import { sameTargets } from '../traffic/weights';
import { decideRollBackWave, ticketOf, type WaveDecision, whyBack } from './decide-roll-back-wave';
import { hasMoved, notMoved } from './moved';

/**
 * Rolls back a wave in which the release went live, because it failed in a later one: with one write call, of which the ledger knows before, to what was live before. Where that cannot be, it
 * stays, and a ticket says so; whoever asks goes on with the next wave. Asked again, it finds its own work and does nothing.
 */
export async function rollBackWave(ports: Ports, input: RollBackWaveInput): Promise<RollBackWaveOutput> {
  const { environment, release } = input;
  const answer = (outcome: RollBackWaveOutput['outcome']): RollBackWaveOutput => ({ outcome, environment, release });
  return withLease(ports, environment, async (lease) => {
    const asked = { by: input.execution, reason: `${release} failed in ${input.failedIn}`, at: ports.clock.now() };
    const decision = await recordIntent(ports, asked, () => decide(ports, input));
    if (decision.kind === 'done') return answer('rolledBack');
    if (decision.kind === 'left') return answer(await leave(ports, input));
    if (decision.kind === 'stays') return answer(await stay(ports, input, decision));
    const plan = planOf(await knownRelease(ports, release), environment);
    const { state, target, targetGroupArn, actual } = decision;
    if (!sameTargets(present(actual), target)) await writeAndVerify(ports, plan, target, state.slots);
    const { colour, version } = decision.to;
    await ports.liveRule.tagAccepted(plan, { colour, version, targetGroupArn });
    await record(ports, input, decision, lease);
    ports.log.info('wave rolled back', { release, environment, slot: colour, expected: target, actual });
    return answer('rolledBack');
  });
}

async function decide(ports: Ports, input: RollBackWaveInput): Promise<WaveDecision> {
  const { ledger, targets, liveRule } = ports;
  const [release, state] = await Promise.all([knownRelease(ports, input.release), ledger.environment(input.environment)]);
  const audit = await ledger.audit(input.release);
  const plan = planOf(release, input.environment);
  const before = state.previous && state.slots[state.previous.colour];
  const [healthyTargets, actual] = await Promise.all([before ? targets.healthy(plan, before.targetGroupArn) : 0, liveRule.read(plan)]);
  return decideRollBackWave({ input, release, audit, state, healthyTargets, actual });
}

/** Whatever is live there now, it is not this attempt's to roll back. */
async function leave({ ledger, clock }: Ports, { release: version, environment, execution }: RollBackWaveInput): Promise<'left'> {
  await decideAgain(clock, async () => {
    const release = await ledger.release(version);
    if (!release || release.execution !== execution || !hasMoved(release, environment)) return;
    await ledger.commit({ put: [notMoved(release, environment)], audit: [] });
  });
  return 'left';
}

async function record(ports: Ports, input: RollBackWaveInput, decision: Extract<WaveDecision, { kind: 'swap' }>, lease: Lease): Promise<void> {
  const { ledger, clock } = ports;
  const { environment, failedIn } = input;
  await decideAgain(clock, async () => {
    const [stored, release, gates] = await Promise.all([ledger.environment(environment), knownRelease(ports, input.release), ledger.gates(input.release)]);
    assertHeld(stored, lease);
    const audit = await ledger.audit(input.release);
    const now = clock.now();
    const told = await tell(ports, input, audit, `${environment} was rolled back to ${versionInWords(decision.to)}`, now);
    const back = swappedBack(stored, now);
    const found = mismatchOf(stored, decision.actual);
    const about = { live: decision.to.version, weights: back.weights, was: stored.weights, ruleWas: decision.actual, failedIn };
    const detail = { ...about, ...(told && { ticket: told.ticket.fingerprint }) };
    // Where a ticket is raised here it failed in front of the wave: nobody else says so.
    const reached = told?.event && !release.reached[failedIn] ? withReached(release, failedIn, 'stopped') : release;
    await ledger.commit({
      // At a firebreak whose time is up nobody waits any more, and what ends here is not asked about.
      put: [
        giveBack(back, lease),
        takenBack(reached, environment),
        ...gates.filter(waitsOnTheWay).map((gate) => closeGate(gate, now)),
        ...(told ? [told.ticket] : []),
      ],
      audit: [
        ...(found ? [eventOf(input, now, 'MismatchFound', found)] : []),
        eventOf(input, now, 'ReleaseRolledBack', detail, whyBack({ input, release, audit })),
        ...(told?.event ? [told.event] : []),
      ],
    });
  });
}

/**
 * One failure is one ticket, on which each wave says what became of it: that of the wave in which it failed, or a new one where it failed in front of it.
 * @returns undefined while a machine is at work there, which comes with its own
 */
async function tell({ ledger }: Ports, input: RollBackWaveInput, audit: readonly AuditEvent[], said: string, now: string) {
  const { failedIn, failure, release, execution: who } = input;
  const known = ticketOf({ input, audit });
  const ticket = known === undefined ? undefined : await ledger.ticket(known);
  if (ticket) return { ticket: { ...ticket, actual: `${ticket.actual}; ${said}` }, event: undefined };
  if (known !== undefined || isOnItsWayIn(await ledger.environment(failedIn), release)) return undefined;
  const before = await ledger.ticket(fingerprintOf(failedIn, failure));
  const about = { environment: failedIn, release, outcome: 'rolledBack', now, who } as const;
  return raise(before, { ...about, failure: { ...failure, actual: `${failure.actual}; ${said}` } });
}

/** Users had it: however the later wave ended, it is rolled back. */
function takenBack(release: Release, environment: string): Release {
  return { ...notMoved(withReached(release, environment, 'rolledBack'), environment), status: 'rolledBack' };
}

async function stay(ports: Ports, input: RollBackWaveInput, { failure }: Extract<WaveDecision, { kind: 'stays' }>): Promise<'stays'> {
  const { ledger, clock, log } = ports;
  const { environment, execution } = input;
  await decideAgain(clock, async () => {
    const [release, own] = await Promise.all([knownRelease(ports, input.release), ledger.ticket(fingerprintOf(environment, failure))]);
    const now = clock.now();
    const known = ticketOf({ input, audit: await ledger.audit(input.release) });
    const first = known === undefined ? undefined : await ledger.ticket(known);
    const about = { failure, environment, release: input.release, outcome: 'rolledBack', now, who: execution } as const;
    const { ticket, event } = raise(own, about);
    const said = first && { ...first, actual: `${first.actual}; ${environment} stays on ${input.release}: ${failure.actual}` };
    const put = [notMoved(release, environment), ...(said ? [said] : []), ticket];
    await ledger.commit({ put, audit: [event] });
  });
  log.error('wave not rolled back', { release: input.release, environment, expected: failure.expected, actual: failure.actual });
  return 'stays';
}
