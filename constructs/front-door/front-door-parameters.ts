import { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { FrontDoor, FurtherRule } from '../../lambda/contract';
import type { Environment } from '../environments/environment';
import { type EnvironmentNames, PathNames } from '../private/names';
import type { EntranceConfig } from './entrance-config';
import { hiddenUrl, testUrl } from './reaching-slots';
import type { OfferedNetwork } from './workload-subnets';

export interface FrontDoorParametersProps {
  readonly path: string;
  readonly environment: Environment;
  readonly entrance: EntranceConfig;
  readonly liveRuleArn: string;
  /** What the live rule did before any release. */
  readonly original: string;
  /** Rules that are moved with it. */
  readonly furtherRules: readonly FurtherRule[];
  readonly alarmTopicArn: string;
}

/**
 * What a front door tells the hub, as one parameter, and the slots, as one parameter a value: templates of slots are made in another assembly,
 * which cannot refer to this one.
 */
export class FrontDoorParameters extends Construct {
  constructor(scope: Construct, id: string, props: FrontDoorParametersProps) {
    super(scope, id);
    const { path, environment, entrance } = props;
    const names = new PathNames(path).environment(environment.name);
    const { loadBalancerArn, listenerArn, url } = entrance;
    const frontDoor: FrontDoor = {
      loadBalancerArn,
      listenerArn,
      liveRuleArn: props.liveRuleArn,
      original: props.original,
      ...(props.furtherRules.length > 0 && { furtherRules: props.furtherRules }),
      url,
      hiddenUrls: Object.fromEntries(environment.colours.map((colour) => [colour.name, hiddenUrl(path, environment, colour, url)])),
      testUrls: Object.fromEntries(environment.colours.map((colour) => [colour.name, testUrl(path, environment, colour, url)])),
    };
    new ssm.StringParameter(this, 'FrontDoor', {
      parameterName: names.frontDoorParameter,
      stringValue: Stack.of(this).toJsonString(frontDoor),
      // About 700 characters a colour, and half of that a further rule; the standard tier holds 4,096.
      tier: environment.colours.length + props.furtherRules.length / 2 > 3 ? ssm.ParameterTier.ADVANCED : ssm.ParameterTier.STANDARD,
    });
    this.parameter('ListenerArn', names.listenerArnParameter, listenerArn);
    this.parameter('VpcId', names.vpcIdParameter, entrance.vpcId);
    this.parameter('LoadBalancerFullName', names.loadBalancerFullNameParameter, entrance.loadBalancerFullName);
    this.parameter('AlarmTopicArn', names.alarmTopicArnParameter, props.alarmTopicArn);
    if (entrance.offered !== undefined) this.offer(names, entrance.offered);
  }

  /** For workloads that have addresses. */
  private offer(names: EnvironmentNames, { subnetIds, needsPublicAddresses, loadBalancerSecurityGroupId }: OfferedNetwork): void {
    this.parameter('LoadBalancerSecurityGroupId', names.loadBalancerSecurityGroupIdParameter, loadBalancerSecurityGroupId);
    this.parameter('PublicAddresses', names.publicAddressesParameter, needsPublicAddresses ? 'ENABLED' : 'DISABLED');
    new ssm.StringListParameter(this, 'SubnetIds', { parameterName: names.subnetIdsParameter, stringListValue: subnetIds });
  }

  private parameter(id: string, parameterName: string, stringValue: string): void {
    new ssm.StringParameter(this, id, { parameterName, stringValue });
  }
}
