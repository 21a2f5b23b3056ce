import type { EnvironmentPlan, Failure, RollBackAnswer, RollBackRequest } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { environmentsOf } from '../commands/known';
import { swappedBack } from '../environment';
import type { AuditEvent, Lease, Release } from '../model';
import { endOutage, isLeftOut } from '../outage/end-outage';
import type { Ports } from '../ports';
import { planOf, withReached } from '../release/release';
import { fingerprintOf, raise } from '../ticket';
import { isSameWaves, notMoved } from '../waves/moved';
import { recordWaveBack } from '../waves/record-wave-back';
import { decideSwapBack, nothingLive, refusal, type SwapBack, swapFailure } from './decide-swap-back';
import { type GoingBack, recordIntent } from './going-back';
import { assertHeld, giveBack, withLease } from './lease';
import { isOriginal } from './original';
import { carryOut, lookToSwap, mismatchOf, type Swap } from './swap';

/**
 * Rolls back a release that is live and finished: what was live before is live again, with one write call, of which the ledger knows before. Refused, with nothing
 * changed, when a release is in flight there, or when there is nothing (healthy) to go back to. Where users are in an outage that a release has left, they get what
 * was live.
 */
export async function swapBack(ports: Ports, request: RollBackRequest): Promise<RollBackAnswer> {
  if (isLeftOut(await ports.ledger.environment(request.environment))) return endOutage(ports, request);
  const plan = await planOfLive(ports, request.environment);
  if (!plan) return refuse(ports, refusal(request, 'a release that is live', nothingLive(await ports.ledger.environment(request.environment))), request);
  return withLease(ports, plan.environment, async (lease) => {
    const decision = await swapUnder(ports, plan, request, lease);
    return decision.kind === 'refused' ? refuse(ports, decision.failure, request) : { outcome: 'rolledBack' };
  });
}

/** The same for who holds the lease: goes on with what an earlier writer had begun, under the name of who asked for that. */
export async function swapUnder(ports: Ports, plan: EnvironmentPlan, request: RollBackRequest, lease: Lease): Promise<SwapBack> {
  const asked: GoingBack = { by: request.who, reason: request.reason, at: ports.clock.now() };
  const decision = await recordIntent(ports, asked, async () => decideSwapBack({ request, ...(await lookToSwap(ports, plan)) }));
  if (decision.kind === 'refused') return decision;
  const { state, from, to, target, actual } = decision;
  const { by: who, reason, wave } = state.goingBack ?? asked;
  await carryOut(ports, plan, decision);
  const { environment } = plan;
  if (wave) await recordWaveBack(ports, { environment, release: from.version, execution: who, ...wave }, decision, lease);
  else await record(ports, plan, { ...request, who, reason }, decision, lease);
  ports.log.info('rolled back', { release: from.version, environment, slot: to.colour, expected: target, actual });
  return decision;
}

async function planOfLive({ ledger }: Ports, environment: string): Promise<EnvironmentPlan | undefined> {
  const { live } = await ledger.environment(environment);
  const release = live && !isOriginal(live) && (await ledger.release(live.version));
  return release ? planOf(release, environment) : undefined;
}

function refuse(ports: Ports, failure: Failure, { environment }: RollBackRequest): RollBackAnswer {
  ports.log.info('roll back refused', { environment, expected: failure.expected, actual: failure.actual });
  return { outcome: 'refused', failure };
}

async function record(ports: Ports, plan: EnvironmentPlan, request: RollBackRequest, decision: Swap, lease: Lease): Promise<void> {
  const { ledger, clock } = ports;
  const { environment } = request;
  const { from, actual } = decision;
  const failure = swapFailure(request, from, plan, decision.state.slots);
  await decideAgain(clock, async () => {
    const [stored, release, known] = await Promise.all([
      ledger.environment(environment),
      ledger.release(from.version),
      ledger.ticket(fingerprintOf(environment, failure)),
    ]);
    assertHeld(stored, lease);
    const now = clock.now();
    const raised = raise(known, { failure, environment, release: from.version, outcome: 'rolledBack', now, who: request.who });
    const closed = release && (await takenOut(ports, request, release, now));
    const state = giveBack(swappedBack(stored, now), lease);
    const detail = { weights: state.weights, was: stored.weights, ruleWas: actual, live: decision.to.version, ticket: raised.ticket.fingerprint };
    const event = (what: AuditEvent['what'], more: AuditEvent['detail']): AuditEvent => ({
      at: now,
      what,
      release: from.version,
      environment,
      who: request.who,
      why: request.reason,
      detail: more,
    });
    const found = mismatchOf(stored, actual);
    await ledger.commit({
      put: [state, ...(closed ? [closed] : []), raised.ticket],
      audit: [...(found ? [event('MismatchFound', found)] : []), event('ReleaseRolledBack', detail), raised.event],
    });
  });
}

/**
 * What becomes of the release that is taken out. One that has finished is rolled back. One that is further on its way goes no further: it is aborted, and
 * whoever asked for the roll back tells those who wait. Only where it has traffic further on it is left to who rolls that environment back, or to its end.
 */
async function takenOut({ ledger }: Ports, { environment, who, reason }: RollBackRequest, release: Release, at: string): Promise<Release> {
  const known = notMoved(withReached(release, environment, 'rolledBack'), environment);
  const isThrough = release.plan.every((plan) => release.reached[plan.environment] === 'live');
  if (isThrough || release.status !== 'submitted') return { ...known, status: 'rolledBack' };
  const states = await environmentsOf({ ledger }, release);
  // Of the waves it fails as a whole: one behind this goes back by itself, too.
  const further = states.filter((state) => !isSameWaves(release, environment, state.environment));
  if (further.some(({ lock }) => lock?.release === release.version && lock.shifted)) return known;
  return { ...known, aborted: release.aborted ?? { by: who, reason: `rolled back in ${environment}: ${reason}`, at } };
}
