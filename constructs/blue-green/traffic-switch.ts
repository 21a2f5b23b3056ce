import { Aws, type CfnElement, CustomResource, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { type FurtherRule, LIVE_RULE_TAGS, type TrafficSwitchProperties } from '../../lambda/contract';
import { listOf, object, optional } from '../kinds/kind';
import { NUMBER, requireConstructed, STRING } from '../kinds/kinds';
import { acknowledgeWildcards } from '../private/acknowledge';
import { HandlerFunction } from '../private/handler-function';
import { claimPriority } from '../private/rule-claims';
import { rulesOf } from '../private/rules-of';
import { FURTHER_RULE, type FurtherRuleOptions, requireFurtherRules, requireRule } from './live-rules';

export interface TrafficSwitchProps {
  /** ARN of the listener of an Application Load Balancer. The live rule stays on it: another listener is refused at deployment. */
  readonly listenerArn: string;
  /** Place of the live rule among the listener's rules, 1-50,000; smaller numbers come first. */
  readonly priority: number;
  /** Id of the path to live; a tag of the rule. */
  readonly path: string;
  /** Name of the environment; a tag of the rule. */
  readonly environment: string;
  /**
   * Paths the rule takes; at most five together with `hosts`.
   *
   * @default ['/*'] - every path
   */
  readonly pathPatterns?: string[];
  /**
   * Host names the rule takes, for a listener that serves other applications too.
   *
   * @default - every host
   */
  readonly hosts?: string[];
  /**
   * ARN of the target group that serves users already: it goes on serving them at 100 percent, and is what the first release rolls back to. Read
   * when the rule is made, and never again.
   *
   * @default - the new rule answers 503, "no release is live yet"
   */
  readonly currentlyServing?: string;
  /**
   * Other rules of the same load balancer by which users reach the service, on this listener or another: moved with this one as one. Four at most.
   *
   * @default - none
   */
  readonly furtherRules?: FurtherRuleOptions[];
}

/** A further rule, as it was made. */
interface MadeRule {
  readonly name: string;
  readonly listenerArn: string;
  readonly resource: CustomResource;
}

/** Context that has a rule made anew which somebody removed: `cdk deploy -c live-rule-anew=<anything else than the last time>`. */
const LIVE_RULE_ANEW = 'live-rule-anew';

const PROPS = object<TrafficSwitchProps>({
  listenerArn: STRING,
  priority: NUMBER,
  path: STRING,
  environment: STRING,
  pathPatterns: optional(listOf(STRING)),
  hosts: optional(listOf(STRING)),
  currentlyServing: optional(STRING),
  furtherRules: optional(listOf(FURTHER_RULE)),
});

/**
 * The one rule of a listener that decides which version users get, made so that no deployment ever moves traffic.
 *
 * A custom resource owns the rule: creating it makes the rule, updating it sends no weights. Its physical id is the rule's ARN, which changes only where
 * the rule was gone and is made anew. So neither another deployment nor a failed one that is rolled back touches the weights a release has set
 * (weights in a template do not survive: https://github.com/aws/aws-cdk/issues/36649). Removing it removes the rule, and the rules
 * that were there before serve again; where somebody has removed the one that served, the live rule stays and serves what it did.
 *
 * A rule that somebody removed by hand is made anew by a deployment with another value of the context `live-rule-anew`, `cdk deploy -c live-rule-anew=1`; it does what it
 * did before any release, until `ptl recover`.
 *
 * What cannot be adopted fails the deployment and changes nothing: a target group that is not there, of another VPC or load balancer, or that no rule
 * behind this one forwards to; a priority that another rule has. Clients that stick to the adopted target group go on doing so while it shares traffic.
 *
 * A service that is reached by more than one rule, by two listeners or by more hosts and paths than a rule holds, has `furtherRules`: all forward to the same target groups, and
 * are written as one. Each with a `currentlyServing` of its own gets that back; one without begins by doing what the first rule does then.
 *
 * @example
 * new TrafficSwitch(this, 'Switch', { listenerArn: listener.listenerArn, priority: 150, path: 'Payments', environment: 'Production' });
 */
export class TrafficSwitch extends Construct {
  readonly listenerArn: string;
  /** ARN of the live rule: what `elasticloadbalancing:ModifyRule` moves traffic with. */
  readonly liveRuleArn: string;
  /** What the rule did before any release: `503`, or the ARN of the target group that served. */
  readonly original: string;
  /** ARNs of the rules that are moved with it. */
  readonly furtherRuleArns: string[];
  /** ARNs of the functions that own the rule: who may change them may change the rule. */
  readonly ownerArns: string[];
  /** @internal */
  readonly _furtherRules: readonly FurtherRule[];

  constructor(scope: Construct, id: string, props: TrafficSwitchProps) {
    requireConstructed('TrafficSwitch', scope, id, props, PROPS);
    super(scope, id);
    requireRule(this.node.path, props);
    if (props.furtherRules !== undefined) requireFurtherRules(this.node.path, props.furtherRules, props);
    this.listenerArn = props.listenerArn;
    claimPriority(this, props.listenerArn, props.priority);
    const properties: TrafficSwitchProperties = {
      ListenerArn: props.listenerArn,
      Priority: String(props.priority),
      Path: props.path,
      Environment: props.environment,
      PathPatterns: props.pathPatterns,
      Hosts: props.hosts,
      CurrentlyServing: props.currentlyServing,
      Anew: this.node.tryGetContext(LIVE_RULE_ANEW),
    };
    const owner = this.makeOwner();
    const { serviceToken } = this.provider(owner);
    this.ownerArns = [owner.function.functionArn, serviceToken];
    const rule = new CustomResource(this, 'Rule', {
      resourceType: 'Custom::LiveRule',
      serviceToken,
      properties: { ...properties },
    });
    this.liveRuleArn = rule.getAttString('RuleArn');
    this.original = rule.getAttString('Original');
    const further = (props.furtherRules ?? []).map((options) => this.makeFurther(options, props, serviceToken));
    this.furtherRuleArns = further.map(({ resource }) => resource.getAttString('RuleArn'));
    this._furtherRules = further.map(({ name, resource }) => ({
      name,
      ruleArn: resource.getAttString('RuleArn'),
      original: resource.getAttString('Original'),
    }));
    this.allow(owner, [...new Set([props.listenerArn, ...further.map(({ listenerArn }) => listenerArn)])], [rule, ...further.map(({ resource }) => resource)]);
  }

  private makeFurther({ name, listenerArn, priority, ...options }: FurtherRuleOptions, props: TrafficSwitchProps, serviceToken: string): MadeRule {
    const on = listenerArn ?? props.listenerArn;
    claimPriority(this, on, priority);
    const properties: TrafficSwitchProperties = {
      ListenerArn: on,
      Priority: String(priority),
      Path: props.path,
      Environment: props.environment,
      PathPatterns: options.pathPatterns,
      Hosts: options.hosts,
      CurrentlyServing: options.currentlyServing,
      Rule: name,
      Joins: this.liveRuleArn,
      Anew: this.node.tryGetContext(LIVE_RULE_ANEW),
    };
    const resource = new CustomResource(this, `${name}Rule`, { resourceType: 'Custom::LiveRule', serviceToken, properties: { ...properties } });
    return { name, listenerArn: on, resource };
  }

  private makeOwner(): HandlerFunction {
    return new HandlerFunction(this, 'Owner', {
      handler: 'traffic-switch',
      description: 'Makes, places and removes a live rule',
      timeout: Duration.minutes(1),
    });
  }

  /** It may make rules, and touch the one that bears its mark: on a listener there may be rules of others, and IAM sees to it that they stay theirs. */
  private allow({ role }: HandlerFunction, listenerArns: readonly string[], made: readonly CustomResource[]): void {
    const rules = listenerArns.map(rulesOf);
    const actions = (...names: string[]) => names.map((name) => `elasticloadbalancing:${name}`);
    const owners = made.map((rule) => `${Aws.STACK_ID} ${Stack.of(this).getLogicalId(rule.node.defaultChild as CfnElement)}`);
    const reading = ['Rules', 'Tags', 'Listeners', 'LoadBalancers', 'TargetGroups', 'TargetGroupAttributes'].map((what) => `Describe${what}`);
    for (const statement of [
      { sid: 'Make', actions: actions('CreateRule'), resources: [...listenerArns] },
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html
      { sid: 'Mark', actions: actions('AddTags'), resources: rules, conditions: { StringEquals: { 'elasticloadbalancing:CreateAction': 'CreateRule' } } },
      {
        sid: 'Keep',
        actions: actions('ModifyRule', 'SetRulePriorities', 'DeleteRule'),
        resources: rules,
        conditions: { StringEquals: { [`aws:ResourceTag/${LIVE_RULE_TAGS.owner}`]: owners.length === 1 ? owners[0] : owners } },
      },
      { sid: 'Read', actions: actions(...reading), resources: ['*'] },
    ]) {
      role.addToPolicy(new iam.PolicyStatement(statement));
    }
    acknowledgeWildcards(role, 'a rule is known by an id that is made up when it is made; the one that may be changed is told by its tag', ...rules);
    acknowledgeWildcards(role, 'what describes load balancing knows no resources, nor does what writes traces; nothing else has this one', '*');
  }

  private provider(owner: HandlerFunction): Provider {
    const provider = new Provider(this, 'Provider', {
      onEventHandler: owner.function,
      logGroup: new logs.LogGroup(this, 'ProviderLog', { retention: logs.RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.DESTROY }),
    });
    const reason = 'the CDK’s own provider, as it comes: it writes its log and calls the one function';
    Validations.of(provider).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason,
    });
    acknowledgeWildcards(provider, reason, `${owner.function.functionArn}:*`);
    return provider;
  }
}
