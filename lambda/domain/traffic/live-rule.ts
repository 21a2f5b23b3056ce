import { type EnvironmentPlan, RULE_READING_PAUSE_MS, RULE_READINGS } from '../../contract';
import { Conflict, Refused } from '../errors';
import type { EnvironmentState } from '../model';
import type { Ports, RuleTargets } from '../ports';
import { UnknownWrite } from './lease';
import { inWords, sameTargets } from './weights';

/**
 * Writes the live rule with one call and reads it back until it holds what was written. Only for the holder of the lease.
 *
 * @param says of a rule that forwards to no slot: what users are told in an outage; undefined: what the rule did before any release
 * @throws UnknownWrite when the call may take effect yet
 * @throws Conflict when the rule holds something else all the same
 */
export async function writeAndVerify(ports: Ports, plan: EnvironmentPlan, wanted: RuleTargets, slots: EnvironmentState['slots'], says?: string): Promise<void> {
  try {
    if (wanted.kind === 'slots') await ports.liveRule.write(plan, wanted.weights);
    else await (says === undefined ? ports.liveRule.writeOriginal(plan) : ports.liveRule.writeOutage(plan, says));
  } catch (error) {
    if (error instanceof Conflict || error instanceof Refused) throw error;
    throw new UnknownWrite(`the live rule of ${plan.environment} may or may not have been written: ${(error as Error).message}`, { cause: error });
  }
  for (let reading = 1; ; reading++) {
    const actual = await ports.liveRule.read(plan);
    if (sameTargets(actual, wanted)) return;
    if (reading === RULE_READINGS) {
      throw new Conflict(`the live rule of ${plan.environment} was written as ${inWords(wanted, slots)}, and holds ${inWords(actual, slots)}`);
    }
    await ports.clock.sleep(RULE_READING_PAUSE_MS);
  }
}
