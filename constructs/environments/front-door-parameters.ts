import { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { FrontDoor } from '../../lambda/contract';
import { PathNames } from '../private/names';
import type { Entrance } from './entrance';
import type { Environment } from './environment';
import type { OfferedNetwork } from './network';
import { hiddenUrl, testUrl } from './reaching-slots';

export interface FrontDoorParametersProps {
  readonly path: string;
  readonly environment: Environment;
  readonly entrance: Entrance;
  readonly network: OfferedNetwork;
  readonly liveRuleArn: string;
  readonly alarmTopicArn: string;
}

/**
 * What a front door tells the hub, as one parameter, and the slots, as one parameter a value: templates of slots are made in another assembly,
 * which cannot refer to this one.
 */
export class FrontDoorParameters extends Construct {
  constructor(scope: Construct, id: string, props: FrontDoorParametersProps) {
    super(scope, id);
    const { path, environment, entrance, network } = props;
    const names = new PathNames(path).environment(environment.name);
    const { loadBalancer, listener, url } = entrance;
    const frontDoor: FrontDoor = {
      loadBalancerArn: loadBalancer.loadBalancerArn,
      listenerArn: listener.listenerArn,
      liveRuleArn: props.liveRuleArn,
      url,
      hiddenUrls: Object.fromEntries(environment.colours.map((colour) => [colour.name, hiddenUrl(path, environment, colour, url)])),
      testUrls: Object.fromEntries(environment.colours.map((colour) => [colour.name, testUrl(path, environment, colour, url)])),
    };
    new ssm.StringParameter(this, 'FrontDoor', {
      parameterName: names.frontDoorParameter,
      stringValue: Stack.of(this).toJsonString(frontDoor),
      // About 700 characters a colour; the standard tier holds 4,096.
      tier: environment.colours.length > 3 ? ssm.ParameterTier.ADVANCED : ssm.ParameterTier.STANDARD,
    });
    this.parameter('ListenerArn', names.listenerArnParameter, listener.listenerArn);
    this.parameter('VpcId', names.vpcIdParameter, network.vpcId);
    this.parameter('LoadBalancerFullName', names.loadBalancerFullNameParameter, loadBalancer.loadBalancerFullName);
    this.parameter('AlarmTopicArn', names.alarmTopicArnParameter, props.alarmTopicArn);
    this.parameter('LoadBalancerSecurityGroupId', names.loadBalancerSecurityGroupIdParameter, entrance.securityGroupId);
    this.parameter('PublicAddresses', names.publicAddressesParameter, network.needsPublicAddresses ? 'ENABLED' : 'DISABLED');
    new ssm.StringListParameter(this, 'SubnetIds', { parameterName: names.subnetIdsParameter, stringListValue: network.subnetIds });
  }

  private parameter(id: string, parameterName: string, stringValue: string): void {
    new ssm.StringParameter(this, id, { parameterName, stringValue });
  }
}
