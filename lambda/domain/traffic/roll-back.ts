import type { EndInput, EndOutput } from '../../contract';
import { eventOf, recorded } from '../audit';
import { decideAgain } from '../commands/decide-again';
import { ownsLock, rolledBack } from '../environment';
import { Conflict } from '../errors';
import type { EnvironmentState, Lease } from '../model';
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
export async function rollBack(ports: Ports, input: EndInput): Promise<EndOutput> {
  const { environment, release } = input;
  return withLease(ports, environment, async (lease) => {
    const decision = await decide(ports, input);
    if (decision.kind === 'ended') return decision.output;
    if (decision.kind === 'hold') return raiseHold(ports, input, lease, holding(input, decision));
    if (decision.kind === 'write') await writeAndVerify(ports, planOf(decision.release, environment), decision.target, decision.state.slots);
    const ticket = await record(ports, input, lease, decision);
    ports.log.info('rolled back', { release, environment, slot: decision.state.live?.colour, expected: decision.expected, actual: decision.actual });
    return { outcome: 'rolledBack', environment, release, ticket };
  });
}

async function decide(ports: Ports, input: EndInput): Promise<RollBackDecision | { readonly kind: 'ended'; readonly output: EndOutput }> {
  const { ledger, targets, liveRule } = ports;
  const [release, state] = await Promise.all([ledger.release(input.release), ledger.environment(input.environment)]);
  if (!release || !ownsLock(state, input)) return { kind: 'ended', output: await endedBefore(ports, input, state) };
  const plan = planOf(release, input.environment);
  const target = state.live && state.slots[state.live.colour];
  const [healthyTargets, actual] = await Promise.all([target ? targets.healthy(plan, target.targetGroupArn) : 0, liveRule.read(plan)]);
  return decideRollBack({ release, state, healthyTargets, actual });
}

async function endedBefore(ports: Ports, input: EndInput, { lock, live }: EnvironmentState): Promise<EndOutput> {
  const { environment, release, execution } = input;
  const event = recorded(await ports.ledger.audit(release), input, 'ReleaseRolledBack');
  if (event) return { outcome: 'rolledBack', environment, release, ticket: String(event.detail.ticket) };
  const holder = lock ? `release ${lock.release} holds it, by ${lock.execution}` : `nobody holds it, and ${versionInWords(live)} is live`;
  throw new Conflict(`release ${release} does not hold ${environment} by ${execution}, so there is nothing of it to roll back: ${holder}`);
}

type Decided = Exclude<RollBackDecision, { kind: 'hold' }>;

async function record(ports: Ports, input: EndInput, lease: Lease, decided: Decided): Promise<string> {
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
    const back = rolledBack(stored, now);
    const failure = endedBecause(decided, withNobodyBefore(input.failure, stored.live));
    const detail = { live: stored.live?.version ?? null, weights: back.weights, was: stored.weights, ruleWas: actual, writes: kind === 'write' ? 1 : 0 };
    const state = giveBack(back, lease);
    const { change } = ended({ input: { ...input, failure }, outcome: 'rolledBack', release, state, gates, ticket, now, detail, before });
    await ledger.commit(change);
    return fingerprint;
  });
}
