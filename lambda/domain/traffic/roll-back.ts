import type { EndInput, EndOutput } from '../../contract';
import { eventOf, recorded } from '../audit';
import { decideAgain } from '../commands/decide-again';
import { ownsLock, rolledBack } from '../environment';
import { Conflict } from '../errors';
import { inPlainWords } from '../health/ended-by';
import type { EnvironmentState, Lease } from '../model';
import { goingBack, outageEnded, outBecause, staysOut, stillOut } from '../outage/outage';
import type { Ports } from '../ports';
import { planOf } from '../release/release';
import { ended } from '../steps/ending';
import { fingerprintOf } from '../ticket';
import { decideRollBack, endedBecause, holding, type RollBackDecision } from './decide-roll-back';
import { assertHeld, giveBack, withLease } from './lease';
import { writeAndVerify } from './live-rule';
import { versionInWords, withNobodyBefore } from './original';
import { raiseHold } from './raise-hold';

/**
 * Brings an environment back to its accepted target, with one write call, and ends the release there. Whatever the live rule holds,
 * whatever freeze or window there is, whoever has not agreed: none of that is asked. Only a target that serves nobody holds it.
 * Asked again, it finds its own work and does nothing.
 *
 * @throws Conflict when the target cannot serve: traffic stays, the ticket says why; or when the release does not hold the environment
 */
export async function rollBack(ports: Ports, asked: EndInput): Promise<EndOutput> {
  const { environment, release } = asked;
  const input = { ...asked, failure: inPlainWords(asked.failure, release) };
  const back = async (lease: Lease): Promise<EndOutput> => {
    const decision = await decide(ports, input);
    if (decision.kind === 'ended') return decision.output;
    if (decision.kind === 'hold') return raiseHold(ports, input, lease, holding(input, decision));
    const { state } = decision;
    const plan = planOf(decision.release, environment);
    let writes = 0;
    if (decision.kind === 'write') writes = await writeAndVerify(ports, plan, decision.target, state.slots);
    // Written even where the rule forwards nowhere: it may be somebody else's text.
    if (decision.kind === 'stayOut') await writeAndVerify(ports, plan, decision.target, state.slots, state.outage?.says);
    const { outcome, ticket } = await record(ports, input, lease, decision, writes);
    ports.log.info(decision.kind === 'stayOut' ? 'users stay out' : 'rolled back', {
      release,
      environment,
      slot: decision.state.live?.colour,
      expected: decision.expected,
      actual: decision.actual,
    });
    return { outcome, environment, release, ticket };
  };
  return withLease(ports, environment, back, async (state) => (ownsLock(state, input) ? undefined : endedBefore(ports, input, state)));
}

async function decide(ports: Ports, input: EndInput): Promise<RollBackDecision | { readonly kind: 'ended'; readonly output: EndOutput }> {
  const { ledger, targets, liveRule } = ports;
  const release = await ledger.release(input.release);
  const state = await decideAgain(ports.clock, () => toldToStop(ports, input));
  if (!release || !ownsLock(state, input)) return { kind: 'ended', output: await endedBefore(ports, input, state) };
  const plan = planOf(release, input.environment);
  const target = state.live && state.slots[state.live.colour];
  const [healthyTargets, actual] = await Promise.all([target ? targets.healthy(plan, target.targetGroupArn) : 0, liveRule.read(plan)]);
  return decideRollBack({ release, state, healthyTargets, actual });
}

/** In an outage, what the release is still at finds first that it goes back: a migration that began now would meet users. */
async function toldToStop({ ledger }: Ports, input: EndInput): Promise<EnvironmentState> {
  const state = await ledger.environment(input.environment);
  if (!ownsLock(state, input) || !state.outage || state.outage.goesBack) return state;
  await ledger.commit({ put: [goingBack(state)], audit: [] });
  return ledger.environment(input.environment);
}

async function endedBefore(ports: Ports, input: EndInput, { lock, live }: EnvironmentState): Promise<EndOutput> {
  const { environment, release, execution } = input;
  const audit = await ports.ledger.audit(release);
  const event = recorded(audit, input, 'ReleaseRolledBack');
  if (event) return { outcome: 'rolledBack', environment, release, ticket: String(event.detail.ticket) };
  const stopped = recorded(audit, input, 'ReleaseStopped');
  if (stopped) return { outcome: 'stopped', environment, release, ...(typeof stopped.detail.ticket === 'string' && { ticket: stopped.detail.ticket }) };
  const holder = lock ? `release ${lock.release} holds it, by ${lock.execution}` : `nobody holds it, and ${versionInWords(live)} is live`;
  throw new Conflict(`release ${release} does not hold ${environment} by ${execution}, so there is nothing of it to roll back: ${holder}`);
}

type Decided = Exclude<RollBackDecision, { kind: 'hold' }>;

async function record(ports: Ports, input: EndInput, lease: Lease, decided: Decided, writes: number): Promise<Pick<EndOutput, 'outcome' | 'ticket'>> {
  const { ledger, clock } = ports;
  const { environment } = input;
  return decideAgain(clock, async () => {
    const fingerprint = fingerprintOf(environment, input.failure);
    const [release, stored, gates, ticket] = await Promise.all([
      ledger.release(input.release),
      ledger.environment(environment),
      ledger.gates(input.release),
      ledger.ticket(fingerprint),
    ]);
    assertHeld(stored, lease);
    const now = clock.now();
    const { expected, actual, mismatch, kind } = decided;
    const before = mismatch ? [eventOf(input, now, 'MismatchFound', { expected, actual })] : [];
    const { outage } = stored;
    // Of a live rule that is made anew, too: nobody has said that users are to have the version before.
    const out = outage && (kind === 'stayOut' || (kind === 'gone' && staysOut(stored))) ? outage : undefined;
    const back = out ? stillOut(stored, out, now) : rolledBack(stored, now);
    // Users had no version for a while; none of them was on the release, and nothing was migrated for it.
    const outcome = out || (outage && !outage.touched) ? 'stopped' : 'rolledBack';
    const because = endedBecause(decided, outage ? input.failure : withNobodyBefore(input.failure, stored.live));
    const failure = out ? outBecause(because, stored, out) : because;
    const ends = outage && { outage: out ? 'stays' : 'over' };
    const detail = { live: stored.live?.version ?? null, weights: back.weights, was: stored.weights, ruleWas: actual, writes, ...ends };
    const over = out ? [] : outageEnded(input, stored, now, 'users have what they had before');
    const state = giveBack(back, lease);
    const { change } = ended({ input: { ...input, failure }, outcome, release, state, gates, ticket, now, detail, before: [...before, ...over] });
    await ledger.commit(change);
    return { outcome, ticket: fingerprint };
  });
}
