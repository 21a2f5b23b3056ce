import { AddTagsCommand, type ElasticLoadBalancingV2Client, ModifyRuleCommand, type Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type EnvironmentPlan, LIVE_RULE_TAGS, outageAction, weightsOf } from '../contract';
import type { AcceptedTags } from '../domain/doctor/look';
import type { FrontDoors, LiveRule, RuleHeld, RuleTargets } from '../domain/ports';
import { together } from '../domain/traffic/rules';
import type { ClientFor } from './client-for';
import { isElbError } from './elb-error';
import { liveRulesOf, rulesIn } from './live-rules-of';
import { forwardTo, originalAction } from './rule-action';
import { tagsOf } from './rule-tags';
import { asTheLedgerHasIt, type ServedBefore, swapped, swappedWeights } from './served-before';

/** The load balancer's own limits. */
const MAX_WEIGHT = 999;
const MAX_TARGET_GROUPS = 5;

/** The live rules of an Application Load Balancer, with the environment's operator role. */
export class AlbLiveRule implements LiveRule {
  /** Rule ARN -> what its tags say of how it began. Written when the rule is made and never changed. */
  private readonly beginnings = new Map<string, Beginning>();

  constructor(
    private readonly clientFor: ClientFor<ElasticLoadBalancingV2Client>,
    private readonly frontDoors: FrontDoors,
  ) {}

  async rules(plan: EnvironmentPlan): Promise<readonly string[]> {
    return rulesIn(await this.frontDoors.read(plan)).map(({ name }) => name);
  }

  async read(plan: EnvironmentPlan): Promise<RuleTargets> {
    const found = await liveRulesOf(this.clientFor(plan), this.frontDoors, plan);
    const ledger = found[0]?.original as string;
    return together(found.map(({ name, rule, original }) => [name, asTheLedgerHasIt(heldBy(rule), { ledger, rule: original })]));
  }

  async write(plan: EnvironmentPlan, rule: string, weights: Readonly<Record<string, number>>): Promise<void> {
    const { ruleArn, before } = await this.known(plan, rule);
    const own = swappedWeights(weights, before);
    const targets = Object.entries(own);
    if (targets.length === 0 || targets.length > MAX_TARGET_GROUPS) {
      throw new Error(`a rule forwards to 1-${MAX_TARGET_GROUPS} target groups, got: ${targets.length}`);
    }
    for (const [arn, weight] of targets) {
      if (!Number.isInteger(weight) || weight < 1 || weight > MAX_WEIGHT) {
        throw new Error(`the weight of ${arn} must be a whole number, 1-${MAX_WEIGHT}, got: ${JSON.stringify(weight)}`);
      }
    }
    const isShared = targets.length > 1;
    const stickySeconds = isShared ? (plan.stickySeconds ?? (await this.beginning(plan, ruleArn)).stickySeconds) : undefined;
    await this.modify(plan, ruleArn, forwardTo(own, stickySeconds));
  }

  async writeOriginal(plan: EnvironmentPlan, rule: string): Promise<void> {
    const { ruleArn } = await this.known(plan, rule);
    await this.modify(plan, ruleArn, originalAction((await this.beginning(plan, ruleArn)).original));
  }

  async writeOutage(plan: EnvironmentPlan, rule: string, says: string): Promise<void> {
    await this.modify(plan, (await this.known(plan, rule)).ruleArn, outageAction(says));
  }

  async tagAccepted(plan: EnvironmentPlan, { colour, version, targetGroupArn }: AcceptedTags): Promise<void> {
    const rules = await this.all(plan);
    for (const rule of rules) {
      try {
        await this.tag(plan, rule, colour, version, targetGroupArn);
      } catch (error) {
        // Of several, one that is not there needs none, the first one neither; that it is not there is for who reads the rules to say.
        if (rules.length === 1 || !isElbError(error, 'RuleNotFound')) throw error;
      }
    }
  }

  async accepted(plan: EnvironmentPlan): Promise<readonly (AcceptedTags | null)[]> {
    return Promise.all((await this.all(plan)).map((rule) => this.acceptedBy(plan, rule)));
  }

  private async acceptedBy(plan: EnvironmentPlan, { ruleArn, before }: KnownRule): Promise<AcceptedTags | null> {
    const tags = await tagsOf(this.clientFor(plan), ruleArn);
    const [colour, version, targetGroupArn] = [tags[LIVE_RULE_TAGS.acceptedColour], tags[LIVE_RULE_TAGS.acceptedVersion], tags[LIVE_RULE_TAGS.acceptedTarget]];
    return colour && version && targetGroupArn ? { colour, version, targetGroupArn: swapped(targetGroupArn, before) } : null;
  }

  private async tag(plan: EnvironmentPlan, { ruleArn, before }: KnownRule, colour: string, version: string, targetGroupArn: string): Promise<void> {
    const Tags = [
      { Key: LIVE_RULE_TAGS.acceptedColour, Value: colour },
      { Key: LIVE_RULE_TAGS.acceptedVersion, Value: version },
      { Key: LIVE_RULE_TAGS.acceptedTarget, Value: swapped(targetGroupArn, before) },
    ];
    await this.clientFor(plan).send(new AddTagsCommand({ ResourceArns: [ruleArn], Tags }));
  }

  private async modify(plan: EnvironmentPlan, ruleArn: string, action: ReturnType<typeof forwardTo>): Promise<void> {
    await this.clientFor(plan).send(new ModifyRuleCommand({ RuleArn: ruleArn, Actions: [action] }));
  }

  private async all(plan: EnvironmentPlan): Promise<readonly KnownRule[]> {
    const rules = rulesIn(await this.frontDoors.read(plan));
    const ledger = rules[0]?.original as string;
    return rules.map(({ name, ruleArn, original }) => ({ name, ruleArn, before: { ledger, rule: original } }));
  }

  private async known(plan: EnvironmentPlan, name: string): Promise<KnownRule> {
    const rule = (await this.all(plan)).find((each) => each.name === name);
    if (!rule) throw new Error(`the front door of ${plan.environment} has no live rule ${JSON.stringify(name)} any more; a deployment has taken it out`);
    return rule;
  }

  private async beginning(plan: EnvironmentPlan, ruleArn: string): Promise<Beginning> {
    const known = this.beginnings.get(ruleArn);
    if (known) return known;
    const { [LIVE_RULE_TAGS.original]: original, [LIVE_RULE_TAGS.stickySeconds]: sticky } = await tagsOf(this.clientFor(plan), ruleArn);
    if (!original) {
      throw new Error(
        `the live rule ${ruleArn} has no tag ${LIVE_RULE_TAGS.original}; put back the one its stack gave it: 503, or the target group that served before`,
      );
    }
    const beginning = { original, stickySeconds: sticky === undefined ? undefined : Number(sticky) };
    this.beginnings.set(ruleArn, beginning);
    return beginning;
  }
}

function heldBy(rule: Rule | undefined): RuleHeld {
  if (!rule) return { kind: 'gone' };
  const weights = weightsOf(rule.Actions ?? []);
  const [only, ...others] = Object.keys(weights);
  if (only === undefined) return { kind: 'other' };
  return { kind: 'slots', weights: others.length > 0 ? weights : { [only]: 100 } };
}

interface KnownRule {
  readonly name: string;
  readonly ruleArn: string;
  readonly before: ServedBefore;
}

interface Beginning {
  /** `503`, or the ARN of the target group that served before any release. */
  readonly original: string;
  /** How long a client stays with one of several target groups; undefined: it does not. */
  readonly stickySeconds: number | undefined;
}
