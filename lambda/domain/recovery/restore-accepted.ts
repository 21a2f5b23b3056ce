import { type RestoreAcceptedRequest, type RestoreAnswer, UNRELEASED } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { holds } from '../environment';
import type { AuditEvent, EnvironmentState, Lease } from '../model';
import { isLeftOut } from '../outage/end-outage';
import type { Ports, RuleTargets } from '../ports';
import { knownTargets } from '../traffic/decide-roll-back';
import { assertHeld, giveBack, withLease } from '../traffic/lease';
import { writeAndVerify } from '../traffic/live-rule';
import { versionInWords, withOriginal } from '../traffic/original';
import { present } from '../traffic/rules';
import { swapUnder } from '../traffic/swap-back';
import { acceptedWeights, inWords, RULE_IS_GONE, sameTargets, targetsOf } from '../traffic/weights';
import { recordRecovered } from './recovered';

/**
 * Gives all live traffic back to what was accepted, where no release is in flight, and writes the tags anew. For who recovers an environment: what the
 * rule held is recorded, and overwritten all the same. Only the holder of the lease writes, so that whatever a dead writer left behind ends here, too: a roll back
 * of what is live that had begun is gone on with, for what is accepted by the ledger is what somebody took users from.
 */
export async function restoreAccepted(ports: Ports, request: RestoreAcceptedRequest): Promise<RestoreAnswer> {
  const { plan, original } = request;
  return withLease(ports, plan.environment, async (lease) => {
    const gone = await goneBack(ports, request, lease);
    if (gone) return gone;
    const state = withOriginal(await ports.ledger.environment(plan.environment), original);
    const slot = state.live && state.slots[state.live.colour];
    const [healthyTargets, actual] = await Promise.all([slot ? ports.targets.healthy(plan, slot.targetGroupArn) : 0, ports.liveRule.read(plan)]);
    const why = whyNot(state, healthyTargets, actual);
    if (why !== undefined) return { outcome: 'refused', why };
    // In an outage that a release has left, what was live may not understand the state: whether users get it is not for a repair to say.
    const target = targetsOf(isLeftOut(state) ? {} : acceptedWeights(state), state.slots);
    if (!sameTargets(present(actual), target)) await writeAndVerify(ports, plan, target, state.slots, state.outage?.says);
    if (state.live && slot) {
      const { colour, version } = state.live;
      await ports.liveRule.tagAccepted(plan, { colour, version, targetGroupArn: slot.targetGroupArn });
    }
    await record(ports, request, lease, { actual, target, state });
    ports.log.info('accepted target restored', { environment: plan.environment, expected: target, actual });
    return { outcome: 'restored', serves: inWords(target, state.slots), was: inWords(actual, state.slots) };
  });
}

/** @returns undefined when no roll back of what is live was under way, or it cannot be and users are on what is live */
async function goneBack(ports: Ports, { plan, who, reason }: RestoreAcceptedRequest, lease: Lease): Promise<RestoreAnswer | undefined> {
  const { environment } = plan;
  const { goingBack, lock } = await ports.ledger.environment(environment);
  if (!goingBack || lock) return undefined;
  const found = await swapUnder(ports, plan, { environment, who: goingBack.by, reason: goingBack.reason }, lease);
  if (found.kind === 'refused') {
    const isOver = (await ports.ledger.environment(environment)).goingBack === undefined;
    return isOver ? undefined : { outcome: 'refused', why: `the roll back that ${goingBack.by} asked for cannot go on: ${found.failure.actual}` };
  }
  const [serves, was] = [found.target, found.actual].map((targets) => inWords(targets, found.state.slots)) as [string, string];
  await recordRecovered(ports, environment, { who, reason }, `went on with the roll back that ${goingBack.by} had asked for, to ${serves}`);
  return { outcome: 'restored', serves, was, rolledBack: found.from.version };
}

/** As a roll back has it: a target that serves nobody is no target. */
function whyNot(state: EnvironmentState, healthyTargets: number, actual: RuleTargets): string | undefined {
  const { lock, live, retirement, environment } = state;
  if (lock) return `release ${lock.release} holds ${environment} since ${lock.since}`;
  if (retirement) return `${environment} is being retired`;
  if (actual.kind === 'gone') return `there is no live rule: ${RULE_IS_GONE}`;
  if (isLeftOut(state)) return undefined;
  if (live && !holds(state, live)) return `slot ${live.colour} does not hold ${live.version} any more`;
  if (live && healthyTargets === 0) return `${versionInWords(live)} has no healthy target; traffic stays as it is (${inWords(actual, state.slots)})`;
  return undefined;
}

interface Restored {
  readonly actual: RuleTargets;
  readonly target: RuleTargets;
  readonly state: EnvironmentState;
}

async function record({ ledger, clock }: Ports, request: RestoreAcceptedRequest, lease: Lease, { actual, target, state }: Restored): Promise<void> {
  const { plan, who, reason: why } = request;
  const { environment } = plan;
  await decideAgain(clock, async () => {
    const stored = await ledger.environment(environment);
    assertHeld(stored, lease);
    const at = clock.now();
    const release = stored.live?.version ?? UNRELEASED;
    const event = (what: AuditEvent['what'], detail: AuditEvent['detail']): AuditEvent => ({ at, what, release, environment, who, why, detail });
    const expected = knownTargets(state.weights, state);
    const found = sameTargets(expected, actual)
      ? []
      : [event('MismatchFound', { expected: inWords(expected, state.slots), actual: inWords(actual, state.slots) })];
    const did = `wrote ${inWords(target, state.slots)} and the tags of the live rule`;
    const weights = stored.live && !stored.outage ? acceptedWeights(stored) : stored.weights;
    await ledger.commit({ put: [giveBack({ ...stored, weights }, lease)], audit: [...found, event('EnvironmentRecovered', { did, ruleWas: actual })] });
  });
}
