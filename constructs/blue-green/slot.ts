import { Aspects, Stack, Tags, Validations } from 'aws-cdk-lib';
import { CfnListenerRule } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { type SlotMigration, VERSION_PATTERN } from '../../lambda/contract';
import type { Environment } from '../environments/environment';
import { measuredBy } from '../environments/environment-rules';
import { type SlotListenerRule, slotListenerRules } from '../front-door/reaching-slots';
import { requireKind } from '../kinds/kind';
import type { Migration } from '../migrations/migration';
import { SlotMigrations } from '../migrations/slot-migrations';
import { type EnvironmentNames, PathNames, SLOT_TAGS } from '../private/names';
import { setPlace } from '../private/place';
import { claimPriority } from '../private/rule-claims';
import { requireMatch } from '../private/validate';
import type { SlotCapacity } from '../workloads/slot-capacity';
import { type IWorkload, WORKLOAD_CONFIG, type WorkloadConfig } from '../workloads/workload';
import type { Colour } from './colour';
import { warnOfConnectionsThatStay } from './open-connections';
import { SlotRoles } from './slot-roles';
import { inspectWithOthers } from './slots-of-stage';

export interface SlotProps {
  /** Id of the path to live, for example `Payments`. */
  readonly path: string;
  readonly environment: Environment;
  readonly colour: Colour;
  readonly workload: IWorkload;
  /** The release's version, or `unreleased`. */
  readonly version: string;
  /** @default - none */
  readonly migrations?: Migration[];
}

/**
 * @param where construct path
 * @throws PathToLiveError
 */
export function requireVersion(where: string, version: string): void {
  requireMatch(
    { code: 'ReleaseVersion', where, what: 'the version of the release' },
    version,
    VERSION_PATTERN,
    '1-40 letters, digits, ".", "_" and "-", starting with a letter or a digit, for example "1.4.2"',
  );
}

/** What a load balancer counts of every target that answers by itself. */
const ERRORS_ANSWERED = 'HTTPCode_Target_5XX_Count';

/**
 * A place for one version in an environment: the workload, the two listener rules by which it can always be reached, and the alarms that
 * watch it. It owns the whole stack it is in.
 *
 * Its rules never change with a release, and no template holds the weights of the live rule: whether users are served from here is
 * not a slot's business.
 */
export class Slot extends Construct {
  readonly targetGroupArn: string;
  /** Names of the alarms that watch it. */
  readonly alarmNames: string[];
  /** How much of it runs, where that can be set. */
  readonly capacity?: SlotCapacity;
  /** What its release brings for the shared state, in the order it runs. */
  readonly migrations: readonly SlotMigration[];

  constructor(scope: Construct, id: string, props: SlotProps) {
    super(scope, id);
    const { path, environment, colour, version } = props;
    const names = new PathNames(path).environment(environment.name);
    setPlace(Stack.of(this), { names, isSlot: true, offersNetwork: environment.entrance._place.offersNetwork });
    this.bound(names, colour);
    const listenerArn = this.parameter(names.listenerArnParameter);

    const workload = new Construct(this, 'Workload');
    const target = props.workload.bind(workload, {
      path,
      environment: environment.name,
      colour: colour.name,
      version,
      vpcId: this.parameter(names.vpcIdParameter),
      listenerArn,
    });
    requireKind(workload.node.path, 'what bind of the workload returned', target, WORKLOAD_CONFIG);
    this.targetGroupArn = target.targetGroupArn;
    this.capacity = target.capacity;

    this.migrations = new SlotMigrations(this, 'Migrations', {
      names,
      migrations: props.migrations ?? [],
      longestOutageSeconds: props.environment.plannedOutage?._bind().longestSeconds,
    }).all;

    const rules = slotListenerRules(path, environment, colour);
    // A listener that was there before may have other environments on it, of this path or of others in the app.
    const listener = environment.entrance._place.listenerArn ?? `${environment.account}/${environment.region}/${listenerArn}`;
    const own = [this.rule('TestRule', listenerArn, rules.test, listener), this.rule('HiddenRule', listenerArn, rules.hidden, listener)] as const;
    const [, hidden] = own;
    for (const behind of target.behindRules ?? []) behind.node.addDependency(hidden);

    this.alarmNames = this.watch(environment, names, target, { colour: colour.name, version });
    if (environment.colours[0]?.name === colour.name) {
      this.warnOfShortBakes(environment);
      this.warnOfMetricsOfEverySlot(environment);
      warnOfConnectionsThatStay(this, environment, target);
    }
    inspectWithOthers(this, { stack: Stack.of(this), environment: environment.name, colour: colour.name, own, targetGroupArn: this.targetGroupArn });
  }

  /** Limits what the slot's roles may do, and marks its resources so that the deploying role can be limited to them. */
  private bound(names: EnvironmentNames, colour: Colour): void {
    const stack = Stack.of(this);
    const boundaryArn = stack.formatArn({ service: 'iam', region: '', resource: 'policy', resourceName: names.slotBoundary });
    Aspects.of(stack).add(new SlotRoles(boundaryArn, names.slotRolePath));
    Tags.of(stack).add(SLOT_TAGS.path, names.path);
    Tags.of(stack).add(SLOT_TAGS.environment, names.environment);
    Tags.of(stack).add(SLOT_TAGS.colour, colour.name);
  }

  /** Read by CloudFormation at deployment: slots and front doors are in different assemblies, which cannot refer to each other. */
  private parameter(name: string): string {
    return `{{resolve:ssm:${name}}}`;
  }

  private rule(id: string, listenerArn: string, { priority, conditions }: SlotListenerRule, listener: string): CfnListenerRule {
    const rule = new CfnListenerRule(this, id, {
      listenerArn,
      priority,
      conditions,
      actions: [{ type: 'forward', targetGroupArn: this.targetGroupArn }],
    });
    claimPriority(rule, listener, priority);
    return rule;
  }

  private watch(
    environment: Environment,
    names: EnvironmentNames,
    target: WorkloadConfig,
    own: { readonly colour: string; readonly version: string },
  ): string[] {
    const scope = new Construct(this, 'Alarms');
    const watched = {
      ...own,
      targetGroupFullName: target.targetGroupFullName,
      loadBalancerFullName: this.parameter(names.loadBalancerFullNameParameter),
      errorMetrics: target.errorMetrics ?? [ERRORS_ANSWERED],
      alarmTopicArn: this.parameter(names.alarmTopicArnParameter),
    };
    return environment.healthGates.flatMap((gate) => gate._watch(scope, watched));
  }

  /** Once for an environment, in its first slot: the other version's errors are not this version's fault. */
  private warnOfMetricsOfEverySlot(environment: Environment): void {
    for (const { what, queries } of measuredBy(environment)) {
      if (queries.isOfSlot) continue;
      Validations.of(this).addWarning(
        'path-to-live:MetricOfEverySlot',
        `${what} in ${environment.name} names no slot in its dimensions: it measures the live version along with the new one; ` +
          'use SlotMetric, or its colour() or version() as the value of a dimension',
      );
    }
  }

  /** Once for an environment, in its first slot. */
  private warnOfShortBakes(environment: Environment): void {
    const window = Math.max(0, ...environment.healthGates.flatMap((gate) => gate._alarms()).map((alarm) => alarm._windowSeconds ?? 0));
    const short = environment.traffic._bind().find(({ bakeSeconds }) => bakeSeconds < window);
    if (short !== undefined && window > 0) {
      Validations.of(this).addWarning(
        'path-to-live:BakeShorterThanAlarm',
        `the bake time at ${short.percent} percent in ${environment.name} is ${short.bakeSeconds} s, but an alarm looks at ${window} s of traffic: ` +
          'it may fire when the release is long live; make the bake time at least as long',
      );
    }
  }
}
