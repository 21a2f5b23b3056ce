import { differenceInSeconds } from 'date-fns/differenceInSeconds';
import type { EnvironmentPlan, Failure, RollBackAnswer, RollBackRequest } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { holds } from '../environment';
import type { AuditEvent, EnvironmentState, Lease, Outage, Release } from '../model';
import type { Ports, RuleTargets } from '../ports';
import { planOf } from '../release/release';
import { refusal } from '../traffic/decide-swap-back';
import { assertHeld, giveBack, withLease } from '../traffic/lease';
import { writeAndVerify } from '../traffic/live-rule';
import { versionInWords } from '../traffic/original';
import { acceptedWeights, inWords, RULE_IS_GONE, sameTargets, targetsOf } from '../traffic/weights';

/** An outage that the release left which needed it: nothing ends it by itself. */
export function isLeftOut(state: EnvironmentState): state is EnvironmentState & { readonly outage: Outage } {
  return state.outage !== undefined && state.lock === undefined;
}

/**
 * Gives users what was live before the outage, because a person says so: whether that understands the shared state was theirs to judge. Refused, with nothing
 * changed, when it cannot serve.
 */
export async function endOutage(ports: Ports, request: RollBackRequest): Promise<RollBackAnswer> {
  const { environment } = request;
  return withLease(ports, environment, async (lease) => {
    const state = await ports.ledger.environment(environment);
    const release = state.outage && (await ports.ledger.release(state.outage.release));
    if (!isLeftOut(state) || !release) return refuse(ports, refusal(request, 'an outage that its release has left', 'none'), request);
    const plan = planOf(release, environment);
    const slot = state.live && state.slots[state.live.colour];
    const [healthyTargets, actual] = await Promise.all([slot ? ports.targets.healthy(plan, slot.targetGroupArn) : 0, ports.liveRule.read(plan)]);
    const failure = whyNot(request, state, healthyTargets, actual);
    if (failure) return refuse(ports, failure, request);
    const target = targetsOf(acceptedWeights(state), state.slots);
    await writeAndVerify(ports, plan, target, state.slots);
    await record(ports, plan, request, release, actual, lease);
    ports.log.info('outage ended', { environment, release: release.version, slot: state.live?.colour, expected: target, actual });
    return { outcome: 'rolledBack' };
  });
}

function whyNot(request: RollBackRequest, state: EnvironmentState, healthyTargets: number, actual: RuleTargets): Failure | undefined {
  const { live, environment, retirement } = state;
  if (actual.kind === 'gone') return refusal(request, 'a live rule', RULE_IS_GONE);
  if (retirement) return refusal(request, 'an environment that stays', `${environment} is being retired`);
  if (live && !holds(state, live))
    return refusal(request, 'the version that was live, in its slot', `slot ${live.colour} does not hold ${live.version} any more`);
  if (live && healthyTargets === 0) return refusal(request, 'at least one healthy target', `${versionInWords(live)} has none: users stay without a version`);
  return undefined;
}

function refuse(ports: Ports, failure: Failure, { environment }: RollBackRequest): RollBackAnswer {
  ports.log.info('end of the outage refused', { environment, expected: failure.expected, actual: failure.actual });
  return { outcome: 'refused', failure };
}

async function record(
  { ledger, clock }: Ports,
  { environment }: EnvironmentPlan,
  { who, reason: why }: RollBackRequest,
  { version }: Release,
  actual: RuleTargets,
  lease: Lease,
): Promise<void> {
  await decideAgain(clock, async () => {
    const stored = await ledger.environment(environment);
    assertHeld(stored, lease);
    const at = clock.now();
    const event = (what: AuditEvent['what'], detail: AuditEvent['detail']): AuditEvent => ({ at, what, release: version, environment, who, why, detail });
    const expected = targetsOf(stored.weights, stored.slots);
    const found = sameTargets(expected, actual)
      ? []
      : [event('MismatchFound', { expected: inWords(expected, stored.slots), actual: inWords(actual, stored.slots) })];
    const { outage, ...rest } = stored;
    const seconds = outage ? differenceInSeconds(at, outage.beganAt) : 0;
    const detail = { beganAt: outage?.beganAt ?? at, began: version, seconds, how: `${who} gave users ${versionInWords(stored.live)} all the same` };
    const state = giveBack({ ...rest, weights: acceptedWeights(stored) }, lease);
    await ledger.commit({ put: [state], audit: [...found, event('OutageEnded', detail)] });
  });
}
