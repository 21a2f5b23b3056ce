import { CfnOutput, Fn, type RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TrafficSwitch } from '../constructs/blue-green/traffic-switch';
import { PathNames } from '../constructs/environments';
import { ENVIRONMENT, type Environment } from '../constructs/environments/environment';
import { AlarmTopic } from '../constructs/front-door/alarm-topic';
import { FrontDoorParameters } from '../constructs/front-door/front-door-parameters';
import { HiddenKeys } from '../constructs/front-door/hidden-keys';
import { Probe } from '../constructs/front-door/probe';
import { requireReachable } from '../constructs/front-door/reachable';
import { liveRulePriority } from '../constructs/front-door/reaching-slots';
import { object, optional } from '../constructs/kinds/kind';
import { REMOVAL_POLICY, requireConstructed, STRING } from '../constructs/kinds/kinds';
import { EnvironmentRoles } from '../constructs/roles/environment-roles';
import { HUB_PLACE, type HubPlace, requireHub } from '../constructs/roles/hub-place';
import { TryPolicy } from '../constructs/roles/try-policy';
import type { ISharedState } from '../constructs/shared-state';
import { SHARED_STATE } from '../constructs/shared-state/shared-state';
import { type IWorkload, WORKLOAD } from '../constructs/workloads/workload';
import { PathStack } from './path-stack';

export interface FrontDoorStackProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly environment: Environment;
  readonly hub: HubPlace;
  readonly workload: IWorkload;
  /**
   * State that its slots share: releases may then bring migrations for it.
   *
   * @default - none
   */
  readonly sharedState?: ISharedState;
  readonly removalPolicy: RemovalPolicy;
}

const PROPS = object<FrontDoorStackProps>({
  path: STRING,
  environment: ENVIRONMENT,
  hub: HUB_PLACE,
  workload: WORKLOAD,
  sharedState: optional(SHARED_STATE),
  removalPolicy: REMOVAL_POLICY,
});

/** Key of the template metadata that lists the safeties this environment does without, each with its reason; `[]`: it has them all. */
const OPT_OUTS_METADATA = 'path-to-live:opt-outs';

/**
 * What stays in an environment while releases come and go: where requests come in, the rule that decides which version they reach, the keys of
 * the hidden URLs, the probe, what alarms tell, and the roles by which the hub acts here. Its template says which safeties were switched off.
 */
export class FrontDoorStack extends PathStack {
  constructor(scope: Construct, id: string, props: FrontDoorStackProps) {
    requireConstructed('FrontDoorStack', scope, id, props, PROPS);
    requireHub(id, props.hub);
    const { path, environment, hub } = props;
    const { account, region } = environment;
    const names = new PathNames(path).environment(environment.name);
    super(scope, id, {
      stackName: names.frontDoorStack,
      env: { account, region },
      description: `Front door of ${environment.name} on the path to live ${path}`,
    });

    requireReachable(environment);
    const entrance = environment.entrance._bind(this, props.removalPolicy);
    const { listenerArn } = entrance;
    const { hosts, pathPatterns, currentlyServing, furtherRules } = environment.entrance._place;
    const { liveRuleArn, furtherRuleArns, original, ownerArns, _furtherRules } = new TrafficSwitch(this, 'TrafficSwitch', {
      listenerArn,
      priority: liveRulePriority(environment),
      path,
      environment: environment.name,
      hosts: hosts.length > 0 ? [...hosts] : undefined,
      pathPatterns: pathPatterns.length > 0 ? [...pathPatterns] : undefined,
      currentlyServing,
      furtherRules: furtherRules.length > 0 ? [...furtherRules] : undefined,
    });
    const keys = new HiddenKeys(this, 'Keys', { path, environment });
    new TryPolicy(this, 'Try', { path, environment, keys });
    const probe = new Probe(this, 'Probe', { functionName: names.probeFunction, url: entrance.url, place: environment.entrance._probe, testKey: keys.test });
    const { topic } = new AlarmTopic(this, 'Alarms', { path, environment, hub });
    new EnvironmentRoles(this, 'Roles', {
      path,
      environment,
      hubAccount: hub.account,
      workload: props.workload,
      listenerArn,
      liveRuleArns: [liveRuleArn, ...furtherRuleArns],
      probe: probe.function,
      functions: [probe.function.functionArn, ...ownerArns],
      keys: keys.all,
      sharedState: props.sharedState,
    });
    const known = { liveRuleArn, original, furtherRules: _furtherRules, alarmTopicArn: topic.topicArn };
    new FrontDoorParameters(this, 'Parameters', { path, environment, entrance, ...known });
    this.addMetadata(OPT_OUTS_METADATA, environment._optOuts());
    new CfnOutput(this, 'Url', { value: entrance.url, description: `Where users reach ${environment.name}` });
  }

  /** Two zones by their place in the region's list: which ones they are is settled at deployment, so that synth looks nothing up. */
  override get availabilityZones(): string[] {
    return [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()));
  }
}
