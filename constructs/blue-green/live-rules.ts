import { MAIN_RULE } from '../../lambda/contract';
import { listOf, object, optional } from '../kinds/kind';
import { NUMBER, STRING } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { arnOfListener } from '../private/listener-arn';
import { firstRepeated, isKnown, requireLiteral, requireMatch, requirePathPatterns, requireSome, requireWhole } from '../private/validate';

/** Another rule of the same load balancer by which users reach the service, moved with the first one as one. */
export interface FurtherRuleOptions {
  /** What messages call it, and part of construct ids: a capital letter, then letters and digits, 32 at most. Another name is another rule. */
  readonly name: string;
  /**
   * ARN of its listener, of the same load balancer.
   *
   * @default - the listener of the first rule
   */
  readonly listenerArn?: string;
  /** Its place among the listener's rules, 1-50,000; smaller numbers come first. */
  readonly priority: number;
  /**
   * Paths the rule takes; at most five together with `hosts`.
   *
   * @default ['/*'] - every path
   */
  readonly pathPatterns?: string[];
  /**
   * Host names the rule takes.
   *
   * @default - every host
   */
  readonly hosts?: string[];
  /**
   * ARN of the target group that serves users by it already: it goes on serving them, and gets them back. Only where the first rule has one, too: both then share their
   * users with a release by the same weights. Read when the rule is made, and never again.
   *
   * @default - the new rule does what the first one does
   */
  readonly currentlyServing?: string;
}

/** @internal */
export const FURTHER_RULE = object<FurtherRuleOptions>({
  name: STRING,
  listenerArn: optional(STRING),
  priority: NUMBER,
  pathPatterns: optional(listOf(STRING)),
  hosts: optional(listOf(STRING)),
  currentlyServing: optional(STRING),
});

/** Of further rules: each is a call to write and one to read, and all of them are made within the writer's minute. */
const MOST = 4;

/** What a live rule takes, wherever it is. */
export type RuleConditions = Pick<FurtherRuleOptions, 'priority' | 'pathPatterns' | 'hosts'>;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html: condition values per rule. */
const MOST_CONDITIONS = 5;

/**
 * @param rule name of a further one, for messages
 * @throws PathToLiveError
 */
export function requireRule(where: string, { priority, pathPatterns, hosts }: RuleConditions, rule?: string): void {
  const of = rule === undefined ? '' : ` of the rule ${JSON.stringify(rule)}`;
  requireWhole({ code: 'RulePriority', where, what: `priority${of}` }, priority, 1, 50_000);
  for (const [what, values] of Object.entries({ pathPatterns, hosts })) {
    if (values !== undefined) requireSome({ code: 'RuleConditions', where, what: `${what}${of}` }, values, 'leave it out to take everything');
  }
  requirePathPatterns('RuleConditions', where, pathPatterns ?? [], of);
  const [paths, names] = [pathPatterns?.length ?? 1, hosts?.length ?? 0];
  if (paths + names <= MOST_CONDITIONS) return;
  const own = pathPatterns === undefined ? `"/*", which is there without pathPatterns, and ${names} hosts` : `${paths} pathPatterns and ${names} hosts`;
  const problem = `there are ${paths + names} conditions${of}: ${own}; a rule of a load balancer has at most ${MOST_CONDITIONS}: take the others into a further rule, or use * in fewer of them`;
  throw new PathToLiveError('RuleConditions', where, problem);
}

/**
 * That further rules can be moved with the first one.
 *
 * @throws PathToLiveError
 */
export function requireFurtherRules(
  where: string,
  rules: readonly FurtherRuleOptions[],
  first: { readonly listenerArn: string; readonly currentlyServing?: string },
): void {
  const code = 'FurtherRules';
  requireSome({ code, where, what: 'furtherRules' }, rules, 'leave it out where the live rule is alone');
  if (rules.length > MOST) {
    const problem = `furtherRules has ${rules.length}, and all rules are written and read back within the minute that their writer has; give at most ${MOST}, or take several hosts and paths into one`;
    throw new PathToLiveError(code, where, problem);
  }
  for (const rule of rules) {
    requireName(where, rule.name);
    requireRule(where, rule, rule.name);
    requireSameLoadBalancer(where, rule, first.listenerArn);
    if (rule.currentlyServing !== undefined && first.currentlyServing === undefined) {
      const problem = `the rule ${JSON.stringify(rule.name)} has currentlyServing, and the first rule has none, which answers 503 until a release is live: a release would share the users of the one and not of the other; name what serves by the first rule, or leave it out of both`;
      throw new PathToLiveError(code, where, problem);
    }
  }
  const repeated = firstRepeated(rules.map(({ name }) => name));
  if (repeated !== undefined) throw new PathToLiveError(code, where, `two rules in furtherRules are named ${JSON.stringify(repeated)}; give each its own name`);
}

function requireName(where: string, name: string): void {
  const about = { code: 'FurtherRules', where, what: 'the name of a rule in furtherRules' };
  requireLiteral(about, name);
  requireMatch(about, name, /^[A-Z][A-Za-z0-9]{0,31}$/, 'a capital letter, then letters and digits, 32 at most, for example "Internal"');
  if (name === MAIN_RULE)
    throw new PathToLiveError('FurtherRules', where, `a rule in furtherRules is named ${JSON.stringify(name)}, as the first rule is; give it another name`);
}

/** The target groups of slots are attached to one load balancer. */
function requireSameLoadBalancer(where: string, { name, listenerArn }: FurtherRuleOptions, first: string): void {
  if (listenerArn === undefined || !isKnown(listenerArn)) return;
  const about = { code: 'FurtherRules', where, what: `listenerArn of the rule ${JSON.stringify(name)}` };
  const { pattern, shape } = arnOfListener();
  requireMatch(about, listenerArn, pattern, `the ARN of a listener of an Application Load Balancer, ${shape}`);
  if (!isKnown(first)) return;
  if (loadBalancerOf(listenerArn) === loadBalancerOf(first)) return;
  const problem = `the rule ${JSON.stringify(name)} is on ${listenerArn}, which is not of the load balancer of the first rule, ${first}; a target group can be behind one only: name a listener of that load balancer`;
  throw new PathToLiveError('FurtherRules', where, problem);
}

/** `…:listener/app/<name>/<id>/<listener>` without its end. */
function loadBalancerOf(listenerArn: string): string {
  return listenerArn.replace(/\/[^/]*$/, '');
}
