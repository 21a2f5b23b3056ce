import { LIVE_RULE_TAGS, RULE_READING_PAUSE_MS, RULE_READINGS } from '../../lambda/contract';
import { UserError } from '../user-error';
import type { RuleInPlace } from './find-rule';
import { heldBy, isThere, outageText, shortArn, type WayBack, wayBackOf } from './found-rule';

/** What was done, and what a `--json` prints. Part of the interface: fields are added, never renamed. */
export interface BrokenGlass {
  /** `there`: it served nothing else already, and nothing was written. */
  readonly outcome: 'rolledBack' | 'there';
  readonly environment: string;
  readonly rule: string;
  readonly region: string;
  /** In words: what it held, and what it holds. */
  readonly was: string;
  readonly now: string;
}

/**
 * Gives a live rule back to what its own tags say was accepted last, in one call, and reads it back. Neither the ledger nor a lease is asked: a hub that
 * is alive after all may write it again.
 *
 * @throws UserError when the accepted target serves nobody, or the rule does not hold it afterwards
 */
export async function breakGlass(
  environment: string,
  { rule, elb, region }: RuleInPlace,
  { say, sleep }: { readonly say: (line: string) => void; readonly sleep: (milliseconds: number) => Promise<void> },
): Promise<BrokenGlass> {
  const back = wayBackOf(rule);
  const was = heldBy(rule);
  say(`The live rule of ${environment}: ${rule.ruleArn}`);
  say(`  path       ${rule.tags[LIVE_RULE_TAGS.path] ?? 'none, by its tags'}`);
  say(`  holds      ${was}`);
  say(`  goes back  to ${inWords(back)}`);
  if (outageText(rule) !== undefined) {
    say('  mind       this is a planned outage: what it goes back to may not understand the shared state any more; ptl status says, where the hub is alive');
  }
  const about = { environment, rule: rule.ruleArn, region, was, now: inWords(back) };
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
