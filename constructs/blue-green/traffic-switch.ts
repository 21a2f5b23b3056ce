import { CustomResource, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import type { TrafficSwitchProperties } from '../../lambda/contract';
import { listOf, object, optional } from '../kinds/kind';
import { NUMBER, requireConstructed, STRING } from '../kinds/kinds';
import { acknowledgeWildcards } from '../private/acknowledge';
import { HandlerFunction } from '../private/handler-function';
import { claimPriority } from '../private/rule-claims';
import { rulesOf } from '../private/rules-of';
import { requireSome, requireWhole } from '../private/validate';

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
}

const PROPS = object<TrafficSwitchProps>({
  listenerArn: STRING,
  priority: NUMBER,
  path: STRING,
  environment: STRING,
  pathPatterns: optional(listOf(STRING)),
  hosts: optional(listOf(STRING)),
  currentlyServing: optional(STRING),
});

/**
 * The one rule of a listener that decides which version users get, made so that no deployment ever moves traffic.
 *
 * A custom resource owns the rule: creating it makes the rule, updating it sends no weights, its physical id never changes. So neither another
 * deployment nor a failed one that is rolled back touches the weights a release has set
 * (weights in a template do not survive: https://github.com/aws/aws-cdk/issues/36649). Removing it removes the rule, and the rules
 * that were there before serve again.
 *
 * @example
 * new TrafficSwitch(this, 'Switch', { listenerArn: listener.listenerArn, priority: 150, path: 'Payments', environment: 'Production' });
 */
export class TrafficSwitch extends Construct {
  /** ARN of the live rule: what `elasticloadbalancing:ModifyRule` moves traffic with. */
  readonly liveRuleArn: string;
  /** ARNs of the functions that own the rule: who may change them may change the rule. */
  readonly ownerArns: string[];

  constructor(scope: Construct, id: string, props: TrafficSwitchProps) {
    requireConstructed('TrafficSwitch', scope, id, props, PROPS);
    super(scope, id);
    this.validate(props);
    claimPriority(this, props.listenerArn, props.priority);
    const properties: TrafficSwitchProperties = {
      ListenerArn: props.listenerArn,
      Priority: String(props.priority),
      Path: props.path,
      Environment: props.environment,
      PathPatterns: props.pathPatterns,
      Hosts: props.hosts,
      CurrentlyServing: props.currentlyServing,
    };
    const owner = this.owner(props.listenerArn);
    const { serviceToken } = this.provider(owner);
    this.ownerArns = [owner.function.functionArn, serviceToken];
    const rule = new CustomResource(this, 'Rule', {
      resourceType: 'Custom::LiveRule',
      serviceToken,
      properties: { ...properties },
    });
    this.liveRuleArn = rule.getAttString('RuleArn');
  }

  private validate({ priority, pathPatterns, hosts }: TrafficSwitchProps): void {
    const where = this.node.path;
    requireWhole({ code: 'RulePriority', where, what: 'priority' }, priority, 1, 50_000);
    for (const [what, values] of Object.entries({ pathPatterns, hosts })) {
      if (values !== undefined) requireSome({ code: 'RuleConditions', where, what }, values, 'leave it out to take everything');
    }
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
    const conditions = (pathPatterns?.length ?? 1) + (hosts?.length ?? 0);
    requireWhole({ code: 'RuleConditions', where, what: 'the number of pathPatterns and hosts together' }, conditions, 1, 5);
  }

  private owner(listenerArn: string): HandlerFunction {
    const owner = new HandlerFunction(this, 'Owner', {
      handler: 'traffic-switch',
      description: 'Makes, places and removes a live rule',
      timeout: Duration.minutes(1),
    });
    const rules = rulesOf(listenerArn);
    const actions = (...names: string[]) => names.map((name) => `elasticloadbalancing:${name}`);
    owner.role.addToPolicy(new iam.PolicyStatement({ sid: 'Make', actions: actions('CreateRule'), resources: [listenerArn] }));
    owner.role.addToPolicy(
      new iam.PolicyStatement({ sid: 'Keep', actions: actions('AddTags', 'ModifyRule', 'SetRulePriorities', 'DeleteRule'), resources: [rules] }),
    );
    owner.role.addToPolicy(new iam.PolicyStatement({ sid: 'Read', actions: actions('DescribeRules', 'DescribeTags'), resources: ['*'] }));
    acknowledgeWildcards(owner.role, 'a rule is known by an id that is made up when it is made', rules);
    acknowledgeWildcards(owner.role, 'what describes load balancing knows no resources, nor does what writes traces; nothing else has this one', '*');
    return owner;
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
