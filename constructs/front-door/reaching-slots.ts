import type { CfnListenerRule } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HEADERS, type HiddenUrl } from '../../lambda/contract';
import type { Colour } from '../blue-green/colour';
import type { Environment } from '../environments/environment';
import { secretHeaderCondition } from '../environments/shadow-access';
import { PathNames } from '../private/names';
import { LIVE_RULE_OFFSET } from './entrance-rules';

/** A listener rule by which a slot is reached: its place among the rules, and what a request must have. */
export interface SlotListenerRule {
  readonly priority: number;
  readonly conditions: CfnListenerRule.RuleConditionProperty[];
}

/** The two permanent rules of a slot: one for the environment's own tests, one for people. */
export interface SlotListenerRules {
  readonly test: SlotListenerRule;
  readonly hidden: SlotListenerRule;
}

/** Priority of the live rule. */
export function liveRulePriority(environment: Environment): number {
  return environment.entrance._place.priority + LIVE_RULE_OFFSET;
}

/**
 * Conditions and priorities of a slot's rules. They depend on the colour only, so they stay when a release comes. On a listener that has other rules
 * they take no request that the live rule would not take: whoever else is served there is none of a slot's business. A host below the service's
 * own domain is the service's without that.
 */
export function slotListenerRules(path: string, environment: Environment, colour: Colour): SlotListenerRules {
  const names = new PathNames(path).environment(environment.name);
  const place = environment.colours.findIndex(({ name }) => name === colour.name);
  const first = environment.entrance._place.priority + 2 * place;
  const ours = ofThisService(environment);
  const host = hostOf(environment, colour);
  return {
    test: { priority: first, conditions: [...ours, bySlotHeader(colour), secretHeaderCondition(HEADERS.test, names.testSecret)] },
    hidden: {
      priority: first + 1,
      conditions: [...(host ? [host] : [...ours, bySlotHeader(colour)]), ...environment.shadowAccess._conditions(names.hiddenSecret(colour.name))],
    },
  };
}

/**
 * How a tester reaches a slot.
 *
 * @param url of the listener, for example `http://name.eu-west-2.elb.amazonaws.com`
 */
export function hiddenUrl(path: string, environment: Environment, colour: Colour, url: string): HiddenUrl {
  const names = new PathNames(path).environment(environment.name);
  const who = environment.shadowAccess._describe(names.hiddenSecret(colour.name));
  const { domainName, scheme } = environment.entrance._place;
  if (domainName === undefined) return { url, headers: { [HEADERS.slot]: colour.name }, ...who };
  return { url: `${scheme}://${colour.name}.${domainName}`, headers: {}, ...who };
}

/** How the environment's own tests reach a slot; also where people get in by a host name or a network. */
export function testUrl(path: string, environment: Environment, colour: Colour, url: string): HiddenUrl {
  const { testSecret } = new PathNames(path).environment(environment.name);
  return { url, headers: { [HEADERS.slot]: colour.name }, secretHeaders: { [HEADERS.test]: testSecret }, access: 'the tests of the environment' };
}

function bySlotHeader(colour: Colour): CfnListenerRule.RuleConditionProperty {
  return { field: 'http-header', httpHeaderConfig: { httpHeaderName: HEADERS.slot, values: [colour.name] } };
}

function hostOf(environment: Environment, colour: Colour): CfnListenerRule.RuleConditionProperty | undefined {
  const { domainName } = environment.entrance._place;
  return domainName === undefined ? undefined : { field: 'host-header', hostHeaderConfig: { values: [`${colour.name}.${domainName}`] } };
}

function ofThisService(environment: Environment): CfnListenerRule.RuleConditionProperty[] {
  const { hosts, pathPatterns } = environment.entrance._place;
  return [
    ...(hosts.length > 0 ? [{ field: 'host-header', hostHeaderConfig: { values: [...hosts] } }] : []),
    ...(pathPatterns.length > 0 ? [{ field: 'path-pattern', pathPatternConfig: { values: [...pathPatterns] } }] : []),
  ];
}
