import { LIVE_RULE_TAGS, RULE_READING_PAUSE_MS, RULE_READINGS } from '../../lambda/contract';
import { UserError } from '../user-error';
import type { RulesInPlace } from './find-rule';
import { type FoundRule, heldBy, isThere, outageText, ruleName, shortArn, type WayBack, wayBackOf } from './found-rule';
import type { LoadBalancing } from './load-balancing';

/** What was done to one rule. */
interface BrokenRule {
  /** `there`: it served nothing else already, and nothing was written. */
  readonly outcome: 'rolledBack' | 'there';
  readonly rule: string;
  /** In words: what it held, and what it holds. */
  readonly was: string;
  readonly now: string;
}

/** What was done, and what a `--json` prints. Part of the interface: fields are added, never renamed. */
export interface BrokenGlass extends BrokenRule {
  readonly environment: string;
  readonly region: string;
  /** Rules that are moved with the first one, where there are any. */
  readonly further?: readonly (BrokenRule & { readonly name: string })[];
}

interface Surroundings {
  readonly say: (line: string) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Gives the live rules of an environment back to what their own tags say was accepted last, in one call each, and reads them back. Neither the ledger nor a lease is asked: a hub that
 * is alive after all may write them again. One that cannot be written keeps none of the others from it.
 *
 * @throws UserError when the accepted target serves nobody, or a rule does not hold it afterwards
 */
export async function breakGlass(environment: string, { rules, elb, region }: RulesInPlace, surroundings: Surroundings): Promise<BrokenGlass> {
  const isAlone = rules.length === 1;
  const done: (BrokenRule & { readonly name: string })[] = [];
  const failed: UserError[] = [];
  for (const rule of rules) {
    const name = ruleName(rule);
    try {
      done.push({ name, ...(await breakOne(isAlone ? environment : `${environment}, ${name}`, rule, elb, surroundings)) });
    } catch (error) {
      if (isAlone || !(error instanceof UserError)) throw error;
      failed.push(error);
    }
  }
  const [error] = failed;
  if (error) throw notAll(error, failed, done);
  const [{ name: _first, ...first }, ...further] = done as [BrokenRule & { readonly name: string }, ...typeof done];
  const outcome = done.every((each) => each.outcome === 'there') ? 'there' : 'rolledBack';
  return { ...first, outcome, environment, region, ...(further.length > 0 && { further }) };
}

function notAll({ code }: UserError, failed: readonly UserError[], done: readonly { readonly name: string; readonly now: string }[]): UserError {
  const others = done.map(({ name, now }) => `${name} has its traffic on ${now}`).join(', ') || 'none of the others went back either';
  return new UserError(code, `not every live rule went back: ${failed.map(({ message }) => message).join('; ')}. ${others}`);
}

async function breakOne(what: string, rule: FoundRule, elb: LoadBalancing, { say, sleep }: Surroundings): Promise<BrokenRule> {
  const back = wayBackOf(rule);
  const was = heldBy(rule);
  say(`The live rule of ${what}: ${rule.ruleArn}`);
  say(`  path       ${rule.tags[LIVE_RULE_TAGS.path] ?? 'none, by its tags'}`);
  say(`  holds      ${was}`);
  say(`  goes back  to ${inWords(back)}`);
  if (outageText(rule) !== undefined) {
    say('  mind       this is a planned outage: what it goes back to may not understand the shared state any more; ptl status says, where the hub is alive');
  }
  const about = { rule: rule.ruleArn, was, now: inWords(back) };
  if (isThere(rule, back)) return { outcome: 'there', ...about };
  if (back.targetGroupArn !== undefined && (await elb.healthy(back.targetGroupArn)) === 0) {
    const message = `${back.words} has no healthy target in ${back.targetGroupArn}: traffic stays as it is (${was}). Repair that first; if it is served all the same, write the rule by hand with aws elbv2 modify-rule`;
    throw new UserError('Unhealthy', message);
  }
  await elb.modify(rule.ruleArn, back.action);
  for (let reading = 1; ; reading++) {
    const [read] = await elb.rules({ RuleArns: [rule.ruleArn] });
    if (read && isThere(read, back)) return { outcome: 'rolledBack', ...about };
    if (reading === RULE_READINGS) {
      throw new UserError(
        'NotVerified',
        `the live rule ${rule.ruleArn} was written as ${inWords(back)} and holds ${read ? heldBy(read) : 'nothing'}; somebody else writes it, too`,
      );
    }
    await sleep(RULE_READING_PAUSE_MS);
  }
}

function inWords({ words, targetGroupArn }: WayBack): string {
  return targetGroupArn === undefined ? words : `${words}, ${shortArn(targetGroupArn)}`;
}
