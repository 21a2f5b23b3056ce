import { ORIGINAL, ORIGINAL_503, type RestoreInput, type RestoreOutput } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import type { Lease } from '../model';
import type { Ports, RuleHeld, RuleTargets } from '../ports';
import { step } from '../steps/step';
import { assertHeld, giveBack, withLease } from '../traffic/lease';
import { writeAndVerify } from '../traffic/live-rule';
import { present } from '../traffic/rules';
import { inWords, sameTargets, targetsOf } from '../traffic/weights';
import { isRestored, isRetiredBy, type Retiring, restored, retireFailure, retirementEvent } from './retirement';

/**
 * Gives all live traffic of an environment back to what served before any release, with one write call a live rule, each to what it did. Refused, with nothing changed, when that
 * serves nobody. Like a roll back it records a rule that is not as the ledger says, and writes all the same. Safe to call again.
 */
export async function restoreOriginal(ports: Ports, input: RestoreInput): Promise<RestoreOutput> {
  const { environment } = input;
  const restore = async (lease: Lease): Promise<RestoreOutput> => {
    const state = await ports.ledger.environment(environment);
    if (!isRetiredBy(state, input)) return { outcome: 'takenOver' };
    const { plan, original } = state.retirement;
    const target: RuleHeld = original === ORIGINAL_503 ? { kind: 'other' } : { kind: 'slots', weights: { [original]: 100 } };
    if (target.kind === 'slots' && (await ports.targets.healthy(plan, original)) === 0) return refused(ports, input, original);
    const actual = await ports.liveRule.read(plan);
    // A rule that somebody removed serves nobody from a slot: users have what the rules behind it answer.
    if (actual.kind !== 'gone') {
      if (!sameTargets(present(actual), target)) await writeAndVerify(ports, plan, target, state.slots);
      await ports.liveRule.tagAccepted(plan, { colour: ORIGINAL, version: ORIGINAL, targetGroupArn: original });
    }
    await record(ports, input, lease, actual, target);
    ports.log.info('traffic restored', { environment, expected: target, actual });
    return { outcome: 'restored' };
  };
  return withLease(ports, environment, restore, async (state) => (isRetiredBy(state, input) ? undefined : { outcome: 'takenOver' }));
}

function refused(ports: Ports, input: RestoreInput, original: string): RestoreOutput {
  const { environment } = input;
  const failure = retireFailure(
    step.restore(environment),
    input,
    {
      subject: 'what served before any release',
      expected: 'at least one healthy target',
      actual: `${original} has none: traffic stays where it is; repair it, then run ptl retire again`,
    },
    original,
  );
  ports.log.info('traffic not restored', { environment, expected: failure.expected, actual: failure.actual });
  return { outcome: 'refused', failure };
}

async function record({ ledger, clock }: Ports, input: RestoreInput, lease: Lease, actual: RuleTargets, target: RuleTargets): Promise<void> {
  await decideAgain(clock, async () => {
    const stored = await ledger.environment(input.environment);
    assertHeld(stored, lease);
    // The rule is written by now; whose retirement it is meanwhile, is for the next step to find out.
    if (!stored.retirement) return;
    const state = stored as Retiring;
    const expected = targetsOf(state.weights, state.slots);
    if (isRestored(state) && sameTargets(actual, target)) return;
    const now = clock.now();
    const found = sameTargets(expected, actual) ? undefined : { expected: inWords(expected, state.slots), actual: inWords(actual, state.slots) };
    const detail = { to: state.retirement.original, was: state.weights, ruleWas: actual };
    await ledger.commit({
      put: [giveBack(restored(state), lease)],
      audit: [...(found ? [retirementEvent(state, now, 'MismatchFound', found)] : []), retirementEvent(state, now, 'TrafficRestored', detail)],
    });
  });
}
