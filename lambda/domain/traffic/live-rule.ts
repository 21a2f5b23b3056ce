import { type EnvironmentPlan, RULE_READING_PAUSE_MS, RULE_READINGS } from '../../contract';
import { Conflict, Refused, Retry } from '../errors';
import type { EnvironmentState } from '../model';
import type { Ports, RuleHeld, RuleTargets } from '../ports';
import { UnknownWrite } from './lease';
import { heldBy } from './rules';
import { inWords, sameTargets } from './weights';

/** What the rules are to hold. `says`, of a rule that forwards to no slot: what users are told in an outage; undefined: what the rule did before any release. */
export interface ToHold {
  readonly targets: RuleHeld;
  readonly says?: string;
}

/** A rule that was not written, and why. */
interface Failed {
  readonly rule: string;
  readonly error: Error;
}

/**
 * Writes the live rules of the environment, with one call each, and reads them back until they hold what was written. Only for the holder of the lease.
 *
 * For whoever gives users back what was accepted: a rule that cannot be written keeps none of the others from it. Of several, those that hold it already are not written,
 * and those that are not there any more are left out.
 *
 * @param says of a rule that forwards to no slot: what users are told in an outage; undefined: what the rule did before any release
 * @returns how many were written
 * @throws UnknownWrite when a call may take effect yet
 * @throws Conflict when a rule was not written, or holds something else all the same; the others hold what was wanted
 */
export async function writeAndVerify(ports: Ports, plan: EnvironmentPlan, wanted: RuleHeld, slots: EnvironmentState['slots'], says?: string): Promise<number> {
  const rules = await ports.liveRule.rules(plan);
  if (rules.length > 1) return writeEach(ports, plan, rules, { targets: wanted, says }, slots);
  for (const rule of rules) await writeOne(ports, plan, rule, { targets: wanted, says });
  await verify(ports, plan, wanted, slots, rules);
  return rules.length;
}

async function writeEach(ports: Ports, plan: EnvironmentPlan, rules: readonly string[], wanted: ToHold, slots: EnvironmentState['slots']): Promise<number> {
  const held = await ports.liveRule.read(plan);
  const there = rules.filter((rule) => heldBy(held, rule)?.kind !== 'gone');
  const failed: Failed[] = [];
  const left = there.filter((rule) => !holds(held, rule, wanted.targets));
  for (const rule of left) await writeOne(ports, plan, rule, wanted, rule).catch((error: Error) => failed.push({ rule, error }));
  const well = there.filter((rule) => failed.every((each) => each.rule !== rule));
  await verify(ports, plan, wanted.targets, slots, well).catch((error: Error) => failed.push({ rule: well.join(', '), error }));
  if (failed.length > 0) throw notAll(plan, failed, `${well.join(' and ') || 'none'} of ${there.join(' and ')} was to hold ${inWords(wanted.targets, slots)}`);
  return left.length;
}

/**
 * The same for whoever gives users something new: all rules or none. Where one cannot be written, or does not hold what was written, all that have it are put back
 * to what they held before, the last one first.
 *
 * @param held what they hold now: all of them the same, or some as they are to be already, by an earlier try
 * @throws UnknownWrite when a call may take effect yet
 * @throws Conflict when a rule was not written, or holds something else all the same; says whether the others hold again what they did
 */
export async function moveTogether(
  ports: Ports,
  plan: EnvironmentPlan,
  { held, wanted, before, slots }: { readonly held: RuleTargets; readonly wanted: ToHold; readonly before: ToHold; readonly slots: EnvironmentState['slots'] },
): Promise<void> {
  const rules = await ports.liveRule.rules(plan);
  const isAlone = rules.length === 1;
  const touched = isAlone ? [] : rules.filter((rule) => holds(held, rule, wanted.targets));
  for (const rule of rules.filter((each) => !touched.includes(each))) {
    try {
      await writeOne(ports, plan, rule, wanted, isAlone ? undefined : rule);
    } catch (error) {
      if (isAlone) throw error;
      if (error instanceof UnknownWrite) touched.push(rule);
      throw await putBack(ports, plan, touched, before, slots, { rule, error: error as Error });
    }
    touched.push(rule);
  }
  try {
    await verify(ports, plan, wanted.targets, slots, rules);
  } catch (error) {
    if (isAlone || !(error instanceof Conflict)) throw error;
    throw await putBack(ports, plan, touched, before, slots, { rule: rules.join(', '), error });
  }
}

/** Where users are answered by the rule itself, its text may be another one. */
function holds(held: RuleTargets, rule: string, wanted: RuleHeld): boolean {
  const found = heldBy(held, rule);
  return found !== undefined && wanted.kind !== 'other' && sameTargets(found, wanted);
}

/** @param named the rule, where it is one of several */
async function writeOne({ liveRule }: Ports, plan: EnvironmentPlan, rule: string, { targets, says }: ToHold, named?: string): Promise<void> {
  try {
    if (targets.kind === 'slots') await liveRule.write(plan, rule, targets.weights);
    else await (says === undefined ? liveRule.writeOriginal(plan, rule) : liveRule.writeOutage(plan, rule, says));
  } catch (error) {
    if (error instanceof Conflict || error instanceof Refused) throw error;
    const what = named === undefined ? `the live rule of ${plan.environment}` : `the live rule ${named} of ${plan.environment}`;
    throw new UnknownWrite(`${what} may or may not have been written: ${(error as Error).message}`, { cause: error });
  }
}

/** @param rules what others hold is not asked */
async function verify(ports: Ports, plan: EnvironmentPlan, wanted: RuleHeld, slots: EnvironmentState['slots'], rules: readonly string[]): Promise<void> {
  if (rules.length === 0) return;
  for (let reading = 1; ; reading++) {
    const actual = await ports.liveRule.read(plan);
    if (rules.every((rule) => sameTargets(heldBy(actual, rule) ?? { kind: 'gone' }, wanted))) return;
    if (reading === RULE_READINGS) {
      throw new Conflict(`the live rule of ${plan.environment} was written as ${inWords(wanted, slots)}, and holds ${inWords(actual, slots)}`);
    }
    await ports.clock.sleep(RULE_READING_PAUSE_MS);
  }
}

async function putBack(
  ports: Ports,
  plan: EnvironmentPlan,
  touched: readonly string[],
  before: ToHold,
  slots: EnvironmentState['slots'],
  cause: Failed,
): Promise<Error> {
  const failed = [cause];
  for (const rule of [...touched].reverse()) {
    await writeOne(ports, plan, rule, before, rule).catch((error: Error) => failed.push({ rule, error }));
  }
  await verify(ports, plan, before.targets, slots, touched).catch((error: Error) => failed.push({ rule: touched.join(', '), error }));
  ports.log.error('live rules put back', { environment: plan.environment, expected: before.targets, failed: failed.map(({ rule }) => rule) });
  const [, ...left] = failed;
  return notAll(plan, failed, left.length === 0 ? `all of them hold ${inWords(before.targets, slots)} again` : 'not all of them could be put back');
}

/** Unknown as soon as one of them is: nobody may write before that is over. To be tried again as soon as one of them was only busy. */
function notAll({ environment }: EnvironmentPlan, failed: readonly Failed[], now: string): Error {
  const why = failed.map(({ rule, error }) => `${rule}: ${error.message}`).join('; ');
  const message = `the live rules of ${environment} are one, and not all of them could be written (${why}); ${now}`;
  const errors = failed.map(({ error }) => error);
  const unknown = errors.find((error) => error instanceof UnknownWrite);
  if (unknown) return new UnknownWrite(message, { cause: unknown });
  const isFinal = errors.every((error) => error instanceof Conflict || error instanceof Refused);
  return new (isFinal ? Conflict : Retry)(message, { cause: errors[0] });
}
